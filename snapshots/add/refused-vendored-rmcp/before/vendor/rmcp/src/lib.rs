//! Changed for us.
