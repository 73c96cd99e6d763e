//! Authentication of this server: who may call it, and what for. It is an authorization server of its own, in front
//! of GitHub (MCP 2026-07-28 "Authorization", OAuth 2.1, RFC 9728).
//!
//! | file | its one idea |
//! | --- | --- |
//! | `scope_table.rs` | **yours to edit**: which tool needs which scopes |
//! | `scope_words.rs` | **yours to edit**: what people read about a scope before they approve |
//! | `guard.rs` | the order of the checks; [`Auth`], which puts them in front of the MCP service |
//! | `settings.rs`, `env.rs` | configuration, read once, all problems reported together |
//! | `shared.rs` | one [`Auth`] for the whole process |
//! | `bearer.rs` | finds the token of a request |
//! | `body.rs` | reads the body of a request, within bounds |
//! | `oauth.rs` | the authorization server: logins, consent, tokens; it has a map of its own |
//! | `github.rs` | the provider that logs people in, and who of them may use this server |
//! | `claims.rs` | what a token says, and whether that is good enough |
//! | `token_cache.rs` | remembers verified tokens for a short time |
//! | `identity.rs` | who calls: [`Identity`] |
//! | `message.rs`, `scopes.rs` | what a request asks for, and whether the caller may |
//! | `listing.rs` | leaves out of lists what the caller may not use |
//! | `origins.rs` | which web pages may call: `Origin` check and CORS |
//! | `sessions.rs` | binds sessions of older clients to their caller |
//! | `refusal.rs` | the one way to say 401 and 403 |
//! | `metadata.rs` | tells clients where to get tokens |
//! | `client.rs`, `fetch.rs` | calls to other servers, bounded in time and size |

mod bearer;
mod body;
mod claims;
mod client;
mod env;
mod fetch;
mod github;
mod guard;
mod identity;
mod listing;
mod message;
mod metadata;
mod oauth;
mod origins;
mod refusal;
mod scope_table;
mod scope_words;
mod scopes;
mod sessions;
mod settings;
mod shared;
#[cfg(test)]
pub mod tests;
mod token_cache;

pub use env::Env;
pub use guard::Auth;
pub use oauth::caller::Identity;

use github::GitHub as Provider;
use oauth::Oauth as Verifier;
use settings::Settings;

/// What the rest of the server may use, so that nothing of it is dead code where it is not used yet. `guard.rs` names
/// this, which counts as a use.
const INTERFACE: () = {
    use identity::Identity as Caller;

    _ = (
        Auth::allowed_hosts,
        Auth::from_env_or_exit,
        Env::parse::<u16>,
    );
    _ = Identity::upstream_token;
    _ = (
        Caller::subject,
        Caller::client_id,
        Caller::scopes,
        Caller::name,
        Caller::email,
        Caller::claim,
    );
};
