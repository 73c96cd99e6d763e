//! A `client_id` is the registration itself, sealed: where it holds, and that nobody can make one up.

use axum::http::StatusCode;

use super::{
    access_tokens::changed_at,
    app::App,
    login::{Browser, Client, authorize},
    tokens::KEY,
};

/// Another signing key: base64 of 32 bytes.
pub const OTHER_KEY: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

async fn is_known(app: &App, client: &Client) -> bool {
    let address = authorize(&client.request());
    let answer = Browser::default().get(app, &address).await;
    answer.status == StatusCode::SEE_OTHER
}

#[tokio::test]
async fn a_registration_holds_on_every_server_with_the_same_key_and_on_no_other() {
    let one = App::start().await;
    let client = Client::register(&one).await;
    let again = Client::register(&one).await;
    assert_ne!(client.id, again.id);
    assert!(is_known(&App::start().await, &client).await);
    let other = App::with(&[("AUTH_SIGNING_KEY", OTHER_KEY)]).await;
    assert!(!is_known(&other, &client).await);
    // The key is being changed: both hold, and new registrations are sealed with the new one.
    let both = format!("{OTHER_KEY},{KEY}");
    let both = App::with(&[("AUTH_SIGNING_KEY", &both)]).await;
    assert!(is_known(&both, &client).await);
    let newer = Client::register(&both).await;
    assert!(is_known(&other, &newer).await);
    assert!(!is_known(&one, &newer).await);
}

#[tokio::test]
async fn a_client_id_that_was_changed_is_not_known() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let changed = |id: String| Client {
        id,
        ..client.clone()
    };
    for id in [
        client.id[1..].to_owned(),
        client.id[..client.id.len() - 4].to_owned(),
        format!("{}AAAA", client.id),
        format!("{}=", client.id),
        client.id.replacen(&client.id[20..21], "!", 1),
        changed_at(&client.id, 20),
        client.id.to_ascii_lowercase(),
        "https:".to_owned(),
        "x".repeat(5000),
        String::new(),
    ] {
        assert!(!is_known(&app, &changed(id.clone())).await, "{id}");
    }
    assert!(is_known(&app, &client).await);
}
