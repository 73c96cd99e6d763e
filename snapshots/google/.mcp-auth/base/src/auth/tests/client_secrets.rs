//! Clients with a secret (RFC 6749 section 2.3.1): they show it, in one of two ways, or get nothing.

use axum::http::{StatusCode, header::AUTHORIZATION};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{
    app::{Answer, App},
    login::{Client, REDIRECT, form_request, post_form, register},
    token_endpoint::{assert_bad_client, assert_bad_request},
};

/// A client with a secret, which it got with this method.
async fn confidential(app: &App, method: &str) -> (Client, String) {
    let metadata = json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": method });
    let answer = register(app, &metadata).await;
    assert_eq!(answer.json()["token_endpoint_auth_method"], method);
    assert_eq!(answer.json()["client_secret_expires_at"], 0);
    let secret = answer.json()["client_secret"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 43);
    (Client::of(&answer), secret)
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// Redeems a code with this header and these parameters more.
async fn redeem(
    app: &App,
    client: &Client,
    code: &str,
    authorization: Option<&str>,
    more: &[(&str, &str)],
) -> Answer {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", &client.verifier),
    ];
    form.extend(more);
    let mut request = form_request("/token", &form);
    if let Some(value) = authorization {
        request
            .headers_mut()
            .insert(AUTHORIZATION, value.parse().unwrap());
    }
    app.send(request).await
}

#[tokio::test]
async fn a_client_with_a_secret_must_show_it() {
    let app = App::start().await;
    let (other, other_secret) = confidential(&app, "client_secret_basic").await;
    for method in ["client_secret_basic", "client_secret_post"] {
        let (client, secret) = confidential(&app, method).await;
        let code = client.code(&app).await;
        let id = client.id.as_str();
        let long = format!("{secret}x");
        let wrong = ["", "evil", &secret[1..], &long, &other_secret];
        for wrong in wrong {
            let form = [("client_id", id), ("client_secret", wrong)];
            let answer = redeem(&app, &client, &code, None, &form).await;
            assert_bad_client(&answer, wrong);
            let header = basic(id, wrong);
            let answer = redeem(&app, &client, &code, Some(&header), &[]).await;
            assert_bad_client(&answer, wrong);
        }
        let answer = redeem(&app, &client, &code, None, &[("client_id", id)]).await;
        assert_bad_client(&answer, "none");
        let header = basic(&other.id, &secret);
        let answer = redeem(&app, &client, &code, Some(&header), &[]).await;
        assert_bad_client(&answer, "the secret of another");
        // Whoever is not the client has not used the code up.
        let header = basic(id, &secret);
        let form = [("client_id", id), ("client_secret", &*secret)];
        let answer = match method {
            "client_secret_basic" => redeem(&app, &client, &code, Some(&header), &form[..1]).await,
            _ => redeem(&app, &client, &code, None, &form).await,
        };
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let refresh_token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
        let answer = client.refresh(&app, &refresh_token).await;
        assert_bad_client(&answer, "refreshing needs it too");
        let form = [("client_id", id), ("token", &*refresh_token)];
        let answer = post_form(&app, "/revoke", &form).await;
        assert_bad_client(&answer, "and so does revoking");
    }
}

#[tokio::test]
async fn a_secret_is_sealed_in_the_client_id_and_not_readable_there() {
    let app = App::start().await;
    let (client, secret) = confidential(&app, "client_secret_basic").await;
    assert!(!client.id.contains(&secret) && client.id.len() < 512);
    let restarted = App::start().await;
    let code = client.code(&restarted).await;
    let header = basic(&client.id, &secret);
    let answer = redeem(&restarted, &client, &code, Some(&header), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn one_way_to_say_who_it_is_at_a_time() {
    let app = App::start().await;
    let (client, secret) = confidential(&app, "client_secret_basic").await;
    let (other, _) = confidential(&app, "client_secret_basic").await;
    let code = client.code(&app).await;
    let (id, header) = (client.id.as_str(), basic(&client.id, &secret));
    let both = [("client_id", id), ("client_secret", &*secret)];
    let answer = redeem(&app, &client, &code, Some(&header), &both).await;
    assert_bad_request(&answer, "invalid_request", "two secrets");
    let two = [("client_id", other.id.as_str())];
    let answer = redeem(&app, &client, &code, Some(&header), &two).await;
    assert_bad_client(&answer, "two clients");
    let form = [("grant_type", "authorization_code"), ("code", &*code)];
    let mut request = form_request("/token", &form);
    for value in [&header, "Basic evil"] {
        request
            .headers_mut()
            .append(AUTHORIZATION, value.parse().unwrap());
    }
    assert_bad_client(&app.send(request).await, "two headers");
}
