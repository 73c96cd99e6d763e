//! What the upstream says about a person: the verified `id_token`, completed by the userinfo endpoint or by
//! introspection. Also reads claims, at any depth.

use reqwest::{StatusCode, Url};
use serde_json::{Map, Value};

use super::{Oidc, endpoints::Endpoints};
use crate::auth::oauth::upstream::{
    Tokens, Trouble,
    answer::{Reply, object, send},
};

/// What is known about a person.
pub type Claims = Map<String, Value>;

/// Claims about a token instead of a person.
const ABOUT_TOKENS: [&str; 13] = [
    "active", "aud", "at_hash", "azp", "c_hash", "exp", "iat", "iss", "jti", "nbf", "nonce",
    "s_hash", "sid",
];

impl Oidc {
    /// Everything the upstream says about the person whose tokens these are.
    pub(super) async fn claims(
        &self,
        endpoints: &Endpoints,
        tokens: &Tokens,
    ) -> Result<Claims, Trouble> {
        let said = match (&endpoints.userinfo, &endpoints.introspection) {
            (Some(_), _) if tokens.is_elsewhere => Map::new(),
            (Some(address), _) => object(&self.userinfo(address, tokens).await?)?,
            (None, Some(_)) => self.introspect(endpoints, tokens).await?,
            // Then the token itself is all there is, and whether it was withdrawn cannot be told.
            (None, None) => Map::new(),
        };
        merged(&tokens.id_claims, said, endpoints.userinfo.is_some())
    }

    /// The same with the tokens of a login that has just ended. An upstream that was asked for scopes of another service
    /// may give an access token for that one alone (as Entra does), which userinfo does not take: then the verified
    /// `id_token` is enough, and the login is confirmed by refreshing. Without an end of the access token it never
    /// would be, so then it is not enough.
    pub(super) async fn claims_at_login(
        &self,
        endpoints: &Endpoints,
        tokens: &mut Tokens,
    ) -> Result<Claims, Trouble> {
        let is_known = !tokens.id_claims.is_empty() && tokens.expires_at.is_some();
        let (Some(address), true) = (&endpoints.userinfo, is_known) else {
            return self.claims(endpoints, tokens).await;
        };
        let reply = self.userinfo(address, tokens).await?;
        if reply.status() != StatusCode::UNAUTHORIZED {
            return merged(&tokens.id_claims, object(&reply)?, true);
        }
        tracing::warn!(
            "userinfo does not take the access token; is it for another service, by AUTH_UPSTREAM_SCOPES? The id_token \
             alone says who it is"
        );
        tokens.is_elsewhere = true;
        merged(&tokens.id_claims, Map::new(), true)
    }

    async fn userinfo(&self, address: &Url, tokens: &Tokens) -> Result<Reply, Trouble> {
        let question = self.registration.http.get(address.clone());
        let question = question
            .bearer_auth(&tokens.access_token)
            .header("accept", "application/json");
        send(question).await
    }

    /// RFC 7662.
    async fn introspect(&self, endpoints: &Endpoints, tokens: &Tokens) -> Result<Claims, Trouble> {
        let Some(address) = &endpoints.introspection else {
            return Ok(Map::new());
        };
        let form = [
            ("token", tokens.access_token.as_str()),
            ("token_type_hint", "access_token"),
        ];
        let question = self.registration.post(address, self.auth(endpoints), &form);
        let answer = match object(&send(question).await?) {
            // Here it is this server that is not let in.
            Err(Trouble::Refused(_)) => {
                let why = "the introspection endpoint does not accept AUTH_CLIENT_ID";
                return Err(Trouble::Broken(why.to_owned()));
            }
            answer => answer?,
        };
        if answer.get("active") != Some(&Value::Bool(true)) {
            return Err(Trouble::Refused("the token is not active".to_owned()));
        }
        Ok(answer)
    }
}

/// The claims of the `id_token`, and over them what was said later, if it is about the same person
/// (OpenID Connect Core section 5.3.2).
///
/// # Errors
/// `Broken` if it is not.
pub fn merged(id_claims: &Claims, said: Claims, must_say_who: bool) -> Result<Claims, Trouble> {
    if let Some(subject) = id_claims.get("sub") {
        let is_same = match said.get("sub") {
            Some(said) => said == subject,
            None => said.is_empty() || !must_say_who,
        };
        if !is_same {
            return Err(Trouble::Broken(
                "userinfo is about another person".to_owned(),
            ));
        }
    }
    let mut claims = id_claims.clone();
    // One address being verified says nothing about another.
    if said.contains_key("email") && said.get("email") != claims.get("email") {
        claims.remove("email_verified");
    }
    claims.extend(said);
    claims.retain(|name, _| !ABOUT_TOKENS.contains(&name.as_str()));
    Ok(claims)
}

/// A claim that is text, and not empty.
pub fn text(claims: &Claims, name: &str) -> Option<String> {
    let text = claims.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// The address of a person, unless the upstream says that it is not verified.
pub fn email(claims: &Claims) -> Option<String> {
    match claims.get("email_verified") {
        None | Some(Value::Bool(true)) => text(claims, "email"),
        Some(_) => None,
    }
}
