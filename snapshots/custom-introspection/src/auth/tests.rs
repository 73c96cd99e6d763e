//! The tests of this folder, named as sentences. `app` is a protected service in miniature, `harness`
//! knows how to get a token; the other files try to get in.

pub mod app;
mod bearer;
mod bounds;
mod custom;
pub mod harness;
mod metadata;
mod origins;
mod scopes;
mod sessions;
mod settings;
mod targets;
