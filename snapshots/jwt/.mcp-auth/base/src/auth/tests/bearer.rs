//! How a token may be presented, and what a client hears when it is not (RFC 6750).

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header::AUTHORIZATION},
};

use super::{
    app::{Answer, App, MCP_PATH, post, tool_call},
    harness::{subject, token},
};

const METADATA: &str =
    r#"resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp""#;

fn request(authorization: &str) -> Request<Body> {
    Request::post(MCP_PATH)
        .header(AUTHORIZATION, authorization)
        .body(Body::from(tool_call("protected_action").to_string()))
        .unwrap()
}

fn assert_bad_token(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(
        answer
            .challenge()
            .starts_with(r#"Bearer error="invalid_token", error_description=""#)
    );
    assert!(
        answer
            .challenge()
            .ends_with(&format!(r#", {METADATA}, scope="mcp:tools""#))
    );
}

#[tokio::test]
async fn a_good_token_is_let_through() {
    let app = App::start().await;
    let answer = app.call(&token("alice", "mcp:tools")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["subject"], subject("alice"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn without_credentials_the_challenge_has_no_error_code() {
    let app = App::start().await;
    for request in [
        Request::post(MCP_PATH).body(Body::empty()).unwrap(),
        request("Basic YWxpY2U6c2VjcmV0"),
        request("Negotiate abc"),
    ] {
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            answer.challenge(),
            format!(r#"Bearer {METADATA}, scope="mcp:tools""#)
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        let message = &answer.json()["error"]["message"];
        assert_eq!(message, "an access token is needed");
    }
}

#[tokio::test]
async fn without_required_scopes_the_challenge_names_none() {
    let app = App::with(&[("AUTH_REQUIRED_SCOPES", "")]).await;
    let answer = app
        .send(Request::post(MCP_PATH).body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.challenge(), format!("Bearer {METADATA}"));
}

#[tokio::test]
async fn the_scheme_may_be_written_in_any_case() {
    let app = App::start().await;
    for scheme in ["bearer", "BEARER", "bEaReR"] {
        let answer = app
            .send(request(&format!(
                "{scheme} {}",
                token("alice", "mcp:tools")
            )))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{scheme}");
    }
}

#[tokio::test]
async fn a_token_that_is_empty_or_misshapen_is_refused() {
    let app = App::start().await;
    let good = token("alice", "mcp:tools");
    for authorization in [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer\t{good}"),
        format!("Bearer {good} {good}"),
        format!("Bearer {good},{good}"),
        format!("Bearer \"{good}\""),
        format!("Bearer {good}\t"),
        "Bearer ü".to_owned(),
    ] {
        let answer = app.send(request(&authorization)).await;
        assert_bad_token(&answer);
    }
}

#[tokio::test]
async fn a_bad_token_is_refused_and_not_echoed() {
    let app = App::start().await;
    let answer = app.call("sesame-open-wide").await;
    assert_bad_token(&answer);
    assert!(!format!("{answer:?}").contains("sesame"));
}

#[tokio::test]
async fn two_authorization_headers_are_refused() {
    let app = App::start().await;
    let good = format!("Bearer {}", token("alice", "mcp:tools"));
    let mut request = request(&good);
    request
        .headers_mut()
        .append(AUTHORIZATION, good.parse().unwrap());
    let answer = app.send(request).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.challenge().contains(r#"error="invalid_request""#));
}

#[tokio::test]
async fn a_token_in_the_address_is_refused_even_beside_a_good_one() {
    let app = App::start().await;
    let good = token("alice", "mcp:tools");
    for name in ["access_token", "access%5Ftoken"] {
        for with_header in [true, false] {
            let mut request = request(&format!("Bearer {good}"));
            if !with_header {
                request.headers_mut().remove(AUTHORIZATION);
            }
            *request.uri_mut() = format!("{MCP_PATH}?x=1&{name}={good}").parse().unwrap();
            let answer = app.send(request).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
            assert!(answer.challenge().contains(r#"error="invalid_request""#));
        }
    }
}

#[tokio::test]
async fn a_token_of_a_megabyte_is_refused() {
    let app = App::start().await;
    for length in [16 * 1024 + 1, 1024 * 1024] {
        assert_bad_token(&app.call(&"a".repeat(length)).await);
    }
}

#[tokio::test]
async fn every_method_needs_a_token() {
    let app = App::start().await;
    for method in [
        "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PURGE",
    ] {
        let method: Method = method.parse().unwrap();
        let request = Request::builder()
            .method(&method)
            .uri(MCP_PATH)
            .body(Body::empty())
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method}");
    }
}

#[tokio::test]
async fn no_spelling_of_the_path_leads_around_the_guard() {
    let app = App::start().await;
    let body = tool_call("protected_action");
    for path in [
        "//mcp",
        "/mcp/",
        "/mcp//",
        "/./mcp",
        "/x/../mcp",
        "/mcp/../mcp",
        "/%6dcp",
        "/mcp%2f",
        "/MCP",
        "/mcp;a=b",
        "/%2e/mcp",
        "/mcp%00",
        "/mcp/.well-known/oauth-protected-resource",
    ] {
        let mut request = post("", &body);
        request.headers_mut().remove(AUTHORIZATION);
        *request.uri_mut() = path.parse().unwrap();
        let answer = app.send(request).await;
        assert!(
            [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn quotes_and_line_ends_cannot_break_out_of_the_challenge() {
    let app = App::with(&[("AUTH_REQUIRED_SCOPES", "a\"b c\\d e\r\nX-Evil:1")]).await;
    let answer = app.call("nobody").await;
    assert!(
        answer
            .challenge()
            .ends_with(r#"scope="X-Evil:1 a\"b c\\d e""#),
        "{}",
        answer.challenge()
    );
    assert_eq!(answer.header("x-evil"), "");
}
