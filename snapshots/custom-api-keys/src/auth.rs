//! Authentication of this server: who may call it, and what for. `custom.rs`, which is yours to change,
//! decides whom a token stands for (MCP 2026-07-28 "Authorization", RFC 6750, RFC 9728).
//!
//! | file | its one idea |
//! | --- | --- |
//! | `custom.rs` | **yours to edit**: from a token to a caller; here API keys |
//! | `scope_table.rs` | **yours to edit**: which tool needs which scopes |
//! | `guard.rs` | the order of the checks; [`Auth`], which puts them in front of the MCP service |
//! | `settings.rs`, `env.rs` | configuration, read once, all problems reported together |
//! | `shared.rs` | one [`Auth`] for the whole process |
//! | `bearer.rs` | finds the token of a request |
//! | `body.rs` | reads the body of a request, within bounds |
//! | `identity.rs` | who calls: [`Identity`] |
//! | `message.rs`, `scopes.rs` | what a request asks for, and whether the caller may |
//! | `listing.rs` | leaves out of lists what the caller may not use |
//! | `origins.rs` | which web pages may call: `Origin` check and CORS |
//! | `sessions.rs` | binds sessions of older clients to their caller |
//! | `refusal.rs` | the one way to say 401 and 403 |
//! | `metadata.rs` | tells clients what this server expects |
//! | `client.rs` | the HTTP client, for verification that asks another service |

mod bearer;
mod body;
mod client;
mod custom;
mod env;
mod guard;
mod identity;
mod listing;
mod message;
mod metadata;
mod origins;
mod refusal;
mod scope_table;
mod scopes;
mod sessions;
mod settings;
mod shared;
#[cfg(test)]
pub mod tests;

pub use env::Env;
pub use guard::Auth;
pub use identity::Identity;

use custom::Custom as Verifier;
use settings::Settings;

/// What the rest of the server may use, so that nothing of it is dead code where it is not used yet. `guard.rs` names
/// this, which counts as a use.
const INTERFACE: () = {
    _ = (
        Auth::allowed_hosts,
        Auth::from_env_or_exit,
        Env::parse::<u16>,
    );
    _ = (
        Identity::subject,
        Identity::client_id,
        Identity::scopes,
        Identity::name,
        Identity::email,
        Identity::claim,
    );
};
