//! What ties a login to one browser: signed cookies and the token of the consent form
//! (RFC 9700 section 4.7). Keeps nothing; looks at headers only.

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

use super::{
    authorize::LOGIN_SECONDS,
    secrets::{Keys, Purpose, random, sha256},
};

/// The browser behind a request, as known by the cookie of the consent page.
pub struct Browser(String);

impl Browser {
    /// The browser that sent these headers, if it holds a cookie that this server signed.
    pub fn of(headers: &HeaderMap, keys: &Keys, is_https: bool) -> Option<Self> {
        let value = cookie(headers, &name("consent", is_https))?;
        let (id, proof) = value.split_once('.')?;
        keys.proves(Purpose::Browser, &["browser", id], proof)
            .then(|| Self(id.to_owned()))
    }

    /// A browser not seen before.
    pub fn new() -> Option<Self> {
        random().map(Self)
    }

    /// The `Set-Cookie` that makes the browser known.
    pub fn cookie(&self, keys: &Keys, is_https: bool) -> Option<HeaderValue> {
        let proof = keys.proof(Purpose::Browser, &["browser", &self.0])?;
        let value = format!("{}.{proof}", self.0);
        set(name("consent", is_https), value, is_https)
    }

    /// A token for one rendering of the form about this request.
    pub fn token(&self, keys: &Keys, request: &str) -> Option<String> {
        let nonce = random()?;
        let proof = keys.proof(Purpose::Browser, &["form", &self.0, request, &nonce])?;
        Some(format!("{nonce}.{proof}"))
    }

    /// Whether a form was made for this browser and this request.
    pub fn made(&self, keys: &Keys, request: &str, token: &str) -> bool {
        token.split_once('.').is_some_and(|(nonce, proof)| {
            keys.proves(Purpose::Browser, &["form", &self.0, request, nonce], proof)
        })
    }
}

/// The `Set-Cookie` that binds a login to the browser which approved it.
pub fn bind(keys: &Keys, state: &str, is_https: bool) -> Option<HeaderValue> {
    let proof = keys.proof(Purpose::Browser, &["login", state])?;
    set(login_name(state, is_https), proof, is_https)
}

/// Whether these headers come from the browser which approved the login with this `state`.
pub fn is_bound(headers: &HeaderMap, keys: &Keys, state: &str, is_https: bool) -> bool {
    cookie(headers, &login_name(state, is_https))
        .is_some_and(|proof| keys.proves(Purpose::Browser, &["login", state], &proof))
}

/// The `Set-Cookie` that ends the binding.
pub fn unbind(state: &str, is_https: bool) -> Option<HeaderValue> {
    let mut ended = made(login_name(state, is_https), String::new(), is_https);
    ended.set_max_age(Duration::ZERO);
    HeaderValue::try_from(ended.to_string()).ok()
}

/// Whether a form can have been sent by a page of another site. Our pages send no referrer, and
/// then browsers write `Origin: null`.
pub fn is_cross_site(headers: &HeaderMap, own: &str) -> bool {
    let is = |name: &str, good: &[&str]| {
        let mut values = headers.get_all(name).iter();
        values.all(|value| value.to_str().is_ok_and(|value| good.contains(&value)))
    };
    !is("sec-fetch-site", &["same-origin"]) || !is("origin", &[own, "null"])
}

/// Logins in several tabs do not disturb each other: each has a cookie of its own.
fn login_name(state: &str, is_https: bool) -> String {
    let [a, b, c, d, e, f, ..] = sha256(state.as_bytes());
    let suffix = format!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}");
    name(&format!("login-{suffix}"), is_https)
}

/// `__Host-` keeps other hosts of the domain from setting the cookie; browsers want TLS for it.
fn name(purpose: &str, is_https: bool) -> String {
    let prefix = if is_https { "__Host-" } else { "" };
    format!("{prefix}mcp-{purpose}")
}

fn set(name: String, value: String, is_https: bool) -> Option<HeaderValue> {
    HeaderValue::try_from(made(name, value, is_https).to_string()).ok()
}

fn made(name: String, value: String, is_https: bool) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(is_https)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(LOGIN_SECONDS.cast_signed()))
        .build()
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .flatten()
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}
