//! Gives tools and prompts the caller: add a parameter `Caller(caller): Caller`.

use axum::http::request::Parts;
use rmcp::{
    ErrorData,
    handler::server::common::{AsRequestContext, FromContextPart},
};

use crate::auth::Identity;

/// The verified caller of the current request.
pub struct Caller(pub Identity);

impl<C: AsRequestContext> FromContextPart<C> for Caller {
    /// Fails only if the MCP service is mounted without `auth.protect(…)`, and then it must.
    fn from_context_part(context: &mut C) -> Result<Self, ErrorData> {
        let parts = context.as_request_context().extensions.get::<Parts>();
        match parts.and_then(|parts| parts.extensions.get::<Identity>()) {
            Some(identity) => Ok(Self(identity.clone())),
            None => Err(ErrorData::internal_error(
                "the MCP service is not protected",
                None,
            )),
        }
    }
}
