//! Authentication of this server: who may call it, and what for. It verifies JSON Web Tokens that an
//! authorization server issued (MCP 2026-07-28 "Authorization", RFC 6750, RFC 9068, RFC 9728).
//!
//! | file | its one idea |
//! | --- | --- |
//! | `scope_table.rs` | **yours to edit**: which tool needs which scopes |
//! | `guard.rs` | the order of the checks; [`Auth`], which puts them in front of the MCP service |
//! | `settings.rs`, `env.rs` | configuration, read once, all problems reported together |
//! | `shared.rs` | one [`Auth`] for the whole process |
//! | `bearer.rs` | finds the token of a request |
//! | `body.rs` | reads the body of a request, within bounds |
//! | `jwt.rs` | verifies a token: signature, then claims |
//! | `jwt/settings.rs` | which issuer, audience, algorithms and keys |
//! | `published/keys.rs` | which key fits which token, and whether the signature is right |
//! | `published/discovery.rs` | finds where the issuer publishes its keys |
//! | `published/jwks.rs` | fetches the issuer's keys, keeps them fresh, survives its outages |
//! | `claims.rs` | what a token says, and whether that is good enough |
//! | `token_cache.rs` | remembers verified tokens for a short time |
//! | `identity.rs` | who calls: [`Identity`] |
//! | `message.rs`, `scopes.rs` | what a request asks for, and whether the caller may |
//! | `listing.rs` | leaves out of lists what the caller may not use |
//! | `origins.rs` | which web pages may call: `Origin` check and CORS |
//! | `sessions.rs` | binds sessions of older clients to their caller |
//! | `refusal.rs` | the one way to say 401 and 403 |
//! | `metadata.rs` | tells clients where to get tokens |
//! | `client.rs`, `fetch.rs`, `json.rs` | calls to other servers, bounded in time and size |

mod bearer;
mod body;
mod claims;
mod client;
mod env;
mod fetch;
mod guard;
mod identity;
mod json;
mod jwt;
mod listing;
mod message;
mod metadata;
mod origins;
mod published;
mod refusal;
mod scope_table;
mod scopes;
mod sessions;
mod settings;
mod shared;
#[cfg(test)]
pub mod tests;
mod token_cache;

pub use env::Env;
pub use guard::Auth;
pub use identity::Identity;

use jwt::Jwt as Verifier;
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
