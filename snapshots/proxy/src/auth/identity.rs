//! Who is calling. The rest of the server reads this; only verification makes it.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value};

use super::scopes::Scopes;

/// The caller that a verified token stands for.
#[derive(Clone)]
pub struct Identity(Arc<Fields>);

/// What a verifier knows about a caller.
pub(super) struct Fields {
    /// Who issued the token: an issuer URL, or a fixed word where there is none.
    pub issuer: String,
    /// The person or machine, unique and stable within the issuer (`sub`).
    pub subject: String,
    /// The OAuth client that the token was issued to, where known.
    pub client_id: Option<String>,
    /// What the token allows.
    pub scopes: Scopes,
    /// All claims of the token, or what introspection said.
    pub claims: Map<String, Value>,
}

impl From<Fields> for Identity {
    fn from(fields: Fields) -> Self {
        Self(Arc::new(fields))
    }
}

impl Identity {
    /// The person or machine, unique and stable within its issuer.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The OAuth client that the token was issued to, where known.
    pub fn client_id(&self) -> Option<&str> {
        self.0.client_id.as_deref()
    }

    /// What the token allows.
    pub fn scopes(&self) -> &Scopes {
        &self.0.scopes
    }

    /// A name to show, where the token has one.
    pub fn name(&self) -> Option<&str> {
        self.text("name")
            .or_else(|| self.text("preferred_username"))
    }

    /// An e-mail address, where the token has one. Check `email_verified` before trusting it.
    pub fn email(&self) -> Option<&str> {
        self.text("email")
    }

    /// Any other claim of the token.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.0.claims.get(name)
    }

    /// What a session is bound to: the same for all tokens of one caller through one client.
    pub(super) fn principal(&self) -> [&str; 3] {
        [
            &self.0.issuer,
            &self.0.subject,
            self.client_id().unwrap_or_default(),
        ]
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.claim(claim)?.as_str()
    }
}

/// Claims can be personal: logs show who, not what is known about them.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("subject", &self.0.subject)
            .field("client_id", &self.0.client_id)
            .field("scopes", &self.0.scopes)
            .finish_non_exhaustive()
    }
}

/// Why a token was not accepted. The texts are for the log: they name no token and no secret.
#[derive(Debug)]
pub enum Denied {
    /// The token is bad, and another one is needed: 401.
    Invalid(String),
    /// Nobody can tell now, because something this server depends on is out of order: 503.
    Unavailable(String),
}

impl Denied {
    /// A bad token, with the reason for the log.
    pub fn invalid(why: impl Into<String>) -> Self {
        Self::Invalid(why.into())
    }
}
