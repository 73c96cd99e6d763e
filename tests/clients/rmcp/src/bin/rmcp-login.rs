//! rmcp's client logs in by itself, gets more rights, refreshes, and is revoked. Started by `run`, which counts what it
//! prints.
//!
//!     rmcp-login MODE       legacy, auto, or discover
//!
//! BROWSER is the program that it opens; with DOCUMENT, the address of its metadata document, it does not register.

use std::{
    cell::{Cell, RefCell},
    env,
    process::Command,
    time::Duration,
};

use rmcp::transport::{
    AuthorizationManager, AuthorizationSession,
    auth::{
        AuthClient, AuthError, AuthorizationCallback, AuthorizationRequest, CredentialStore,
        InMemoryCredentialStore,
    },
};
use rmcp_client::{Result, call, challenge, check, config, connect, refusal, variable};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
    time::timeout,
};

/// What an application that uses rmcp must have: a browser to open, a place to come back to, a store.
struct Application {
    listener: TcpListener,
    redirect_uri: String,
    store: InMemoryCredentialStore,
    opened: Cell<u32>,
    told: RefCell<Vec<String>>,
}

type Http = AuthClient<reqwest::Client>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let application = Application::new().await?;
    let manager = application.log_in().await?;
    let http = AuthClient::new(reqwest::Client::default(), manager);
    let client_id = http.auth_manager.lock().await.get_credentials().await?.0;
    let mut expected: Value = serde_json::from_str(&variable("PERSON_IS"))?;
    expected["client_id"] = json!(client_id);
    expected["scopes"] = json!(["mcp:tools"]);
    check("logs in and calls whoami", whoami(&http).await?, expected);
    check(
        "has registered, or has not if it has a document",
        client_id.starts_with("https://"),
        env::var("DOCUMENT").is_ok(),
    );
    check("the person was asked once", application.opened.get(), 1);
    more(&application, &http).await?;
    refreshed(&application, &http).await?;
    revoked(&application, &http, &client_id).await
}

async fn more(application: &Application, http: &Http) -> Result<()> {
    let refused = ask(http, "restricted_action").await;
    let told = refused.as_ref().err().and_then(|error| challenge(&**error));
    let names_scope = told.is_some_and(|(_, text)| text.contains("scope=\"mcp:admin mcp:tools\""));
    check(
        "gets 403 without the scope, and hears which",
        (refusal(refused), names_scope),
        ("403".to_owned(), true),
    );
    let manager = http.auth_manager.lock().await;
    let url = manager.request_scope_upgrade("mcp:admin").await?;
    let answer = application.visit(&url, "deny").await?;
    let is_denied = answer.contains("error=access_denied");
    check(
        "gets no more when the person says no",
        is_denied && AuthorizationCallback::from_redirect_url(&answer).is_err(),
        true,
    );
    manager.reset_scope_upgrade_attempts().await;
    let url = manager.request_scope_upgrade("mcp:admin").await?;
    let answer = application.visit(&url, "approve").await?;
    let answer = AuthorizationCallback::from_redirect_url(&answer)?;
    manager
        .exchange_code_for_token_with_issuer(
            &answer.code,
            &answer.csrf_token,
            answer.issuer.as_deref(),
        )
        .await?;
    drop(manager);
    check(
        "gets the scope when the person says yes",
        ask(http, "restricted_action").await?,
        "Processed for an administrator: x".to_owned(),
    );
    check("the person was asked for that", application.opened.get(), 3);
    Ok(())
}

async fn refreshed(application: &Application, http: &Http) -> Result<()> {
    let before = application.tokens().await?;
    let mut stored = application.store.load().await?.ok_or("nothing stored")?;
    stored.token_received_at = Some(1);
    application.store.save(stored).await?;
    let scopes = whoami(http).await?["scopes"].clone();
    check(
        "refreshes when its token has expired, without asking",
        (scopes, application.opened.get()),
        (json!(["mcp:admin", "mcp:tools"]), 3),
    );
    let after = application.tokens().await?;
    check(
        "both tokens are new",
        (before.0 != after.0, before.1 != after.1),
        (true, true),
    );
    Ok(())
}

