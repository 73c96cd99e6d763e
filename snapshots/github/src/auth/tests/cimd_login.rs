//! Logins of clients that publish a document in place of registering: from the document's address to tokens.

use std::net::Ipv4Addr;

use axum::{
    Json, Router,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::net::TcpListener;

use super::{
    app::{Answer, App},
    login::{Browser, Client, REDIRECT, authorize, post_form},
};
use crate::auth::oauth::secrets::random;

const ID: &str = "https://client.example/oauth/client.json";

/// A server that gets every document from a site on loopback.
async fn start() -> App {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(document)).await });
    App::with(&[("TEST_DOCUMENTS_FROM", &site)]).await
}

async fn document(uri: Uri) -> Response {
    let id = match uri.path() {
        "/down" => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        "/gone" => return StatusCode::NOT_FOUND.into_response(),
        "/other" => ID.to_owned(),
        path => format!("https://client.example{path}"),
    };
    let name = "Evil<b>\u{202e} Desk";
    let uris = ["https://client.example/cb", "http://127.0.0.1/callback"];
    Json(json!({ "client_id": id, "client_name": name, "redirect_uris": uris })).into_response()
}

fn client(id: &str) -> Client {
    Client {
        id: id.to_owned(),
        verifier: random().unwrap(),
    }
}

async fn ask(app: &App, request: &[(&str, String)]) -> Answer {
    Browser::default().get(app, &authorize(request)).await
}

#[tokio::test]
async fn a_client_with_a_document_logs_in_without_registering() {
    let app = start().await;
    let client = client(ID);
    let page = Browser::default().consent(&app, &client.request()).await;
    let text = page.body.replace("<wbr>", "");
    assert!(
        text.contains("published on <strong>client.example</strong>"),
        "{text}"
    );
    assert!(text.contains("<bdi>Evil&lt;b&gt; Desk</bdi>"), "{text}");
    assert!(
        text.contains(r#"<p class="place"><strong>127.0.0.1</strong>"#),
        "{text}"
    );
    let tokens = client.log_in(&app).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    assert_eq!(app.call(access_token).await.json()["client_id"], ID);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(
        client.refresh(&app, refresh_token).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn its_codes_are_for_its_own_address_only() {
    let app = start().await;
    let own = client(ID);
    for id in [
        "https://client.example/other-client",
        &format!("{ID}?"),
        "https://CLIENT.example/oauth/client.json",
    ] {
        let code = own.code(&app).await;
        let stolen = Client {
            id: id.to_owned(),
            ..own.clone()
        };
        let answer = stolen.redeem(&app, &code).await;
        assert_eq!(answer.json()["error"], "invalid_grant", "{id}");
        assert_eq!(
            own.redeem(&app, &code).await.status,
            StatusCode::BAD_REQUEST
        );
    }
    let tokens = own.log_in(&app).await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let answer = client("https://client.example/other-client")
        .refresh(&app, refresh_token)
        .await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    let form = [
        ("client_id", "https://client.example/x"),
        ("token", refresh_token),
    ];
    assert_eq!(
        post_form(&app, "/revoke", &form).await.status,
        StatusCode::OK
    );
    assert_eq!(
        own.refresh(&app, refresh_token).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn its_redirect_uris_are_exact_but_for_the_port_of_a_program() {
    let app = start().await;
    for (uri, is_good) in [
        ("https://client.example/cb", true),
        (REDIRECT, true),
        ("http://127.0.0.1:1/callback", true),
        ("https://client.example/cb/", false),
        ("https://client.example/other", false),
        ("https://client.example:8443/cb", false),
        ("https://evil.example/cb", false),
        ("http://localhost/callback", false),
    ] {
        let answer = ask(&app, &client(ID).asking("redirect_uri", uri)).await;
        let status = if is_good {
            StatusCode::SEE_OTHER
        } else {
            StatusCode::BAD_REQUEST
        };
        assert_eq!(answer.status, status, "{uri}");
    }
}

#[tokio::test]
async fn a_document_that_is_bad_or_cannot_be_got_gets_a_page() {
    let app = start().await;
    for (id, status) in [
        ("https://client.example/other", StatusCode::BAD_REQUEST),
        ("https://client.example/gone", StatusCode::BAD_REQUEST),
        (
            "https://client.example/down",
            StatusCode::SERVICE_UNAVAILABLE,
        ),
        ("https://127.0.0.1/client", StatusCode::BAD_REQUEST),
        (
            "https://169.254.169.254/latest/meta-data/",
            StatusCode::BAD_REQUEST,
        ),
        ("https://localhost/client", StatusCode::BAD_REQUEST),
        (
            "https://client.example:8443/client",
            StatusCode::BAD_REQUEST,
        ),
        ("https://mcp.example.com/client", StatusCode::BAD_REQUEST),
        ("https://client.example/", StatusCode::BAD_REQUEST),
    ] {
        let answer = ask(&app, &client(id).request()).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (status, ""),
            "{id}"
        );
        assert!(!answer.body.contains("client.example"), "{}", answer.body);
    }
}
