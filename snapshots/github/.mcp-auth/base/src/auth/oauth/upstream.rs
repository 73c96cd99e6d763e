//! The upstream: the provider that logs people in for this server. What all providers share: their words
//! for tokens, people and trouble. `upstream/registration.rs` speaks OAuth with it, `upstream/answer.rs` listens.

pub mod answer;
pub mod registration;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::auth::Env;

/// What a browser takes along to the upstream: this server's own `state`, PKCE challenge (S256) and nonce.
pub struct Login<'a> {
    pub state: &'a str,
    pub challenge: &'a str,
    pub nonce: &'a str,
}

/// The upstream's tokens for one person. They stay on this server.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: Option<String>,
    /// When the access token expires, in Unix seconds; `None` if that is not said.
    pub expires_at: Option<u64>,
    /// What the last verified `id_token` said, for providers that have them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub id_claims: Map<String, Value>,
    /// The access token is for another service than the one that says who people are: `id_claims` are all there is.
    #[serde(default)]
    pub is_elsewhere: bool,
}

/// A person, as the upstream knows them.
#[derive(Clone, Serialize, Deserialize)]
pub struct Profile {
    /// Unique at the upstream, and never given to somebody else.
    pub id: String,
    /// A name to log in with. It may change hands.
    pub login: Option<String>,
    pub name: Option<String>,
    /// An address that is not known to be unverified.
    pub email: Option<String>,
    /// Whatever else the upstream says about them.
    pub claims: Map<String, Value>,
}

impl Profile {
    /// What the person recognises as their account.
    pub fn account(&self) -> &str {
        [&self.login, &self.email, &self.name]
            .into_iter()
            .find_map(Option::as_deref)
            .unwrap_or(&self.id)
    }

    /// Makes sure that this is still the person of an earlier login.
    ///
    /// # Errors
    /// `Refused` if it is somebody else.
    pub fn ensure_same(&self, earlier: &Self) -> Result<(), Trouble> {
        if self.id == earlier.id {
            return Ok(());
        }
        Err(Trouble::Refused("the token is another person's".to_owned()))
    }
}

/// New tokens, and whether what came with them is all right. They are to be kept in any case: the old ones may be spent.
pub type Refreshed = (Tokens, Result<(), Trouble>);

/// Why the upstream could not be used. The texts are for the log: they hold no token and no secret.
#[derive(Debug)]
pub enum Trouble {
    /// It says no: the code or the token is no good. The person has to log in again.
    Refused(String),
    /// The person is who they say, but the access policy does not let them in.
    Forbidden {
        /// Which account that was.
        account: String,
    },
    /// It does not answer now. Nothing is known, and nothing has changed.
    Unavailable(String),
    /// Its answer makes no sense, or it does not accept this server.
    Broken(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "the upstream refuses: {why}"),
            Self::Forbidden { account } => {
                write!(f, "the access policy does not let {account:?} in")
            }
            Self::Unavailable(why) => write!(f, "the upstream is out of order: {why}"),
            Self::Broken(why) => write!(f, "the upstream makes no sense: {why}"),
        }
    }
}

/// Whether everybody who can log in may come in: `ALLOW_ANY_USER`. Without it there must be a policy, which is
/// what the `choices` set; `None` after recording a problem.
pub fn any_user(env: &mut Env, has_policy: bool, choices: &[(&str, &str)]) -> Option<bool> {
    let any = env.parse("ALLOW_ANY_USER", false, "true")?;
    let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
    match (has_policy, any) {
        (true, true) => env.problem(format!(
            "ALLOW_ANY_USER=true lets everybody in, and {} only some; keep one of them",
            names.join(" or ")
        )),
        (false, false) => {
            let examples: Vec<_> = choices
                .iter()
                .map(|(name, example)| format!("{name}={example}"))
                .collect();
            env.problem(format!(
                "nothing says who may log in; set {}, or let everybody in with ALLOW_ANY_USER=true",
                examples.join(" or ")
            ));
        }
        _ => return Some(any),
    }
    None
}
