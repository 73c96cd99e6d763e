//! Protected Resource Metadata (RFC 9728): found where clients look, exact, the same for everybody.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header::HOST},
};

use super::app::{Answer, App};

const PATHS: [&str; 2] = [
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
];

async fn get(app: &App, method: Method, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, "evil.example");
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_document_is_at_both_addresses_and_ignores_the_host_header() {
    let page = ("SERVICE_DOCUMENTATION_URL", "https://docs.example.com");
    let app = App::with(&[page, ("AUTH_REQUIRED_SCOPES", "mcp:tools offline_access")]).await;
    for path in PATHS {
        let answer = get(&app, Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/json");
        assert!(
            answer
                .header("cache-control")
                .starts_with("public, max-age=")
        );
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let document = answer.json();
        assert_eq!(document["resource"], "https://mcp.example.com/mcp");
        assert_eq!(
            document["bearer_methods_supported"],
            serde_json::json!(["header"])
        );
        let scopes = document["scopes_supported"].as_array().unwrap();
        for (scope, is_there) in [
            ("mcp:admin", true),
            ("mcp:tools", true),
            ("offline_access", false),
        ] {
            assert_eq!(scopes.contains(&scope.into()), is_there, "{scopes:?}");
        }
        assert_eq!(
            document["resource_documentation"],
            "https://docs.example.com"
        );
        assert!(document["resource_name"].is_string());
    }
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let app = App::start().await;
    for path in PATHS {
        let head = get(&app, Method::HEAD, path).await;
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
        assert_eq!(
            get(&app, Method::OPTIONS, path).await.status,
            StatusCode::NO_CONTENT
        );
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            assert_eq!(
                get(&app, method, path).await.status,
                StatusCode::METHOD_NOT_ALLOWED
            );
        }
    }
}

#[tokio::test]
async fn other_paths_are_a_plain_404() {
    let app = App::start().await;
    for path in ["/", "/admin", "/.well-known/oauth-protected-resource/x"] {
        let answer = get(&app, Method::GET, path).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::NOT_FOUND, "")
        );
    }
}
