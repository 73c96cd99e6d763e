//! Questions to GitHub's REST API, in a person's name or in the app's own.
//! Facts are from docs.github.com/rest; none of the answers is judged here by the access policy.

use reqwest::{Method, RequestBuilder, StatusCode, Url, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::{GitHub, Member};
use crate::auth::oauth::upstream::{
    Tokens, Trouble,
    answer::{Reply, object, send, status_of},
    registration::Registration,
};

impl GitHub {
    /// Whose token it is, if it was issued to this very app: `POST /applications/{client_id}/token`
    /// (docs.github.com/rest/apps/oauth-applications "Check a token"; OAuth apps and GitHub Apps), which does not count
    /// as an API request of the person. A token that is not good, or another app's, is 404.
    pub(super) async fn owner(&self, tokens: &Tokens) -> Result<Map<String, Value>, Trouble> {
        let reply = send(self.application_token(Method::POST, tokens)).await?;
        let refused = |why: &str| Err(Trouble::Refused(why.to_owned()));
        let answer = match reply.status() {
            StatusCode::OK => object(&reply)?,
            StatusCode::NOT_FOUND => {
                return refused("GitHub does not know the token as one of this app");
            }
            // "The endpoint has been spammed", as the documentation has it: nothing is known about the token.
            status @ StatusCode::UNPROCESSABLE_ENTITY => {
                return Err(Trouble::Unavailable(status_of(
                    "checking the token",
                    status,
                )));
            }
            status => {
                let what = "checking the token (are AUTH_CLIENT_ID and AUTH_CLIENT_SECRET right?)";
                return Err(Trouble::Broken(status_of(what, status)));
            }
        };
        let app = answer.get("app").and_then(|app| app.get("client_id"));
        if app.and_then(Value::as_str) != Some(&self.registration.client_id) {
            return refused("the token is another app's");
        }
        match answer.get("user") {
            Some(Value::Object(user)) => Ok(user.clone()),
            _ => refused("the token is nobody's"),
        }
    }

    /// The primary address, if GitHub has verified it: `GET /user/emails`, for which the person or the app's
    /// permissions may have to give their consent.
    pub(super) async fn email(&self, tokens: &Tokens) -> Result<Option<String>, Trouble> {
        let reply = self.get(tokens, &["user", "emails"]).await?;
        if reply.status() != StatusCode::OK {
            return Ok(None);
        }
        let addresses: Vec<Value> = serde_json::from_slice(reply.body())
            .map_err(|_| Trouble::Broken("the e-mail addresses are not a list".to_owned()))?;
        let is = |address: &Value, what: &str| address.get(what) == Some(&Value::Bool(true));
        let primary = addresses
            .iter()
            .find(|address| is(address, "primary") && is(address, "verified"));
        Ok(primary
            .and_then(|address| address.get("email")?.as_str())
            .map(str::to_owned))
    }

    /// Whether the person belongs to an organization or team, and has accepted the invitation to it.
    pub(super) async fn is_member(
        &self,
        tokens: &Tokens,
        of: &Member,
        login: &str,
    ) -> Result<bool, Trouble> {
        let reply = match of {
            // docs.github.com/rest/orgs/members "Get an organization membership for the authenticated user".
            Member::Org(org) => {
                self.get(tokens, &["user", "memberships", "orgs", org])
                    .await?
            }
            // docs.github.com/rest/teams/members "Get team membership for a user": child teams count too.
            Member::Team { org, slug } => {
                self.get(tokens, &["orgs", org, "teams", slug, "memberships", login])
                    .await?
            }
        };
        match reply.status() {
            StatusCode::OK => Ok(object(&reply)?.get("state") == Some(&json!("active"))),
            StatusCode::NOT_FOUND => Ok(false),
            StatusCode::FORBIDDEN => Err(Trouble::Broken(format!(
                "GitHub does not say who is a member of {of}; is this app approved there, with the scope read:org \
                 or the permission Members?"
            ))),
            StatusCode::UNAUTHORIZED => {
                Err(Trouble::Refused("the token is not accepted".to_owned()))
            }
            status => Err(Trouble::Broken(status_of(
                "asking for a membership",
                status,
            ))),
        }
    }

    /// A question to the REST API in the person's name.
    pub(super) async fn get(&self, tokens: &Tokens, path: &[&str]) -> Result<Reply, Trouble> {
        let request = self
            .api_request(Method::GET, path)
            .bearer_auth(&tokens.access_token);
        let reply = send(request).await?;
        if is_limited(&reply) {
            return Err(Trouble::Unavailable(
                "the rate limit of GitHub's API".to_owned(),
            ));
        }
        Ok(reply)
    }

    /// A request about a token in the app's own name (HTTP Basic).
    pub(super) fn application_token(&self, method: Method, tokens: &Tokens) -> RequestBuilder {
        let Registration {
            client_id, secret, ..
        } = &self.registration;
        self.api_request(method, &["applications", client_id, "token"])
            .basic_auth(client_id, secret.as_ref().map(|secret| secret.reveal()))
            .header(CONTENT_TYPE, "application/json")
            .body(json!({ "access_token": tokens.access_token }).to_string())
    }

    fn api_request(&self, method: Method, path: &[&str]) -> RequestBuilder {
        self.registration
            .http
            .request(method, below(&self.api, path))
            .header("accept", "application/vnd.github+json")
            // Supported until March 2028 at least, and the one that every Enterprise Server of today knows.
            .header("x-github-api-version", "2022-11-28")
    }
}

/// Whether a limit is exhausted (docs.github.com "Rate limits for the REST API"): 429, which is trouble anyway, or
/// 403. For the secondary limits the text of the answer may be all that tells it from a missing permission.
fn is_limited(reply: &Reply) -> bool {
    let is_said = || {
        String::from_utf8_lossy(reply.body())
            .to_ascii_lowercase()
            .contains("rate limit")
    };
    let headers = reply.headers();
    let is_used_up = || {
        headers
            .get("x-ratelimit-remaining")
            .is_some_and(|left| left == "0")
    };
    reply.status() == StatusCode::FORBIDDEN
        && (headers.contains_key("retry-after") || is_used_up() || is_said())
}

/// An address below another; the parts cannot leave it.
pub fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}
