//! Notes, strictly.
#![deny(warnings)]
#![warn(missing_debug_implementations)]

#[allow(unreachable_pub)]
mod auth;
pub mod http;
pub mod notes;
