//! What a message touches: every way to get at a prompt, a resource or a tool needs its scopes.

use serde_json::{Value, json};

use crate::auth::{
    message::Message,
    scopes::Target::{self, Method, Prompt, Resource, Tool},
};

fn assert_touches(method: &str, params: Value, expected: &[Target<'_>]) {
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }).to_string();
    let message = Message::read(body.as_bytes()).unwrap();
    let targets: Vec<_> = message.targets().collect();
    assert_eq!(targets, [&[Method(method)], expected].concat());
}

#[test]
fn requests_touch_what_they_name() {
    assert_touches(
        "tools/call",
        json!({ "name": "x", "uri": "y" }),
        &[Tool("x")],
    );
    assert_touches(
        "prompts/get",
        json!({ "name": "x", "uri": "y" }),
        &[Prompt("x")],
    );
    for method in [
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "resources/directory/read",
        "skills/get",
    ] {
        assert_touches(
            method,
            json!({ "uri": "file:///x", "name": "y" }),
            &[Resource("file:///x")],
        );
    }
    assert_touches("tools/list", json!({}), &[]);
    assert_touches("tools/call", Value::Null, &[]);
    assert_touches("tools/call", json!({ "name": 1 }), &[]);
}

#[test]
fn completion_touches_what_it_completes() {
    let prompt = json!({ "ref": { "type": "ref/prompt", "name": "x" } });
    assert_touches("completion/complete", prompt, &[Prompt("x")]);
    let resource = json!({ "ref": { "type": "ref/resource", "uri": "file:///{x}" } });
    assert_touches("completion/complete", resource, &[Resource("file:///{x}")]);
}

#[test]
fn listening_touches_what_is_listened_to() {
    let filter =
        json!({ "notifications": { "resourceSubscriptions": ["file:///x", "file:///y"] } });
    let resources = [Resource("file:///x"), Resource("file:///y")];
    assert_touches("subscriptions/listen", filter, &resources);
    let lists = json!({ "notifications": { "toolsListChanged": true } });
    assert_touches("subscriptions/listen", lists, &[]);
}
