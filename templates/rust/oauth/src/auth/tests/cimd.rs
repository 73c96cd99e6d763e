//! Clients that publish a document: good ones, bad ones, and strangers who want this server to call others.
//! The documents come from a site on loopback; every rule about addresses still holds.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::Uri,
    response::{IntoResponse, Response},
};
use futures_util::{future::join_all, stream};
use serde_json::{Value, json};
use tokio::{net::TcpListener, time};

use super::clock::pass;
use crate::auth::{
    Env,
    oauth::{
        cimd::{Documents, is_address},
        clients::{Client, Origin, Unknown},
    },
};

const OWN: &str = "https://mcp.example.com";
const ID: &str = "https://client.example/oauth/client.json";
const MINUTE: Duration = Duration::from_secs(60);

type Answer = Box<dyn Fn(&Uri) -> Response + Send>;
/// Status, headers and body of an answer, and a word that says what is wrong with it.
type Case = (&'static str, Headers, String, &'static str);
type Headers = &'static [(&'static str, &'static str)];

/// A web site that publishes documents.
#[derive(Clone)]
struct Site(Arc<Inner>);

struct Inner {
    port: u16,
    answer: Mutex<Answer>,
    delay: Mutex<Duration>,
    /// Requests so far, requests now, and the most at one time.
    calls: Mutex<(usize, usize, usize)>,
}

impl Site {
    async fn start(answer: impl Fn(&Uri) -> Response + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self(Arc::new(Inner {
            port: listener.local_addr().unwrap().port(),
            answer: Mutex::new(Box::new(answer)),
            delay: Mutex::default(),
            calls: Mutex::default(),
        }));
        let app = Router::new().fallback(call).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        site
    }

    fn answers(&self, answer: impl Fn(&Uri) -> Response + Send + 'static) {
        *self.0.answer.lock().unwrap() = Box::new(answer);
    }

    fn calls(&self) -> usize {
        self.0.calls.lock().unwrap().0
    }

    fn documents(&self) -> Documents {
        documents(&format!("http://127.0.0.1:{}", self.0.port))
    }
}

async fn call(State(site): State<Site>, uri: Uri) -> Response {
    let answer = (site.0.answer.lock().unwrap())(&uri);
    let delay = *site.0.delay.lock().unwrap();
    {
        let mut calls = site.0.calls.lock().unwrap();
        calls.0 += 1;
        calls.1 += 1;
        calls.2 = calls.2.max(calls.1);
    }
    time::sleep(delay).await;
    site.0.calls.lock().unwrap().1 -= 1;
    answer
}

fn documents(from: &str) -> Documents {
    let from = ("TEST_DOCUMENTS_FROM".to_owned(), from.to_owned());
    Env::of([from])
        .read(|env| Documents::new(env, OWN))
        .ok()
        .unwrap()
}

/// The document of the client with this address, with changes; `null` removes.
fn document(id: &str, changes: &Value) -> String {
    let mut document = json!({
        "client_id": id,
        "client_name": "Example",
        "redirect_uris": ["https://client.example/cb", "http://localhost/cb"],
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(document.as_object_mut().unwrap().remove(name)),
            value => document[name] = value.clone(),
        }
    }
    document.to_string()
}

fn good(uri: &Uri) -> Response {
    answer(
        "200",
        &[],
        document(&format!("https://client.example{uri}"), &json!({})),
    )
}

fn answer(status: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::builder().status(status);
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        response = response.header("content-type", "application/json");
    }
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).unwrap()
}

async fn assert_refused(documents: &Documents, id: &str, what: &str) {
    match documents.client(id).await {
        Err(Unknown::No(why)) => assert!(why.contains(what), "{id}: {why}"),
        Err(Unknown::Unavailable(why)) => panic!("{id}: unavailable: {why}"),
        Ok(_) => panic!("{id} is accepted: {what}"),
    }
}

async fn assert_unavailable(documents: &Documents) {
    let outcome = documents.client(ID).await;
    assert!(matches!(outcome, Err(Unknown::Unavailable(_))));
}

