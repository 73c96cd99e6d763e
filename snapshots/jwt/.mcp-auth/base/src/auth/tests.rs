//! The tests of this folder, named as sentences. `app` is a protected service in miniature, `harness`
//! knows how to get a token, `issuer` publishes keys; the other files try to get in.

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
mod origins;
mod scopes;
mod sessions;
mod settings;
mod targets;
