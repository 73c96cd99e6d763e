//! What an issuer publishes about itself: its metadata and its keys. Whoever verifies a signature of
//! another server starts here.

pub mod discovery;
pub mod jwks;
pub mod keys;
