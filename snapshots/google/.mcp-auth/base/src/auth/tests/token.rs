//! Tokens: what a login gives, what works in parallel and after a restart, what ends it.

use std::sync::Arc;

use axum::http::StatusCode;

use super::{
    app::App,
    login::{Client, post_form},
};

fn text<'v>(tokens: &'v serde_json::Value, name: &str) -> &'v str {
    tokens[name].as_str().unwrap()
}

#[tokio::test]
async fn a_login_ends_with_tokens_that_work() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "mcp:tools");
    let answer = app.call(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["client_id"], client.id);
    let answer = app.call(text(&tokens, "refresh_token")).await;
    assert_eq!(
        answer.status,
        StatusCode::UNAUTHORIZED,
        "a refresh token is no access token"
    );
    let answer = client.refresh(&app, text(&tokens, "access_token")).await;
    assert_eq!(answer.json()["error"], "invalid_grant", "and the reverse");
}

#[tokio::test]
async fn a_code_used_twice_ends_what_it_gave() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let code = client.code(&app).await;
    let tokens = client.redeem(&app, &code).await.json();
    let answer = client.redeem(&app, &code).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    let answer = app.call(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = client.refresh(&app, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn parallel_refreshes_give_one_chain() {
    let app = Arc::new(App::start().await);
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let old = text(&tokens, "refresh_token").to_owned();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let (app, client, old) = (app.clone(), client.clone(), old.clone());
            tokio::spawn(async move { client.refresh(&app, &old).await })
        })
        .collect();
    let mut successors = std::collections::BTreeSet::new();
    for task in tries {
        let answer = task.await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        successors.insert(text(&answer.json(), "refresh_token").to_owned());
    }
    assert_eq!(successors.len(), 1);
    assert!(!successors.contains(&old));
    let answer = client.refresh(&app, successors.first().unwrap()).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn another_client_cannot_refresh_or_revoke() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let other = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let answer = other.refresh(&app, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
    for token in ["refresh_token", "access_token"] {
        let form = [
            ("client_id", other.id.as_str()),
            ("token", text(&tokens, token)),
        ];
        let answer = post_form(&app, "/revoke", &form).await;
        assert_eq!(answer.status, StatusCode::OK, "nothing is told");
    }
    let answer = app.call(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn revoking_either_token_ends_the_login_at_once() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    for token in ["refresh_token", "access_token"] {
        let tokens = client.log_in(&app).await;
        app.call(text(&tokens, "access_token")).await;
        let form = [
            ("client_id", client.id.as_str()),
            ("token", text(&tokens, token)),
        ];
        let answer = post_form(&app, "/revoke", &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        let answer = app.call(text(&tokens, "access_token")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{token}");
        let answer = client.refresh(&app, text(&tokens, "refresh_token")).await;
        assert_eq!(answer.json()["error"], "invalid_grant");
    }
    let form = [("client_id", client.id.as_str()), ("token", "unknown")];
    let answer = post_form(&app, "/revoke", &form).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn refreshing_can_only_narrow_the_scope() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let refresh = |scope: &'static str| {
        let (id, token) = (client.id.clone(), text(&tokens, "refresh_token").to_owned());
        let app = &app;
        async move {
            let form = [
                ("grant_type", "refresh_token"),
                ("client_id", id.as_str()),
                ("refresh_token", &token),
                ("scope", scope),
            ];
            post_form(app, "/token", &form).await
        }
    };
    let answer = refresh("mcp:tools mcp:admin").await;
    assert_eq!(answer.json()["error"], "invalid_scope");
    assert_eq!(refresh("mcp:tools").await.status, StatusCode::OK);
    // That is no right of its own, so it asks for nothing in particular.
    let answer = refresh("offline_access").await;
    assert_eq!(answer.json()["scope"], "mcp:tools");
}

#[tokio::test]
async fn a_restart_keeps_everybody_logged_in_and_two_servers_share_logins() {
    let one = App::start().await;
    let client = Client::register(&one).await;
    let tokens = client.log_in(&one).await;
    let two = App::start().await;
    let answer = two.call(text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = client.refresh(&two, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
}