#[tokio::test]
async fn a_client_is_what_its_document_says() {
    let site = Site::start(good).await;
    let Client {
        id,
        name,
        redirect_uris,
        origin,
        secret,
        scopes,
    } = site.documents().client(ID).await.ok().unwrap();
    assert_eq!((id.as_str(), name.as_str()), (ID, "Example"));
    assert_eq!(
        redirect_uris,
        ["https://client.example/cb", "http://localhost/cb"]
    );
    let host = "client.example".to_owned();
    assert_eq!(origin, Origin::Document { host });
    assert!(secret.is_none() && scopes.is_none());
}

#[tokio::test]
async fn addresses_that_must_not_be_called_are_refused_without_a_call() {
    let site = Site::start(good).await;
    let documents = site.documents();
    for id in [
        "http://client.example/doc",
        "ftp://client.example/doc",
        "https://client.example",
        "https://client.example/",
        "https://client.example?x",
        "https://client.example/doc#",
        "https://client.example/doc#x",
        "https://user@client.example/doc",
        "https://user:pass@client.example/doc",
        "https://client.example@evil.example/doc",
        "https://client.example/a/../doc",
        "https://client.example/./doc",
        "https://client.example/a/%2e%2e/doc",
        "https://client.example/a/%252E%252E/doc",
        "https://client.example/a/..%2fdoc",
        "https://client.example:80/doc",
        "https://client.example:8443/doc",
        "https://client.example:22/doc",
        "https://client.example./doc",
        "https://*.example/doc",
        "https://client.example/d oc",
        "https://client.example/doc\n",
        "https://client.example\\@evil.example/doc",
        "https://bücher.example/doc",
        "https://127.0.0.1/doc",
        "https://127.1/doc",
        "https://2130706433/doc",
        "https://0x7f000001/doc",
        "https://0177.0.0.1/doc",
        "https://10.0.0.1/doc",
        "https://169.254.169.254/latest/meta-data",
        "https://8.8.8.8/doc",
        "https://[::1]/doc",
        "https://[::ffff:127.0.0.1]/doc",
        "https://[2606:4700::1111]/doc",
        "https://localhost/doc",
        "https://intranet/doc",
        "https://metadata/computeMetadata/v1/",
        "https://mcp.example.com/doc",
        "https://MCP.example.com/doc",
        "https://mcp.example.com:443/doc",
    ] {
        assert_refused(&documents, id, "its address").await;
    }
    let long = format!("{ID}{}", "x".repeat(512));
    assert_refused(&documents, &long, "its address").await;
    assert_eq!(site.calls(), 0);
    assert!(is_address(ID) && !is_address("http://a.example/") && !is_address("abc"));
}

#[tokio::test]
async fn this_server_does_not_call_itself_on_another_port() {
    let documents = Env::of([])
        .read(|env| Documents::new(env, "https://mcp.example.com:8443"))
        .ok()
        .unwrap();
    assert_refused(&documents, "https://mcp.example.com/doc", "this server").await;
}

