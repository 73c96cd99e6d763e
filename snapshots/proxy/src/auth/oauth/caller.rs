//! Who is calling, with a way to the provider's token for that person: only tools that ask for it have it.

use std::{fmt, ops::Deref};

use super::{Oauth, access_token::GRANT, grants::Gone};
use crate::auth::{env::Secret, identity};

/// The caller that a verified token stands for.
#[derive(Clone)]
pub struct Identity {
    pub(super) caller: identity::Identity,
    pub(super) oauth: Oauth,
}

impl Identity {
    /// The provider's access token for the caller, good for another minute at least where the provider says how long
    /// it lives; renewed if need be. For a tool that calls the provider in the caller's name. Give it to nobody else.
    ///
    /// # Errors
    /// What to tell the caller: `Ended` if only a new login gives such a token, `Unavailable` if it may come later.
    pub async fn upstream_token(&self) -> Result<Secret, Gone> {
        let grant = self.caller.claim(GRANT).and_then(|id| id.as_str());
        let grants = &self.oauth.grants;
        grants.upstream_token(grant.unwrap_or_default()).await
    }
}

impl Deref for Identity {
    type Target = identity::Identity;

    fn deref(&self) -> &identity::Identity {
        &self.caller
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.caller.fmt(f)
    }
}
