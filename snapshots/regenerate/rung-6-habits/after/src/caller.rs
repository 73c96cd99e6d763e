//! Gives tools and prompts the caller: add a parameter `Caller(caller): Caller`.<CR>
<CR>
use axum::http::request::Parts;<CR>
use rmcp::{<CR>
    ErrorData,<CR>
    handler::server::common::{AsRequestContext, FromContextPart},<CR>
};<CR>
<CR>
use crate::auth::Identity;<CR>
<CR>
/// Who has called, verified.<CR>
pub struct Caller(pub Identity);<CR>
<CR>
impl<C: AsRequestContext> FromContextPart<C> for Caller {<CR>
    /// Fails only if the MCP service is mounted without `auth.protect(…)`, and then it must.<CR>
    fn from_context_part(context: &mut C) -> Result<Self, ErrorData> {<CR>
        let parts = context.as_request_context().extensions.get::<Parts>();<CR>
        match parts.and_then(|parts| parts.extensions.get::<Identity>()) {<CR>
            Some(identity) => Ok(Self(identity.clone())),<CR>
            None => Err(ErrorData::internal_error(<CR>
                "the MCP service is not protected",<CR>
                None,<CR>
            )),<CR>
        }<CR>
    }<CR>
}<CR>