#[tokio::test]
async fn good_addresses_are_called_as_they_are() {
    let site = Site::start(|uri| {
        let host = if uri.path() == "/b" {
            "xn--bcher-kva.example:443"
        } else {
            "client.example"
        };
        answer(
            "200",
            &[],
            document(&format!("https://{host}{uri}"), &json!({})),
        )
    })
    .await;
    let documents = site.documents();
    for id in [
        "https://client.example/doc?a=b&c",
        "https://client.example/a//doc/",
        "https://xn--bcher-kva.example:443/b",
    ] {
        assert_eq!(documents.client(id).await.ok().unwrap().id, id);
    }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_called() {
    let site = Site::start(good).await;
    let documents = documents(&format!("http://localhost:{}", site.0.port));
    let Err(Unknown::Unavailable(why)) = documents.client(ID).await else {
        panic!("called");
    };
    assert!(why.contains("not public"), "{why}");
    assert_eq!(site.calls(), 0);
}

#[tokio::test]
async fn bad_documents_are_refused() {
    let changes = [
        (json!({"client_id": null}), "JSON"),
        (json!({"client_name": null}), "JSON"),
        (json!({"client_name": 7}), "JSON"),
        (json!({"client_name": " "}), "client_name"),
        (json!({"redirect_uris": null}), "JSON"),
        (
            json!({"redirect_uris": "https://client.example/cb"}),
            "JSON",
        ),
        (json!({"redirect_uris": []}), "redirect_uris"),
        (json!({"redirect_uris": vec!["a.b:/"; 51]}), "too many"),
        (
            json!({"client_id": "https://evil.example/oauth/client.json"}),
            "client_id",
        ),
        (json!({"client_id": format!("{ID}/")}), "client_id"),
        (json!({"client_id": format!("{ID}#")}), "client_id"),
        (
            json!({"client_id": ID.replace("client.e", "CLIENT.e")}),
            "client_id",
        ),
        (
            json!({"client_id": ID.replace("example/", "example:443/")}),
            "client_id",
        ),
        (json!({"client_secret": "x"}), "secret"),
        (json!({"client_secret_expires_at": 0}), "secret"),
        (
            json!({"token_endpoint_auth_method": "client_secret_basic"}),
            "only \"none\"",
        ),
        (
            json!({"token_endpoint_auth_method": "client_secret_jwt"}),
            "only \"none\"",
        ),
        (
            json!({"token_endpoint_auth_method": "private_key_jwt"}),
            "only \"none\"",
        ),
        (
            json!({"token_endpoint_auth_method": "client_secret_post", "token_endpoint_auth_methods_supported": ["none"]}),
            "only \"none\"",
        ),
        (
            json!({"token_endpoint_auth_method": "none", "token_endpoint_auth_methods_supported": ["private_key_jwt"]}),
            "only \"none\"",
        ),
        (json!({"grant_types": ["client_credentials"]}), "grant"),
        (json!({"grant_types": []}), "grant"),
        (json!({"response_types": ["token"]}), "grant"),
    ];
    for (changes, what) in changes {
        let body = document(ID, &changes);
        let site = Site::start(move |_| answer("200", &[], body.clone())).await;
        assert_refused(&site.documents(), ID, what).await;
    }
    for uri in [
        "https://*.client.example/cb",
        "https://client.example/*",
        "javascript:alert(1)",
        "http://client.example/cb",
        "https://client.example/cb#x",
        "https://mcp.example.com/auth/callback",
    ] {
        let body = document(
            ID,
            &json!({"redirect_uris": ["https://client.example/cb", uri]}),
        );
        let site = Site::start(move |_| answer("200", &[], body.clone())).await;
        assert_refused(&site.documents(), ID, "redirect URI").await;
    }
}

#[tokio::test]
async fn what_a_document_says_to_other_servers_does_no_harm() {
    for changes in [
        json!({"token_endpoint_auth_method": "none", "scope": "x", "jwks_uri": "https://client.example/keys"}),
        json!({"grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]}),
        json!({"response_types": ["code", "code id_token"], "logo_uri": "http://169.254.169.254/"}),
        json!({"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"]}),
    ] {
        let body = document(ID, &changes);
        let site = Site::start(move |_| answer("200", &[], body.clone())).await;
        assert!(site.documents().client(ID).await.is_ok(), "{changes}");
        assert_eq!(site.calls(), 1);
    }
}

#[tokio::test]
async fn bad_answers_are_refused() {
    let padded = |length: usize| {
        let text = document(ID, &json!({}));
        format!("{text}{}", " ".repeat(length - text.len()))
    };
    let cases: [Case; 15] = [
        (
            "301",
            &[("location", "https://evil.example/doc")],
            String::new(),
            "301",
        ),
        ("302", &[("location", "/other")], padded(1000), "302"),
        (
            "307",
            &[("location", "http://169.254.169.254/")],
            padded(1000),
            "307",
        ),
        ("201", &[], padded(1000), "201"),
        ("203", &[], padded(1000), "203"),
        ("404", &[], padded(1000), "404"),
        (
            "200",
            &[("content-type", "text/html")],
            padded(1000),
            "application/json",
        ),
        (
            "200",
            &[("content-type", "text/json")],
            padded(1000),
            "application/json",
        ),
        (
            "200",
            &[("content-type", "application/jsonp")],
            padded(1000),
            "application/json",
        ),
        (
            "200",
            &[("content-type", "")],
            padded(1000),
            "application/json",
        ),
        (
            "200",
            &[("content-encoding", "gzip")],
            padded(1000),
            "compressed",
        ),
        (
            "200",
            &[("content-encoding", "br")],
            padded(1000),
            "compressed",
        ),
        ("200", &[], padded(5 * 1024 + 1), "longer"),
        ("200", &[], padded(20 * 1024 * 1024), "longer"),
        ("200", &[], "<html></html>".into(), "JSON"),
    ];
    for (status, headers, body, what) in cases {
        let headers = headers.to_vec();
        let site = Site::start(move |_| answer(status, &headers, body.clone())).await;
        assert_refused(&site.documents(), ID, what).await;
        assert_eq!(site.calls(), 1, "{what}");
    }
    for content_type in [
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/cimd+json",
    ] {
        let body = padded(5 * 1024);
        let headers = [
            ("content-type", content_type),
            ("content-encoding", "identity"),
        ];
        let site = Site::start(move |_| answer("200", &headers, body.clone())).await;
        assert!(site.documents().client(ID).await.is_ok(), "{content_type}");
    }
}

#[tokio::test]
async fn a_short_answer_that_unpacks_to_a_long_one_is_not_unpacked() {
    // 20,000 spaces, packed by gzip.
    const PACKED: &[u8] =
        b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc1\x31\x01\0\0\0\xc2\xa0\x2a\xeb\x9f\xd2\x1a\x1e\
        \x40\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xf0\x60\x28\xc4\x08\x85\x20\x4e\0\0";
    for (encoding, what) in [("gzip", "compressed"), ("identity", "JSON")] {
        let headers = [("content-encoding", encoding)];
        let site = Site::start(move |_| answer("200", &headers, PACKED)).await;
        assert_refused(&site.documents(), ID, what).await;
    }
}

#[tokio::test]
async fn a_document_without_end_and_without_length_is_refused() {
    let site = Site::start(|_| {
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 1024]));
        answer("200", &[], Body::from_stream(endless))
    })
    .await;
    assert_refused(&site.documents(), ID, "longer").await;
}

