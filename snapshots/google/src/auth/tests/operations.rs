//! What happens to a server: it is killed under load, started again, kept waiting; and what it leaves lying about.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::{future::join_all, stream};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet, time};

use super::{
    app::App,
    clock::pass,
    dev_provider::{CLIENT_SECRET, role::TOKEN},
    log::Log,
    login::{BASE, Browser, Client, field, parameter, post_form},
    provider::{Mode, TestProvider},
    store::Folder,
    tokens::KEY,
    upstream_login::server,
};

/// Tells the process that is killed which settings it has.
const SETTINGS_OF_CHILD: &str = "OPERATIONS_TEST_SETTINGS";

fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap().to_owned()
}

/// A server in a process of its own.
struct Process {
    child: Child,
    app: App,
}

impl Process {
    fn start(settings: &[(String, String)]) -> Self {
        let name = format!("{}::serves_until_it_is_killed", module_path!());
        let (_, name) = name.split_once("::").unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--ignored", "--nocapture"])
            .env(SETTINGS_OF_CHILD, serde_json::to_string(settings).unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.map(Result::unwrap).find_map(|line| {
            let (_, port) = line.split_once("serves on ")?;
            port.parse::<u16>().ok()
        });
        let http = reqwest::Client::builder().no_proxy();
        let http = http.redirect(reqwest::redirect::Policy::none()).build();
        let (http, port) = (http.unwrap(), port.unwrap());
        let forward = move |request| forward(http.clone(), port, request);
        let app = App(Router::new().fallback(forward));
        Self { child, app }
    }
}

impl Drop for Process {
    /// As by `kill -9`.
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Passes a request on, from an address of its own, so that nobody has to wait.
async fn forward(http: reqwest::Client, port: u16, request: Request) -> Response {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let [.., a, b, c] = NUMBER.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let sent = http
        .request(head.method, format!("http://127.0.0.1:{port}{}", head.uri))
        .headers(head.headers)
        .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
        .body(body)
        .send();
    let read = async {
        let answer = sent.await?;
        Ok((
            answer.status(),
            answer.headers().clone(),
            answer.bytes().await?,
        ))
    };
    let read: Result<_, reqwest::Error> = read.await;
    read.map_or_else(
        |_| StatusCode::BAD_GATEWAY.into_response(),
        IntoResponse::into_response,
    )
}

/// What the tests below start and kill.
#[tokio::test]
#[ignore = "a part of the next test"]
async fn serves_until_it_is_killed() {
    let Ok(settings) = std::env::var(SETTINGS_OF_CHILD) else {
        return;
    };
    let settings: Vec<(String, String)> = serde_json::from_str(&settings).unwrap();
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    let app = App::with(&settings).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let word = format!("\nserves on {}\n", listener.local_addr().unwrap().port());
    std::io::stdout().write_all(word.as_bytes()).unwrap();
    axum::serve(listener, app.0).await.unwrap();
}

/// What a client was told last.
type Told = Arc<Mutex<Vec<(Client, Value)>>>;

/// Logs in, then refreshes, until there is no answer.
async fn use_it(app: Arc<App>, told: Told) {
    let client = Client::register(&app).await;
    let mut tokens = client.log_in(&app).await;
    let index = {
        let mut told = told.lock().unwrap();
        told.push((client.clone(), tokens.clone()));
        told.len() - 1
    };
    for _ in 0..3 {
        let answer = client.refresh(&app, &text(&tokens, "refresh_token")).await;
        assert_eq!(answer.status, StatusCode::OK, "the server is gone");
        tokens = answer.json();
        told.lock().unwrap()[index].1 = tokens.clone();
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_kill_under_load_loses_no_login_that_a_client_was_told_of() {
    let (provider, folder) = (TestProvider::start().await, Folder::new());
    let mut settings = provider.settings();
    let file = format!("file:{}", folder.file().display());
    settings.push(("STORE_URL".to_owned(), file));
    settings.push(("TRUSTED_PROXY_HOPS".to_owned(), "1".to_owned()));
    let told = Told::default();
    for enough in [3, 8, 15] {
        let Process { child, app } = &mut Process::start(&settings);
        let app = Arc::new(App(app.0.clone()));
        let mut tasks = JoinSet::new();
        while told.lock().unwrap().len() < enough {
            while tasks.len() < 8 {
                tasks.spawn(use_it(app.clone(), told.clone()));
            }
            tokio::select! {
                ended = tasks.join_next() => ended.unwrap().unwrap(),
                () = time::sleep(Duration::from_millis(1)) => {}
            }
        }
        child.kill().unwrap();
        // Some break off in the middle of something.
        while tasks.join_next().await.is_some() {}
    }
    let server = Process::start(&settings);
    let told = std::mem::take(&mut *told.lock().unwrap());
    for (client, tokens) in &told {
        let answer = server.app.call(&text(tokens, "access_token")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let answer = client
            .refresh(&server.app, &text(tokens, "refresh_token"))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
}

#[tokio::test]
async fn a_restart_keeps_everybody_logged_in_and_logins_going() {
    let (provider, folder) = (TestProvider::start().await, Folder::new());
    let file = format!("file:{}", folder.file().display());
    let settings = [("STORE_URL", &*file)];
    let start = || server(&provider, &settings);
    let app = start().await;
    let client = Client::register(&app).await;
    let tokens = client.log_in(&app).await;
    let code = client.code(&app).await;
    let returning = client.log_in_upstream(&app).await;
    drop(app);
    let app = start().await;
    let answer = app.call(&text(&tokens, "access_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
    let answer = client.refresh(&app, &text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(client.redeem(&app, &code).await.status, StatusCode::OK);
    let back = returning.finish(&app).await;
    let code = parameter(back.header("location"), "code").unwrap();
    assert_eq!(client.redeem(&app, &code).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_never_come_are_not_waited_for() {
    let app = App::start().await;
    time::pause();
    let started = time::Instant::now();
    let requests = ["/token", "/revoke", "/consent", "/register"].map(|path| {
        let never = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
        let request = Request::builder().method(Method::POST).uri(path);
        app.send(request.body(never).unwrap())
    });
    for answer in join_all(requests).await {
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    }
    assert!(started.elapsed() < Duration::from_secs(11));
}

/// Logs in and does all that has to do with tokens, rightly and wrongly; gives every secret that occurred.
async fn everything(app: &App, provider: &TestProvider) -> Vec<String> {
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (keep, lifetime) = (answers.clone(), Some(3600));
    let watch = move |answer: &mut Value| keep.lock().unwrap().push(answer.clone());
    provider.behave(TOKEN, Mode::Changed(Arc::new(watch)));
    provider.logins().lifetime = lifetime;

    let client = Client::register(app).await;
    let mut browser = Browser::default();
    let page = browser.consent(app, &client.request()).await;
    let csrf = field(&page, "csrf");
    let away = browser.answer(app, &page, "approve").await;
    let state = parameter(away.header("location"), "state").unwrap();
    let returning = browser.visit_provider(away.header("location")).await;
    let cookies = returning.browser.cookies.clone();
    let upstream_code = parameter(&format!("{BASE}{}", returning.callback), "code").unwrap();
    let back = returning.clone().finish(app).await;
    returning.finish(app).await;
    let code = parameter(back.header("location"), "code").unwrap();
    let tokens = client.redeem(app, &code).await.json();
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );

    app.call(&access).await;
    let newer = client.refresh(app, &refresh).await.json();
    pass(Duration::from_secs(3600)).await;
    client.refresh(app, &text(&newer, "refresh_token")).await;
    app.call(&access).await;
    app.call(&refresh).await;
    client.refresh(app, &refresh).await;
    let copied = client.code(app).await;
    client.redeem(app, &copied).await;
    client.redeem(app, &copied).await;
    let form = [("client_id", &*client.id), ("token", &access)];
    post_form(app, "/revoke", &form).await;

    let mut secrets = vec![
        csrf,
        state,
        upstream_code,
        code,
        access,
        refresh,
        client.verifier,
        copied,
    ];
    secrets.extend(["access_token", "refresh_token"].map(|name| text(&newer, name)));
    secrets.extend(cookies.into_iter().map(|(_, value)| value));
    secrets.extend([KEY, CLIENT_SECRET].map(str::to_owned));
    for answer in answers.lock().unwrap().iter() {
        let tokens = ["access_token", "refresh_token", "id_token"].map(|name| answer.get(name));
        let tokens = tokens.into_iter().flatten().filter_map(Value::as_str);
        secrets.extend(tokens.map(str::to_owned));
    }
    secrets
}

#[tokio::test]
async fn neither_the_log_nor_the_file_holds_a_secret() {
    let (provider, folder) = (TestProvider::start().await, Folder::new());
    let log = Log::capture();
    let file = format!("file:{}", folder.file().display());
    let app = server(&provider, &[("STORE_URL", &file)]).await;
    let secrets = everything(&app, &provider).await;
    assert!(secrets.len() > 14, "{secrets:?}");
    let log = log.take();
    for expected in [
        "TRACE",
        "refused a token",
        "used refresh token",
        "code was used twice",
    ] {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    drop(app);
    let file = fs::read(folder.file()).unwrap();
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret}: {log}");
        let mut windows = file.windows(secret.len());
        assert!(
            !windows.any(|window| window == secret.as_bytes()),
            "{secret}"
        );
    }
}
