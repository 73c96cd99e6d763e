//! Authorization Server Metadata (RFC 8414): where clients look, exactly what they find, and what browsers may do.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use serde_json::json;

use super::{
    app::{Answer, App},
    harness,
    login::BASE,
};
use crate::auth::{Auth, Env};

const PATHS: [&str; 5] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/mcp",
    "/mcp/.well-known/openid-configuration",
];
const CALLED: [&str; 3] = ["/register", "/token", "/revoke"];
const VISITED: [&str; 3] = ["/authorize", "/consent", "/auth/callback"];

/// From a web page of somebody else, through a name that somebody else chose.
async fn send(app: &App, method: Method, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "http")
        .header("origin", "https://app.example");
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_document_is_the_same_at_every_address_that_clients_try() {
    let app = App::with(&[("AUTH_SCOPES", "mcp:tools mcp:admin")]).await;
    let methods = ["none", "client_secret_basic", "client_secret_post"];
    let expected = json!({
        "issuer": BASE,
        "authorization_endpoint": format!("{BASE}/authorize"),
        "token_endpoint": format!("{BASE}/token"),
        "registration_endpoint": format!("{BASE}/register"),
        "revocation_endpoint": format!("{BASE}/revoke"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "scopes_supported": ["mcp:admin", "mcp:tools"],
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
    });
    for path in PATHS {
        let answer = send(&app, Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.json(), expected, "{path}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "public, max-age=300");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let head = send(&app, Method::HEAD, path).await;
        assert_eq!((head.status, &*head.body), (StatusCode::OK, ""), "{path}");
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let answer = send(&app, method, path).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        }
    }
    for path in ["/.well-known/oauth-authorization-server/", "/.well-known/x"] {
        assert_eq!(
            send(&app, Method::GET, path).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn the_issuer_is_one_text_everywhere() {
    for (base, issuer) in [
        ("https://mcp.example.com/", "https://mcp.example.com"),
        ("https://MCP.example.com:443", "https://mcp.example.com"),
        (
            "https://mcp.example.com:8443/",
            "https://mcp.example.com:8443",
        ),
        ("http://localhost:8000", "http://localhost:8000"),
    ] {
        let app = App::with(&[("BASE_URL", base)]).await;
        let document = send(&app, Method::GET, PATHS[0]).await.json();
        assert_eq!(document["issuer"], issuer);
        assert_eq!(document["token_endpoint"], format!("{issuer}/token"));
        let resource = "/.well-known/oauth-protected-resource/mcp";
        let resource = send(&app, Method::GET, resource).await.json();
        assert_eq!(resource["authorization_servers"], json!([issuer]));
        assert_eq!(resource["resource"], format!("{issuer}/mcp"));
    }
}

#[tokio::test]
async fn the_owner_says_which_scopes_there_are_and_where_to_read_on() {
    let app = App::with(&[
        ("AUTH_SCOPES", "weather:read, weather:write"),
        ("SERVICE_DOCUMENTATION_URL", "https://docs.example.com"),
    ])
    .await;
    let document = send(&app, Method::GET, PATHS[0]).await.json();
    let scopes = json!(["mcp:tools", "weather:read", "weather:write"]);
    assert_eq!(document["scopes_supported"], scopes);
    assert_eq!(
        document["service_documentation"],
        "https://docs.example.com"
    );
}

#[tokio::test]
async fn clients_that_are_web_pages_may_call_what_needs_no_cookie() {
    let app = App::start().await;
    let cases = CALLED.map(|path| (path, "POST"));
    for (path, method) in cases.into_iter().chain(PATHS.map(|path| (path, "GET"))) {
        let answer = send(&app, Method::OPTIONS, path).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(
            answer.header("access-control-allow-methods"),
            method,
            "{path}"
        );
        let headers = answer.header("access-control-allow-headers");
        for header in ["Authorization", "Content-Type", "MCP-Protocol-Version"] {
            assert!(headers.contains(header), "{path}: {headers}");
        }
        let answer = send(&app, method.parse().unwrap(), path).await;
        let origins = answer.headers.get_all("access-control-allow-origin");
        assert_eq!(origins.iter().collect::<Vec<_>>(), ["*"], "{path}");
        // Nobody's cookies come along.
        assert!(
            !answer
                .headers
                .contains_key("access-control-allow-credentials")
        );
    }
}

#[tokio::test]
async fn no_web_page_may_read_what_people_visit() {
    let app = App::start().await;
    for path in VISITED {
        let answer = send(&app, Method::OPTIONS, path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        for method in [Method::GET, Method::POST] {
            let answer = send(&app, method, path).await;
            let names = answer.headers.keys().map(|name| name.as_str());
            assert!(
                !names
                    .into_iter()
                    .any(|name| name.starts_with("access-control")),
                "{path}"
            );
        }
    }
    for path in ["/authorize", "/auth/callback"] {
        let answer = send(&app, Method::POST, path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn the_metadata_of_the_service_lists_only_what_clients_may_ask_for() {
    let path = "/.well-known/oauth-protected-resource/mcp";
    for (offered, expected) in [
        ("mcp:tools mcp:admin", json!(["mcp:admin", "mcp:tools"])),
        ("mcp:tools", json!(["mcp:tools"])),
    ] {
        let app = App::with(&[("AUTH_SCOPES", offered)]).await;
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.json()["scopes_supported"], expected, "{offered}");
    }
}

#[tokio::test]
async fn the_addresses_follow_the_mcp_service() {
    for (mcp, addresses) in [
        ("/", vec!["/.well-known/oauth-authorization-server"]),
        (
            "/api/mcp",
            vec![
                "/.well-known/oauth-authorization-server",
                "/.well-known/oauth-authorization-server/api/mcp",
                "/.well-known/openid-configuration/api/mcp",
                "/api/mcp/.well-known/openid-configuration",
            ],
        ),
    ] {
        let settings = harness::settings().await;
        let auth = Env::of(settings).read(|env| Auth::read(env, mcp)).unwrap();
        let app = App(auth.routes());
        for path in addresses {
            let answer = send(&app, Method::GET, path).await;
            assert_eq!(answer.json()["issuer"], "http://localhost:8000", "{path}");
        }
        assert_eq!(
            send(&app, Method::GET, PATHS[1]).await.status,
            StatusCode::NOT_FOUND
        );
    }
}