#[tokio::test]
async fn a_site_that_is_down_or_slow_is_an_outage() {
    for status in ["429", "500", "503"] {
        let site = Site::start(move |_| answer(status, &[], "")).await;
        assert_unavailable(&site.documents()).await;
    }
    let nobody = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    assert_unavailable(&documents(&format!("http://{nobody}"))).await;
    // One byte a second, for ever.
    let site = Site::start(|_| {
        let drops = stream::unfold((), |()| async {
            time::sleep(Duration::from_secs(1)).await;
            Some((Ok::<_, std::io::Error>(" "), ()))
        });
        answer("200", &[], Body::from_stream(drops))
    })
    .await;
    let documents = site.documents();
    time::pause();
    let started = time::Instant::now();
    assert_unavailable(&documents).await;
    assert!(started.elapsed() < Duration::from_secs(6));
}

#[tokio::test]
async fn a_failure_is_not_remembered() {
    let bad = document(ID, &json!({"client_id": "https://evil.example/doc"}));
    for (status, body) in [("404", ""), ("503", ""), ("200", &*bad)] {
        let body = body.to_owned();
        let headers = [("cache-control", "max-age=9999")];
        let site = Site::start(move |_| answer(status, &headers, body.clone())).await;
        let documents = site.documents();
        for calls in 1..=3 {
            assert!(documents.client(ID).await.is_err());
            assert_eq!(site.calls(), calls);
        }
        site.answers(good);
        assert!(documents.client(ID).await.is_ok());
    }
}

#[tokio::test]
async fn who_waited_for_a_failure_does_not_call_again() {
    let site = Site::start(|_| answer("404", &[], "")).await;
    *site.0.delay.lock().unwrap() = Duration::from_millis(50);
    let documents = site.documents();
    let outcomes = join_all((0..50).map(|_| documents.client(ID))).await;
    assert!(outcomes.iter().all(Result::is_err));
    assert_eq!(site.calls(), 1);
}

