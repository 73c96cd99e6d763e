//! An OpenID Connect provider in miniature, at which alice logs in. It says what the test wants.

use std::{
    net::Ipv4Addr,
    sync::{Arc, LazyLock, Mutex},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::{
    Router,
    body::Bytes,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::auth::{oauth::upstream::Trouble, token_cache::now};

/// The nonce of every login here.
pub const NONCE: &str = "nonce";

/// The provider's key, and one that it does not publish.
static KEY: LazyLock<EncodingKey> = LazyLock::new(new_key);
static OTHER_KEY: LazyLock<EncodingKey> = LazyLock::new(new_key);

fn new_key() -> EncodingKey {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref())
}

/// Clones share their state.
#[derive(Clone, Default)]
pub struct FakeUpstream(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    url: String,
    answers: Vec<(String, u16, Value)>,
    asked: Vec<(String, String)>,
    id_claims: Value,
    is_forged: bool,
    is_endless: bool,
}

impl FakeUpstream {
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let upstream = Self::default();
        upstream.0.lock().unwrap().url = format!("http://{}", listener.local_addr().unwrap());
        let (url, answers) = (upstream.url(), upstream.clone());
        upstream.say("/.well-known/openid-configuration", 200, metadata(&url));
        let mut jwk =
            serde_json::to_value(Jwk::from_encoding_key(&KEY, Algorithm::ES256).unwrap()).unwrap();
        jwk["kid"] = json!("one");
        upstream.say("/keys", 200, json!({ "keys": [jwk] }));
        upstream.say(
            "/userinfo",
            200,
            json!({ "sub": "alice-1", "name": "Alice" }),
        );
        upstream.say("/revoke", 200, json!({}));
        upstream.identify(|_| {});
        let app = Router::new().fallback(move |uri: Uri, body: Bytes| {
            let answer = answers.answer(uri.path(), &String::from_utf8_lossy(&body));
            async { answer }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        upstream
    }

    pub fn url(&self) -> String {
        self.0.lock().unwrap().url.clone()
    }

    /// From now on this path answers so.
    pub fn say(&self, path: &str, status: u16, body: Value) {
        let mut inner = self.0.lock().unwrap();
        inner.answers.insert(0, (path.to_owned(), status, body));
    }

    /// The claims of the next identity token: good ones, changed by the test.
    pub fn identify(&self, change: impl FnOnce(&mut Value)) {
        let mut claims = json!({
            "iss": self.url(), "aud": "our-id", "sub": "alice-1", "nonce": NONCE, "iat": now(), "exp": now() + 600,
            "email": "alice@example.com", "email_verified": true,
        });
        change(&mut claims);
        self.0.lock().unwrap().id_claims = claims;
    }

    /// Identity tokens are signed with a key that is not published.
    pub fn forge(&self) {
        self.0.lock().unwrap().is_forged = true;
    }

    /// Nothing is said about the end of access tokens.
    pub fn grant_without_end(&self) {
        self.0.lock().unwrap().is_endless = true;
    }

    /// The forms sent to a path.
    pub fn asked(&self, path: &str) -> Vec<String> {
        let inner = self.0.lock().unwrap();
        let asked = inner.asked.iter().filter(|(asked, _)| asked == path);
        asked.map(|(_, form)| form.clone()).collect()
    }

    fn answer(&self, path: &str, form: &str) -> Response {
        let mut inner = self.0.lock().unwrap();
        inner.asked.push((path.to_owned(), form.to_owned()));
        let said = inner.answers.iter().find(|(said, ..)| said == path);
        match said {
            Some((_, status, body)) => {
                (StatusCode::from_u16(*status).unwrap(), body.to_string()).into_response()
            }
            None if path == "/token" => {
                let key = if inner.is_forged { &OTHER_KEY } else { &KEY };
                let mut header = Header::new(Algorithm::ES256);
                header.kid = Some("one".to_owned());
                let mut granted = json!({
                    "access_token": "at", "refresh_token": "rt", "token_type": "Bearer", "expires_in": 300,
                });
                if inner.is_endless {
                    granted["expires_in"] = Value::Null;
                }
                if !inner.id_claims.is_null() {
                    granted["id_token"] = json!(encode(&header, &inner.id_claims, key).unwrap());
                }
                granted.to_string().into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
}

fn metadata(url: &str) -> Value {
    json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "revocation_endpoint": format!("{url}/revoke"),
        "jwks_uri": format!("{url}/keys"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
    })
}

/// The name of the trouble; its text shows no token.
pub fn assert_trouble<T>(answer: Result<T, Trouble>, expected: &str) {
    let Err(trouble) = answer else {
        panic!("it worked instead of {expected}");
    };
    let shown = format!("{trouble:?}");
    assert!(shown.starts_with(expected), "{expected}: {shown}");
    assert!(!shown.contains("eyJ"), "{shown}");
}
