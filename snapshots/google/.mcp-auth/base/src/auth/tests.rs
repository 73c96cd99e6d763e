//! The tests of this folder, named as sentences. `app` is a protected service in miniature, `harness` knows the
//! settings of this option, `login` is a client and a browser; the other files try to get in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should stop"
)]

mod access_tokens;
mod addresses;
pub mod app;
mod as_metadata;
mod authorize;
mod authorize_redirects;
mod authorize_values;
mod bearer;
mod bounds;
mod callback;
mod cimd;
mod cimd_login;
mod client_ids;
mod client_secrets;
mod clients_file;
mod clock;
mod codes;
mod consent;
mod consent_form;
mod dev_provider;
mod fake_upstream;
mod forged_tokens;
mod google;
pub mod harness;
mod lifetimes;
mod limits;
mod log;
mod login;
mod metadata;
mod mounts;
mod oidc;
mod oidc_login;
mod operations;
mod origins;
mod page;
mod provider;
mod real_clients;
mod redirects;
mod refresh;
mod register;
mod renewals;
#[cfg(feature = "redis")]
mod replicas;
mod revocation;
pub mod rules;
mod scopes;
mod secrets;
mod sessions;
mod settings;
mod store;
mod store_disk;
#[cfg(feature = "redis")]
mod store_redis;
mod targets;
mod token;
mod token_endpoint;
mod tokens;
mod trial;
mod upstream;
mod upstream_login;
mod upstream_refresh;
mod upstream_token;
