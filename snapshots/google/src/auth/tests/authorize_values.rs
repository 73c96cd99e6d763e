//! The start of a login: what may be left out or written in more ways than one, and what comes of it.

use super::{
    app::App,
    authorize::{STATE, ask, assert_told, start},
    login::{BASE, Browser, parameter},
};

#[tokio::test]
async fn resource_may_be_written_in_other_ways_or_left_out_or_stand_twice() {
    let (app, client) = start().await;
    let own = format!("{BASE}/mcp");
    for resource in [
        "HTTPS://MCP.example.com/mcp",
        "https://mcp.example.com/mcp/",
        "",
    ] {
        let request = client.asking("resource", resource);
        Browser::default().consent(&app, &request).await;
    }
    let mut twice = client.asking("resource", &own);
    twice.push(("resource", format!("{own}/")));
    Browser::default().consent(&app, &twice).await;
    twice.push(("resource", "https://evil.example/mcp".to_owned()));
    let answer = ask(&app, &twice).await;
    assert_told(&answer, "invalid_target", STATE, "one is another's");
}

#[tokio::test]
async fn the_scopes_are_those_that_were_asked_for_or_the_usual_ones() {
    let (app, client) = start().await;
    for (scope, expected) in [
        ("", &["mcp:tools"][..]),
        (" ", &["mcp:tools"]),
        ("offline_access", &["mcp:tools"]),
        ("mcp:tools offline_access", &["mcp:tools"]),
        ("mcp:tools  mcp:tools ", &["mcp:tools"]),
        ("mcp:admin", &["mcp:admin"]),
        ("mcp:tools mcp:admin", &["mcp:admin", "mcp:tools"]),
    ] {
        let request = client.asking("scope", scope);
        let page = Browser::default().consent(&app, &request).await;
        for known in ["mcp:admin", "mcp:tools", "offline_access"] {
            let is_shown = page.body.contains(&format!("<code>{known}</code>"));
            assert_eq!(is_shown, expected.contains(&known), "{scope:?} {known}");
        }
    }
    // The owner says what there is.
    let app = App::with(&[("AUTH_SCOPES", "weather:read")]).await;
    let answer = ask(&app, &client.asking("scope", "mcp:admin")).await;
    assert_told(&answer, "invalid_scope", STATE, "not in AUTH_SCOPES");
    let request = client.asking("scope", "weather:read");
    Browser::default().consent(&app, &request).await;
}

#[tokio::test]
async fn the_state_comes_back_as_it_was_unless_it_is_too_long() {
    let (app, client) = start().await;
    for state in [
        "x",
        "a b&c=d#e%20+\"'<>",
        "\u{e9}\u{1f419}",
        "iss=https://evil.example",
    ] {
        let mut request = client.asking("state", state);
        request.retain(|(name, _)| *name != "response_type");
        let back = ask(&app, &request).await.header("location").to_owned();
        assert_eq!(parameter(&back, "state").as_deref(), Some(state));
        assert_eq!(parameter(&back, "iss").as_deref(), Some(BASE));
    }
    let longest = "x".repeat(2048);
    let answer = ask(&app, &client.asking("state", &longest)).await;
    assert!(
        answer
            .header("location")
            .starts_with(&format!("{BASE}/consent?request="))
    );
    let answer = ask(&app, &client.asking("state", &format!("{longest}x"))).await;
    assert_told(&answer, "invalid_request", None, "too long");
    let mut request = client.asking("state", "");
    request.retain(|(name, _)| *name != "code_challenge");
    assert_told(&ask(&app, &request).await, "invalid_request", None, "none");
}
