//! Notes, strictly.
#![deny(warnings)]
#![warn(missing_debug_implementations)]

mod auth;
pub mod http;
pub mod notes;
