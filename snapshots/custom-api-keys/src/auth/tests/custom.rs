//! API keys.

use axum::http::StatusCode;

use super::{
    app::App,
    harness::{entry, token},
};

#[tokio::test]
async fn a_key_stands_for_its_owner_with_the_owners_scopes() {
    let app = App::start().await;
    let answer = app.call(&token("bob", "mcp:tools")).await;
    assert_eq!(answer.json()["subject"], "bob");
    assert_eq!(answer.json()["scopes"], serde_json::json!(["mcp:tools"]));
}

#[tokio::test]
async fn neither_the_hash_nor_a_part_of_the_key_is_a_key() {
    let app = App::start().await;
    let key = token("bob", "mcp:tools");
    let entry = entry("bob", &key, "mcp:tools");
    let hash = entry.split(':').nth(1).unwrap();
    for wrong in [hash, &key[1..], &key[..key.len() - 1], "bob"] {
        assert_eq!(
            app.call(wrong).await.status,
            StatusCode::UNAUTHORIZED,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn entries_may_stand_on_lines_and_hashes_in_capitals() {
    let keys = format!(
        "{}\n{}",
        entry("a", "key-a", "mcp:tools"),
        entry("b", "key-b", "mcp:tools")
    );
    let capitals: Vec<_> = keys
        .split('\n')
        .map(|entry| {
            let mut parts = entry.splitn(3, ':');
            format!(
                "{}:{}:{}",
                parts.next().unwrap(),
                parts.next().unwrap().to_uppercase(),
                parts.next().unwrap()
            )
        })
        .collect();
    let app = App::with(&[("API_KEYS", &capitals.join("\n"))]).await;
    assert_eq!(app.call("key-b").await.json()["subject"], "b");
}

#[tokio::test]
async fn a_key_in_the_clear_is_refused_at_the_start_and_not_shown() {
    for keys in [
        "alice:open-sesame:mcp:tools",
        "open-sesame",
        ":",
        "alice:",
        "alice:öööööööööööööööööööööööööööööööö:x",
    ] {
        let problems = App::read(&[("API_KEYS", keys)]).await.err().expect(keys);
        assert!(problems.contains("API_KEYS: entry 1"), "{problems}");
        assert!(!problems.contains("sesame"), "{problems}");
    }
}

#[tokio::test]
async fn without_keys_the_server_does_not_start() {
    assert!(
        App::read(&[("API_KEYS", "")])
            .await
            .err()
            .unwrap()
            .contains("API_KEYS is not set")
    );
}
