//! The tests of this folder, named as sentences. `app` is a protected service in miniature, `harness` knows the
//! settings of this option, `login` is a client and a browser; the other files try to get in.

mod addresses;
pub mod app;
mod authorize;
mod bearer;
mod bounds;
mod cimd;
mod consent;
mod dev_provider;
mod github;
pub mod harness;
mod log;
mod login;
mod metadata;
mod origins;
mod page;
mod provider;
mod redirects;
mod scopes;
mod sessions;
mod settings;
mod store;
#[cfg(feature = "redis")]
mod store_redis;
mod targets;
mod token;
mod tokens;
mod upstream;
mod upstream_login;
mod upstream_refresh;
