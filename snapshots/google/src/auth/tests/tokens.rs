//! Tokens without a login, for the tests that are not about logging in: a grant is put into the store that the
//! servers of the tests share.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::Map;

use crate::auth::{
    Env, Provider,
    oauth::{
        access_token::AccessTokens,
        authorize::AuthorizationRequest,
        clients::Origin,
        grants::{Grant, LIFETIME},
        secrets::{Keys, random},
        settings::OauthSettings,
        store::{Kind, Store},
        upstream::{Profile, Tokens},
    },
};

/// The signing key of the tests: base64 of 32 bytes.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// The settings that make a server accept these tokens. All servers of a test share a store; each test has a clock of
/// its own, and so a store of its own.
pub fn settings() -> Vec<(String, String)> {
    let store = format!("memory:{:?}", std::thread::current().id());
    let settings = [("AUTH_SIGNING_KEY", KEY), ("STORE_URL", &store)];
    settings
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

/// A good token for a person with this id at the provider.
pub fn token(id: &str, scopes: &str) -> String {
    let profile = Profile {
        id: id.to_owned(),
        login: None,
        name: None,
        email: None,
        claims: Map::new(),
    };
    of(profile, scopes)
}

/// A good token for this person.
pub fn of(profile: Profile, scopes: &str) -> String {
    let (settings, keys, store) = parts();
    let grant = Grant::new(
        &request(scopes),
        profile,
        Tokens {
            access_token: "upstream".to_owned(),
            refresh_token: None,
            expires_at: None,
            id_claims: Map::new(),
            is_elsewhere: false,
        },
    );
    let id = random().unwrap();
    let inserted = store.insert(Kind::Grant, &id, &grant, LIFETIME);
    assert!(inserted.now_or_never().unwrap().unwrap());
    let tokens = AccessTokens::new(&settings, &keys).unwrap();
    tokens.issue(&id, &grant, scopes).unwrap()
}

/// The keys of the servers of the tests.
pub fn keys() -> Arc<Keys> {
    parts().1
}

/// The store that all of them share.
pub fn store() -> Store {
    parts().2
}

/// How this server calls that person.
pub fn subject(id: &str) -> String {
    format!("{}|{id}", Provider::NAME)
}

fn parts() -> (OauthSettings, Arc<Keys>, Store) {
    let mut parts = None;
    let read = |env: &mut Env| {
        let resource = "https://mcp.example.com/mcp";
        let (settings, keys) = (
            OauthSettings::read(env, resource)?,
            Keys::read(env, "https://mcp.example.com")?,
        );
        let store = Store::read(env, keys.clone())?;
        parts = Some((settings, keys, store));
        Some(())
    };
    Env::of(settings()).read(read).unwrap();
    parts.unwrap()
}

fn request(scopes: &str) -> AuthorizationRequest {
    AuthorizationRequest {
        id: String::new(),
        until: 0,
        client_id: "test-client".to_owned(),
        client_name: "test client".to_owned(),
        client_origin: Origin::Registered,
        redirect_uri: "http://127.0.0.1/callback".to_owned(),
        state: None,
        challenge: String::new(),
        scopes: scopes.to_owned(),
    }
}
