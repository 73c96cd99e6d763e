//! Notes, strictly.
#![deny(warnings)]
#![warn(missing_debug_implementations)]

pub mod http;
pub mod notes;
