//! The tests of this folder, named as sentences. `app` is a protected service in miniature, `harness`
//! knows how to get a token, `issuer` publishes keys; the other files try to get in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should stop"
)]

pub mod app;
mod bearer;
mod bounds;
pub mod harness;
mod issuer;
mod jwks;
mod jwt;
mod jwt_claims;
mod jwt_settings;
mod metadata;
mod mounts;
mod origins;
pub mod rules;
mod scopes;
mod sessions;
mod settings;
mod targets;
