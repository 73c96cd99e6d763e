//! Web pages: the `Origin` check and CORS.

use axum::{
    body::Body,
    http::{Request, StatusCode, header::ORIGIN},
};

use super::{
    app::{App, MCP_PATH, post, tool_call},
    harness::token,
};

const PAGE: (&str, &str) = (
    "ALLOWED_ORIGINS",
    "https://app.example.com, http://localhost:6274/",
);

#[tokio::test]
async fn foreign_and_malformed_origins_are_refused_even_with_a_good_token() {
    let app = App::with(&[PAGE]).await;
    for origin in [
        "https://evil.example",
        "null",
        "https://app.example.com.evil.example",
        "https://app.example.com:8443",
        "http://app.example.com",
        "https://APP.example.com",
        "app.example.com",
        "garbage",
        "",
    ] {
        let mut request = post(&token("alice", "mcp:tools"), &tool_call("protected_action"));
        request
            .headers_mut()
            .insert(ORIGIN, origin.parse().unwrap());
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn allowed_origins_and_the_servers_own_may_read_the_answer() {
    let app = App::with(&[PAGE]).await;
    for origin in [
        "https://app.example.com",
        "http://localhost:6274",
        "https://mcp.example.com",
    ] {
        for (token, status) in [
            (token("alice", "mcp:tools"), StatusCode::OK),
            ("x".into(), StatusCode::UNAUTHORIZED),
        ] {
            let mut request = post(&token, &tool_call("protected_action"));
            request
                .headers_mut()
                .insert(ORIGIN, origin.parse().unwrap());
            let answer = app.send(request).await;
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("access-control-allow-origin"), origin);
            assert_eq!(answer.header("vary"), "Origin");
            let exposed = answer.header("access-control-expose-headers");
            for header in ["WWW-Authenticate", "Mcp-Session-Id", "MCP-Protocol-Version"] {
                assert!(exposed.contains(header), "{exposed}");
            }
        }
    }
}

#[tokio::test]
async fn a_preflight_needs_no_token() {
    let app = App::with(&[PAGE]).await;
    let preflight = |origin: &str| {
        Request::options(MCP_PATH)
            .header(ORIGIN, origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization, mcp-param-region, x-evil",
            )
            .body(Body::empty())
            .unwrap()
    };
    let answer = app.send(preflight("https://app.example.com")).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.header("cache-control"), "no-store");
    let allowed = answer.header("access-control-allow-headers");
    for header in [
        "Authorization",
        "Content-Type",
        "MCP-Protocol-Version",
        "Last-Event-ID",
        "mcp-param-region",
    ] {
        assert!(allowed.contains(header), "{allowed}");
    }
    assert!(!allowed.contains("x-evil"));
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://app.example.com"
    );
    assert_eq!(
        app.send(preflight("https://evil.example")).await.status,
        StatusCode::FORBIDDEN
    );
}
