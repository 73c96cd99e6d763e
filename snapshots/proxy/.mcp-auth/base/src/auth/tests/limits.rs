//! How often one address may use the OAuth endpoints: whoever overdoes it waits, and nobody else does.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Request, StatusCode},
};

use super::{
    app::{Answer, App},
    harness::token,
    login::BASE,
};

/// A request from this address, with these `X-Forwarded-For` lines.
fn request(path: &str, peer: &str, forwarded: &[&str]) -> Request<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    let mut headers = HeaderMap::new();
    for line in forwarded {
        headers.append("x-forwarded-for", line.parse().unwrap());
    }
    *request.headers_mut() = headers;
    let peer: std::net::IpAddr = peer.parse().unwrap();
    request
        .extensions_mut()
        .insert(ConnectInfo(SocketAddr::new(peer, 1234)));
    request
}

/// Asks until it is too much. Even on a slow machine that comes soon: twenty requests a second are no flood.
async fn flood(app: &App, make: impl Fn(usize) -> Request<Body>) -> Option<Answer> {
    for number in 0..5000 {
        let answer = app.send(make(number)).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Some(answer);
        }
    }
    None
}

const METADATA: &str = "/.well-known/oauth-authorization-server";

async fn is_limited(app: &App, peer: &str, forwarded: &[&str]) -> bool {
    let answer = app.send(request(METADATA, peer, forwarded)).await;
    answer.status == StatusCode::TOO_MANY_REQUESTS
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again_and_others_notice_nothing() {
    let app = App::start().await;
    let answer = flood(&app, |_| request(METADATA, "198.51.100.1", &[]))
        .await
        .unwrap();
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // A client in a browser may read it.
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "no-store");
    for path in ["/authorize", "/consent", "/auth/callback", METADATA] {
        let answer = app.send(request(path, "198.51.100.1", &[])).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    for peer in [
        "198.51.100.2",
        "198.51.100.0",
        "2001:db8::1",
        "::ffff:198.51.100.3",
    ] {
        assert!(!is_limited(&app, peer, &[]).await, "{peer}");
    }
    // The MCP service has limits of its own.
    assert_eq!(
        app.call(&token("alice", "mcp:tools")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn everybody_may_do_what_a_login_needs() {
    let app = App::start().await;
    for _ in 0..200 {
        assert!(!is_limited(&app, "198.51.100.1", &[]).await);
    }
}

#[tokio::test]
async fn an_ipv6_network_counts_as_one_address() {
    let app = App::start().await;
    let address = |number: usize| format!("2001:db8:0:7:{number:x}::1");
    assert!(
        flood(&app, |number| request(METADATA, &address(number), &[]))
            .await
            .is_some()
    );
    assert!(is_limited(&app, "2001:db8:0:7:ffff:ffff:ffff:ffff", &[]).await);
    assert!(!is_limited(&app, "2001:db8:0:8::1", &[]).await);
    // An IPv4 address is the same one in either form.
    assert!(
        flood(&app, |_| request(METADATA, "198.51.100.1", &[]))
            .await
            .is_some()
    );
    assert!(is_limited(&app, "::ffff:198.51.100.1", &[]).await);
}

#[tokio::test]
async fn without_proxies_nobody_can_pretend_to_be_somebody_else() {
    let app = App::with(&[("TRUSTED_PROXY_HOPS", "0")]).await;
    let pretends = |number: usize| {
        let other = format!("203.0.113.{}", number % 250);
        request(METADATA, "198.51.100.1", &[&other])
    };
    assert!(flood(&app, pretends).await.is_some());
    assert!(!is_limited(&app, "198.51.100.2", &["198.51.100.1"]).await);
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_it_saw_counts() {
    // There is one where the address is https.
    let app = App::start().await;
    // The client may write in front of it what it likes.
    let pretends = |number: usize| {
        let line = format!("203.0.113.{}, 198.51.100.1", number % 250);
        request(METADATA, "10.0.0.1", &[&line])
    };
    assert!(flood(&app, pretends).await.is_some());
    assert!(is_limited(&app, "10.0.0.1", &["1.1.1.1", "2.2.2.2,198.51.100.1"]).await);
    assert!(!is_limited(&app, "10.0.0.1", &["198.51.100.1, 198.51.100.2"]).await);
    assert!(!is_limited(&app, "10.0.0.1", &["198.51.100.1", "198.51.100.3"]).await);
    assert!(!is_limited(&app, "10.0.0.1", &[]).await);
    // Some proxies write the port too.
    assert!(is_limited(&app, "10.0.0.1", &["198.51.100.1:4711"]).await);
    // What is no address cannot be told apart: the proxy's counts.
    let nonsense = |number: usize| request(METADATA, "10.0.0.1", &[&format!("x{number}")]);
    assert!(flood(&app, nonsense).await.is_some());
    assert!(is_limited(&app, "10.0.0.1", &[]).await);
    assert!(!is_limited(&app, "10.0.0.1", &["198.51.100.2"]).await);
}

#[tokio::test]
async fn a_server_whose_address_is_https_stands_behind_something_that_speaks_tls() {
    for (base, is_limited_by_proxy) in [(BASE, false), ("http://localhost:8000", true)] {
        let app = App::with(&[("BASE_URL", base)]).await;
        let one = |_| request(METADATA, "10.0.0.1", &["198.51.100.1"]);
        assert!(flood(&app, one).await.is_some());
        let other = is_limited(&app, "10.0.0.1", &["198.51.100.2"]).await;
        assert_eq!(other, is_limited_by_proxy, "{base}");
    }
}

#[tokio::test]
async fn behind_two_proxies_it_is_the_second_from_the_end() {
    let app = App::with(&[("TRUSTED_PROXY_HOPS", "2")]).await;
    let pretends = |number: usize| {
        let line = format!("203.0.113.{}, 198.51.100.1, 10.0.0.2", number % 250);
        request(METADATA, "10.0.0.1", &[&line])
    };
    assert!(flood(&app, pretends).await.is_some());
    assert!(is_limited(&app, "10.0.0.1", &["198.51.100.1", "10.0.0.9"]).await);
    assert!(!is_limited(&app, "10.0.0.1", &["198.51.100.1, 198.51.100.2, 10.0.0.2"]).await);
    for hops in ["two", "-1", "1.5"] {
        let problems = App::read(&[("TRUSTED_PROXY_HOPS", hops)])
            .await
            .err()
            .unwrap();
        assert!(problems.contains("TRUSTED_PROXY_HOPS"), "{problems}");
    }
}