async fn revoked(application: &Application, http: &Http, client_id: &str) -> Result<()> {
    let root = variable("MCP_URL").replace("/mcp", "");
    let metadata = format!("{root}/.well-known/oauth-authorization-server");
    let metadata: Value = reqwest::get(metadata).await?.json().await?;
    let endpoint = metadata["revocation_endpoint"].as_str().ok_or("none")?;
    let (_, refresh_token) = application.tokens().await?;
    let form = [("token", &*refresh_token), ("client_id", client_id)];
    let request = reqwest::Client::new().post(endpoint).form(&form);
    check(
        "revokes its tokens",
        request.send().await?.status().as_u16(),
        200,
    );
    let refused = http.auth_manager.lock().await.refresh_token().await;
    let is_over = matches!(&refused, Err(AuthError::TokenRefreshRejected(why)) if why.contains("invalid_grant"));
    check("cannot refresh after that", is_over, true);
    check(
        "gets 401 after that",
        refusal(ask(http, "whoami").await),
        "401".to_owned(),
    );
    for told in application.told.borrow().iter() {
        println!("secret {told}");
    }
    Ok(())
}

async fn whoami(http: &Http) -> Result<Value> {
    Ok(serde_json::from_str(&ask(http, "whoami").await?)?)
}

async fn ask(http: &Http, tool: &'static str) -> Result<String> {
    let client = connect(http.clone(), config()).await?;
    let answer = call(&client, tool, json!({ "data": "x" })).await;
    client.cancel().await?;
    answer
}

impl Application {
    async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let redirect_uri = format!("http://{}/callback", listener.local_addr()?);
        Ok(Self {
            listener,
            redirect_uri,
            store: InMemoryCredentialStore::new(),
            opened: Cell::default(),
            told: RefCell::default(),
        })
    }

    /// Learns from a refusal where to log in, and does.
    async fn log_in(&self) -> Result<AuthorizationManager> {
        let mut manager = AuthorizationManager::new(variable("MCP_URL")).await?;
        manager.set_credential_store(self.store.clone());
        let anonymous = connect(reqwest::Client::default(), config()).await;
        let refused = anonymous.err().ok_or("works without a token")?;
        let (_, header) = challenge(&*refused).ok_or("no challenge")?;
        let found = manager
            .resolve_metadata_from_challenge(Some(header))
            .await?;
        manager.set_metadata(found.metadata);
        let mut request = AuthorizationRequest::new(&self.redirect_uri)
            .with_client_name("rmcp, at the gate")
            .with_initial_scope_selection();
        if let Ok(document) = env::var("DOCUMENT") {
            request = request.with_client_metadata_url(document);
        }
        let session = AuthorizationSession::new(manager, request).await;
        let session = session.map_err(|(_, error)| error)?;
        let answer = self
            .visit(session.get_authorization_url(), "approve")
            .await?;
        session.handle_callback_url(&answer).await?;
        Ok(session.auth_manager)
    }

    /// Opens the browser, and waits for it to come back; gives the address that it asked for.
    async fn visit(&self, url: &str, answer: &str) -> Result<String> {
        self.opened.set(self.opened.get() + 1);
        let mut browser = Command::new(variable("BROWSER"));
        let mut browser = browser.arg(url).env("ANSWER", answer).spawn()?;
        let patience = Duration::from_secs(20);
        let (stream, _) = timeout(patience, self.listener.accept()).await??;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let page = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        stream.write_all(page).await?;
        stream.shutdown().await?;
        browser.wait()?;
        let path = line.split(' ').nth(1).ok_or("no request")?;
        Ok(self.redirect_uri.replace("/callback", path))
    }

    /// The tokens as they are stored.
    async fn tokens(&self) -> Result<(String, String)> {
        let stored = self.store.load().await?.ok_or("nothing stored")?;
        let stored = serde_json::to_value(stored.token_response)?;
        let text = |name: &str| stored[name].as_str().map(str::to_owned).ok_or("no token");
        let tokens = (text("access_token")?, text("refresh_token")?);
        self.told
            .borrow_mut()
            .extend([tokens.0.clone(), tokens.1.clone()]);
        Ok(tokens)
    }
}