#[tokio::test]
async fn the_site_says_how_long_a_document_holds_within_bounds() {
    let day = 24 * 60 * MINUTE;
    for (headers, holds) in [
        (&[][..], 5 * MINUTE),
        (&[("cache-control", "no-store")], 5 * MINUTE),
        (&[("cache-control", "max-age=3600, no-cache")], 5 * MINUTE),
        (&[("cache-control", "max-age=0")], 5 * MINUTE),
        (&[("cache-control", "max-age=nonsense")], 5 * MINUTE),
        (&[("cache-control", "public, Max-Age=3600")], 60 * MINUTE),
        (
            &[
                ("cache-control", "public"),
                ("cache-control", "max-age=3600"),
            ],
            60 * MINUTE,
        ),
        (
            &[("cache-control", "max-age=3600"), ("age", "1800")],
            30 * MINUTE,
        ),
        (
            &[("cache-control", "max-age=3600"), ("age", "99999")],
            5 * MINUTE,
        ),
        (&[("cache-control", "max-age=999999999")], day),
    ] {
        let (site, body) = (Site::start(good).await, document(ID, &json!({})));
        let sent = headers.to_vec();
        site.answers(move |_| answer("200", &sent, body.clone()));
        let documents = site.documents();
        assert!(documents.client(ID).await.is_ok());
        pass(holds - MINUTE).await;
        assert!(documents.client(ID).await.is_ok());
        assert_eq!(site.calls(), 1, "{headers:?}");
        pass(2 * MINUTE).await;
        assert!(documents.client(ID).await.is_ok());
        assert_eq!(site.calls(), 2, "{headers:?}");
    }
}

#[tokio::test]
async fn a_changed_document_is_not_trusted_from_memory() {
    let site = Site::start(good).await;
    let documents = site.documents();
    assert!(documents.client(ID).await.is_ok());
    let body = document(ID, &json!({"client_id": "https://evil.example/doc"}));
    site.answers(move |_| answer("200", &[], body.clone()));
    pass(6 * MINUTE).await;
    assert_refused(&documents, ID, "client_id").await;
}

#[tokio::test]
async fn many_requests_for_one_document_cost_one_fetch() {
    let site = Site::start(good).await;
    *site.0.delay.lock().unwrap() = Duration::from_millis(50);
    let documents = site.documents();
    let outcomes = join_all((0..50).map(|_| documents.client(ID))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!(site.calls(), 1);
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_spoil_it_for_others() {
    let site = Site::start(good).await;
    *site.0.delay.lock().unwrap() = Duration::from_millis(100);
    let documents = site.documents();
    let hangs_up = time::timeout(Duration::from_millis(20), documents.client(ID)).await;
    assert!(hangs_up.is_err());
    assert!(documents.client(ID).await.is_ok());
}

#[tokio::test]
async fn many_documents_are_fetched_at_the_same_time() {
    let site = Site::start(good).await;
    *site.0.delay.lock().unwrap() = Duration::from_millis(20);
    let documents = site.documents();
    let ids: Vec<_> = (0..100).map(|index| format!("{ID}?{index}")).collect();
    let outcomes = join_all(ids.iter().map(|id| documents.client(id))).await;
    assert!(outcomes.iter().all(Result::is_ok));
    let (calls, _, most) = *site.0.calls.lock().unwrap();
    assert_eq!(calls, 100);
    assert!(most > 16, "one slow host must not hold up others: {most}");
}

#[tokio::test]
async fn a_flood_of_bad_addresses_does_not_drive_out_a_good_one() {
    let site = Site::start(|uri| match uri.query() {
        None => good(uri),
        Some(_) => answer("404", &[], "").into_response(),
    })
    .await;
    let documents = site.documents();
    assert!(documents.client(ID).await.is_ok());
    let ids: Vec<_> = (0..1200).map(|index| format!("{ID}?{index}")).collect();
    for ids in ids.chunks(50) {
        join_all(ids.iter().map(|id| documents.client(id))).await;
    }
    let calls = site.calls();
    assert_eq!(calls, 1201);
    assert!(documents.client(ID).await.is_ok());
    assert_eq!(site.calls(), calls, "the good one is still known");
}

#[tokio::test]
async fn there_is_an_end_to_what_is_remembered() {
    let site = Site::start(good).await;
    let documents = site.documents();
    let ids: Vec<_> = (0..1001).map(|index| format!("{ID}?{index}")).collect();
    for ids in ids.chunks(50) {
        join_all(ids.iter().map(|id| documents.client(id))).await;
    }
    assert!(documents.client(&ids[1000]).await.is_ok());
    assert_eq!(site.calls(), 1001, "the last one is known");
    join_all(ids[..50].iter().map(|id| documents.client(id))).await;
    assert!(site.calls() > 1001, "one of the first was forgotten");
}
