//! What the shared tests need to know of this option: a GitHub in miniature where alice is logged in, settings that
//! point at it, and tokens that are good under them.

use std::{collections::HashMap, net::Ipv4Addr};

use axum::{
    Form, Json, Router,
    extract::Query,
    http::StatusCode,
    response::Redirect,
    routing::{any, get, post},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::tokens;
use crate::auth::oauth::secrets::random;

pub use super::tokens::{subject, token};

/// Settings under which `token` makes good tokens.
pub async fn settings() -> Vec<(String, String)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, github()).await });
    let own = [
        ("AUTH_CLIENT_ID", "dev-client"),
        ("AUTH_CLIENT_SECRET", "dev-secret"),
        ("GITHUB_URL", &base),
        ("GITHUB_API_URL", &base),
        ("GITHUB_ALLOWED_USERS", "alice"),
    ];
    let mut settings = tokens::settings();
    settings.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    settings
}

fn github() -> Router {
    let alice = json!({ "id": 1, "login": "alice", "name": "Alice" });
    let token = json!({ "app": { "client_id": "dev-client" }, "user": alice });
    let emails = json!([{ "email": "alice@example.com", "primary": true, "verified": true }]);
    let application = post(async move || Json(token)).delete(async || StatusCode::NO_CONTENT);
    Router::new()
        .route("/login/oauth/authorize", get(authorize))
        .route("/login/oauth/access_token", post(access_token))
        .route("/applications/dev-client/token", application)
        .route(
            "/applications/dev-client/grant",
            any(async || StatusCode::NO_CONTENT),
        )
        .route("/user", get(async move || Json(alice)))
        .route("/user/emails", get(async move || Json(emails)))
}

async fn authorize(Query(query): Query<HashMap<String, String>>) -> Redirect {
    let (back, state) = (&query["redirect_uri"], &query["state"]);
    Redirect::to(&format!("{back}?code={}&state={state}", random().unwrap()))
}

async fn access_token(Form(form): Form<HashMap<String, String>>) -> Json<Value> {
    assert_eq!(form["client_secret"], "dev-secret");
    assert!(form.contains_key("code_verifier"));
    let token = format!("gho_{}", random().unwrap());
    Json(json!({ "access_token": token, "token_type": "bearer", "scope": "user:email" }))
}
