//! Who may do what: required scopes, scopes of single tools, lists, and attempts to be misread.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{
    app::{Answer, App, method, post, post_text, tool_call},
    harness::token,
};

fn assert_needs(answer: &Answer, scopes: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
    let challenge = answer.challenge();
    assert!(
        challenge.starts_with(r#"Bearer error="insufficient_scope", "#),
        "{challenge}"
    );
    assert!(challenge.contains("resource_metadata="), "{challenge}");
    assert!(
        challenge.ends_with(&format!(r#"scope="{scopes}""#)),
        "{challenge}"
    );
}

#[tokio::test]
async fn a_token_without_the_required_scope_is_told_what_it_needs() {
    let app = App::start().await;
    assert_needs(&app.call(&token("alice", "")).await, "mcp:tools");
}

#[tokio::test]
async fn requests_without_a_body_need_the_required_scope_too() {
    let app = App::start().await;
    for method in [Method::GET, Method::DELETE] {
        let mut request = post(&token("alice", ""), &Value::Null);
        *request.method_mut() = method;
        assert_needs(&app.send(request).await, "mcp:tools");
    }
}

#[tokio::test]
async fn a_restricted_tool_names_all_its_scopes_at_once() {
    let app = App::start().await;
    let call = tool_call("closed_action");
    assert_needs(
        &app.send(post(&token("alice", ""), &call)).await,
        "mcp:admin mcp:tools",
    );
    assert_needs(
        &app.send(post(&token("alice", "mcp:tools"), &call)).await,
        "mcp:admin mcp:tools",
    );
    let answer = app
        .send(post(&token("alice", "mcp:tools mcp:admin"), &call))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn a_broad_scope_includes_the_narrower_ones() {
    let app = App::start().await;
    assert_eq!(
        app.call(&token("alice", "mcp:admin")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn lists_leave_out_what_the_caller_may_not_use() {
    let app = App::start().await;
    let names = |answer: &Answer| -> Vec<String> {
        let tools = answer.json()["result"]["tools"].as_array().unwrap().clone();
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = method("tools/list");
    let answer = app.send(post(&token("alice", "mcp:tools"), &list)).await;
    assert_eq!(names(&answer), ["protected_action"]);
    assert_eq!(answer.json()["result"]["cacheScope"], "private");
    let answer = app
        .send(post(&token("alice", "mcp:tools mcp:admin"), &list))
        .await;
    assert_eq!(names(&answer), ["protected_action", "closed_action"]);
}

#[tokio::test]
async fn lists_in_event_streams_are_filtered_too_and_the_rest_is_untouched() {
    let app = App::start().await;
    let mut request = post(&token("alice", "mcp:tools"), &method("tools/list"));
    request
        .headers_mut()
        .insert("x-stream", "1".parse().unwrap());
    let streamed = app.send(request).await;
    // A GET may replay the answer of an earlier list.
    let mut request = post(&token("alice", "mcp:tools"), &Value::Null);
    *request.method_mut() = Method::GET;
    let replayed = app.send(request).await;
    for answer in [streamed, replayed] {
        assert!(
            answer.body.starts_with(": ping\n\nid: 1\ndata: {"),
            "{}",
            answer.body
        );
        assert!(
            answer.body.ends_with("}\n\ndata: {\"id\":2}\n\n"),
            "{}",
            answer.body
        );
        assert!(answer.body.contains("protected_action"));
        assert!(!answer.body.contains("closed_action"));
    }
}

#[tokio::test]
async fn batches_are_not_served() {
    let app = App::start().await;
    let batch = json!([tool_call("protected_action"), tool_call("protected_action")]);
    let answer = app.send(post(&token("alice", "mcp:tools"), &batch)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_name_written_with_escapes_is_the_same_name() {
    let app = App::start().await;
    let body = r#"{"jsonrpc":"2.0","id":1,"m\u0065thod":"tools\/call","params":{"n\u0061me":"closed\u005faction"}}"#;
    let answer = app
        .send(post_text(&token("alice", "mcp:tools"), body))
        .await;
    assert_needs(&answer, "mcp:admin mcp:tools");
}

#[tokio::test]
async fn a_body_that_can_be_read_in_two_ways_is_refused() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools");
    for body in [
        r#"{"method":"ping","method":"tools/call","params":{"name":"closed_action"}}"#,
        r#"{"method":"tools/call","params":{"name":"protected_action","name":"closed_action"}}"#,
        r#"{"method":"tools/call","params":{"name":"protected_action"},"params":{"name":"closed_action"}}"#,
        r#"{"method":"tools/call","params":["closed_action"]}"#,
        r#"["2.0",1,"tools/call"]"#,
        r#"{"method":"completion/complete","params":{"ref":["ref/prompt","x"]}}"#,
        r#"{"method":"completion/complete","params":{"ref":{"name":"x","name":"y"}}}"#,
        r#"{"method":"subscriptions/listen","params":{"notifications":[true]}}"#,
        r#"{"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":{}}}}"#,
        r#"{"method":"ping"}{"method":"tools/call"}"#,
        r#"{"method":"ping""#,
        "not json",
        "",
    ] {
        let answer = app.send(post_text(&token, body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.json()["error"]["code"], -32700, "{body}");
    }
}

#[tokio::test]
async fn a_body_nested_a_hundred_thousand_deep_does_no_harm() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools");
    let depth = 100_000;
    for (open, close) in [(r#"{"ref":"#, "}"), ("[", "]"), (r#"{"params":"#, "}")] {
        let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for method in ["completion/complete", "tools/call", "ping"] {
            let body = format!(r#"{{"method":"{method}","params":{nested}}}"#);
            let answer = app.send(post_text(&token, body)).await;
            assert!([StatusCode::OK, StatusCode::BAD_REQUEST].contains(&answer.status));
        }
    }
}

#[tokio::test]
async fn headers_that_contradict_the_body_are_refused() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools mcp:admin");
    let call = tool_call("closed_action");
    for (header, values, status) in [
        ("mcp-name", vec!["closed_action"], StatusCode::OK),
        (
            "mcp-name",
            vec!["=?base64?Y2xvc2VkX2FjdGlvbg==?="],
            StatusCode::OK,
        ),
        (
            "mcp-name",
            vec!["protected_action"],
            StatusCode::BAD_REQUEST,
        ),
        (
            "mcp-name",
            vec!["=?base64?cHJvdGVjdGVkX2FjdGlvbg==?="],
            StatusCode::BAD_REQUEST,
        ),
        ("mcp-name", vec!["=?base64?%%%?="], StatusCode::BAD_REQUEST),
        (
            "mcp-name",
            vec!["closed_action", "closed_action"],
            StatusCode::BAD_REQUEST,
        ),
        ("mcp-method", vec!["tools/call"], StatusCode::OK),
        ("mcp-method", vec!["tools/list"], StatusCode::BAD_REQUEST),
        ("mcp-method", vec!["TOOLS/CALL"], StatusCode::BAD_REQUEST),
    ] {
        let mut request = post(&token, &call);
        for value in &values {
            request.headers_mut().append(header, value.parse().unwrap());
        }
        let answer = app.send(request).await;
        assert_eq!(answer.status, status, "{header}: {values:?}");
        if status == StatusCode::BAD_REQUEST {
            assert_eq!(answer.json()["error"]["code"], -32020);
            assert_eq!(answer.json()["id"], 1);
        }
    }
}

#[tokio::test]
async fn each_kind_of_request_has_its_own_name_in_the_header() {
    let app = App::start().await;
    let token = token("alice", "mcp:tools");
    for (method, params) in [
        ("prompts/get", json!({ "name": "x", "uri": "y" })),
        ("resources/read", json!({ "name": "y", "uri": "x" })),
        ("tasks/get", json!({ "name": "y", "taskId": "x" })),
    ] {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        for (name, status) in [("x", StatusCode::OK), ("y", StatusCode::BAD_REQUEST)] {
            let mut request = post(&token, &body);
            request
                .headers_mut()
                .insert("mcp-name", name.parse().unwrap());
            assert_eq!(app.send(request).await.status, status, "{method} {name}");
        }
    }
}

#[tokio::test]
async fn the_body_is_not_read_before_the_token_is_good() {
    let app = App::start().await;
    let endless = axum::body::Body::from_stream(futures_util::stream::pending::<
        Result<Vec<u8>, std::io::Error>,
    >());
    let answer = app.send(post_text("nobody", endless)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}
