//! The provider's token in the hands of a tool: fresh, on purpose, shown nowhere.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;

use super::{
    app::App,
    clock::pass,
    dev_provider::role::{PERSON, TOKEN},
    login::{BASE, Client, post_form},
    provider::{Mode, TestProvider},
    upstream_login::start,
};
use crate::auth::{Env, Identity, Verifier};

/// Somebody who is logged in, as the tools see them.
struct Session {
    provider: TestProvider,
    app: App,
    client: Client,
    access_token: String,
    caller: Identity,
}

impl Session {
    /// The provider's tokens live so long, in seconds.
    async fn begin(lifetime: Option<u64>) -> Self {
        let (provider, app) = start().await;
        provider.logins().lifetime = lifetime;
        let client = Client::register(&app).await;
        let tokens = client.log_in(&app).await;
        let access_token = tokens["access_token"].as_str().unwrap().to_owned();
        let mut settings = super::tokens::settings();
        settings.extend(provider.settings());
        let read = |env: &mut Env| Verifier::read(env, &format!("{BASE}/mcp"));
        let verifier = Env::of(settings).read(read).unwrap();
        provider.calls();
        Self {
            caller: verifier.verify(&access_token).await.unwrap(),
            provider,
            app,
            client,
            access_token,
        }
    }

    /// The token works at the provider, and is alice's.
    fn assert_works(&self, token: &str) {
        let session = self.provider.session(token);
        assert_eq!(session.unwrap().person.login, "alice");
    }

    fn refreshes(&self) -> usize {
        let calls = self.provider.calls();
        calls.iter().filter(|call| call.ends_with(TOKEN)).count()
    }
}

/// What a tool does first.
async fn token(caller: Identity) -> Result<String, String> {
    let token = caller.upstream_token().await;
    let token = token.map_err(|gone| gone.to_string())?;
    Ok(token.reveal().to_owned())
}

/// The tool in the README, but for the address.
async fn profile(address: &str, caller: Identity) -> Result<String, String> {
    let token = caller.upstream_token().await;
    let token = token.map_err(|gone| gone.to_string())?;
    let request = reqwest::Client::new()
        .get(address)
        .header("user-agent", env!("CARGO_PKG_NAME"))
        .bearer_auth(token.reveal());
    let answer = request.send().await.map_err(|error| error.to_string())?;
    answer.text().await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_tool_calls_the_provider_in_the_callers_name() {
    let session = Session::begin(None).await;
    let address = format!("{}{PERSON}", session.provider.base());
    let said = profile(&address, session.caller.clone()).await.unwrap();
    assert!(said.contains("Alice Example"), "{said}");
}

#[tokio::test]
async fn a_tool_gets_a_token_that_works_without_asking_the_provider() {
    for lifetime in [None, Some(3600)] {
        let session = Session::begin(lifetime).await;
        let token = token(session.caller.clone()).await.unwrap();
        session.assert_works(&token);
        assert!(session.provider.calls().is_empty());
        assert!(!format!("{:?}", session.caller).contains(&token));
    }
}

#[tokio::test]
async fn a_token_that_is_about_to_run_out_is_renewed_once_for_all() {
    let session = Session::begin(Some(3600)).await;
    let old = token(session.caller.clone()).await.unwrap();
    for wait in [0, 3550, 7000] {
        pass(Duration::from_secs(wait)).await;
        let tokens = (0..10).map(|_| tokio::spawn(token(session.caller.clone())));
        let tokens = join_all(tokens.collect::<Vec<_>>()).await;
        let tokens: Vec<_> = tokens
            .into_iter()
            .map(|token| token.unwrap().unwrap())
            .collect();
        session.assert_works(&tokens[0]);
        assert!(tokens.iter().all(|token| *token == tokens[0]));
        assert_eq!(tokens[0] == old, wait == 0);
        assert_eq!(session.refreshes(), usize::from(wait > 0));
    }
}

#[tokio::test]
async fn without_a_token_the_caller_is_told_what_to_do() {
    let session = Session::begin(Some(3600)).await;
    pass(Duration::from_secs(3600)).await;
    session.provider.behave(TOKEN, Mode::Page(503));
    let why = token(session.caller.clone()).await.unwrap_err();
    assert_eq!(why, "the login provider does not answer; try again later");
    session.provider.recover();
    assert!(
        token(session.caller.clone()).await.is_ok(),
        "nothing was lost"
    );

    let form = [
        ("client_id", &*session.client.id),
        ("token", &session.access_token),
    ];
    post_form(&session.app, "/revoke", &form).await;
    let why = token(session.caller.clone()).await.unwrap_err();
    assert_eq!(why, "the login has ended; log in again");
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_not_given_out_when_it_has_run_out() {
    let session = Session::begin(None).await;
    let forget = Mode::Changed(Arc::new(|answer| {
        answer["expires_in"] = 3600.into();
        answer.as_object_mut().unwrap().remove("refresh_token");
    }));
    session.provider.behave(TOKEN, forget);
    let tokens = session.client.log_in(&session.app).await;
    let mut settings = super::tokens::settings();
    settings.extend(session.provider.settings());
    let read = |env: &mut Env| Verifier::read(env, &format!("{BASE}/mcp"));
    let verifier = Env::of(settings).read(read).unwrap();
    let caller = verifier
        .verify(tokens["access_token"].as_str().unwrap())
        .await
        .unwrap();
    assert!(token(caller.clone()).await.is_ok());
    pass(Duration::from_secs(3600)).await;
    let why = token(caller).await.unwrap_err();
    assert_eq!(why, "the login has ended; log in again");
}
