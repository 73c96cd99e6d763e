//! Ways to mount a protected service: wherever it is, the metadata and the challenge name its address.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
    routing::any_service,
};

use super::{
    app::{self, Answer, App},
    harness,
};
use crate::auth::{Auth, Env};

const BASE: &str = "https://mcp.example.com";
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// Reads the configuration of a service that is mounted at `path`.
async fn auth(path: &str) -> Result<Auth, String> {
    let mut settings = harness::settings().await;
    settings.push(("BASE_URL".to_owned(), BASE.to_owned()));
    let read = Env::of(settings).read(|env| Auth::read(env, path));
    read.map_err(|problems| problems.to_string())
}

async fn refused(app: &App, path: &str) -> Answer {
    let request = Request::post(path).body(Body::empty()).unwrap();
    let answer = app.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    answer
}

/// Asserts that a protected service is at `path`, and its metadata at `metadata`.
async fn assert_mounted(app: &App, path: &str, metadata: &str) {
    let answer = refused(app, path).await;
    let named = format!(r#"resource_metadata="{BASE}{metadata}""#);
    assert!(answer.challenge().contains(&named), "{answer:?}");
    let request = Request::get(metadata).body(Body::empty()).unwrap();
    let document = app.send(request).await.json();
    let resource = metadata.strip_prefix(WELL_KNOWN).unwrap();
    assert_eq!(document["resource"], format!("{BASE}{resource}"));
}

#[tokio::test]
async fn a_service_can_be_mounted_in_every_way_that_axum_has() {
    let routers: [fn(Router, &Auth) -> Router; 5] = [
        |router, auth| router.nest_service("/mcp", auth.protect(app::service())),
        |router, auth| router.route_service("/mcp", auth.protect(app::service())),
        |router, auth| router.route("/mcp", auth.protect(app::service())),
        |router, auth| router.route("/mcp", any_service(auth.protect(app::service()))),
        |router, auth| {
            let inner = Router::new().fallback_service(auth.protect(app::service()));
            router.nest("/mcp", inner)
        },
    ];
    let token = harness::token("alice", "mcp:tools");
    for mount in routers {
        let auth = auth("/mcp").await.unwrap();
        let app = App(mount(Router::new(), &auth).merge(auth.routes()));
        assert_mounted(&app, "/mcp", &format!("{WELL_KNOWN}/mcp")).await;
        assert_eq!(app.call(&token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn what_is_nested_is_protected_at_every_depth() {
    let auth = auth("/mcp").await.unwrap();
    let app = App(Router::new()
        .nest_service("/mcp", auth.protect(app::service()))
        .merge(auth.routes()));
    for path in ["/mcp", "/mcp/", "/mcp/x/y", "/mcp//", "/mcp/%2e%2e/x"] {
        refused(&app, path).await;
    }
}

#[tokio::test]
async fn a_path_can_have_several_segments() {
    let auth = auth("/api/mcp").await.unwrap();
    let app = App(Router::new()
        .nest_service("/api/mcp", auth.protect(app::service()))
        .merge(auth.routes()));
    assert_mounted(&app, "/api/mcp", &format!("{WELL_KNOWN}/api/mcp")).await;
}

#[tokio::test]
async fn the_whole_server_can_be_the_service() {
    let auth = auth("/").await.unwrap();
    let app = App(Router::new()
        .fallback_service(auth.protect(app::service()))
        .merge(auth.routes()));
    for path in ["/", "/anything", "/mcp"] {
        assert_mounted(&app, path, WELL_KNOWN).await;
    }
}

#[tokio::test]
async fn a_router_with_a_state_can_hold_the_service() {
    #[derive(Clone)]
    struct State;
    let auth = auth("/mcp").await.unwrap();
    let router: Router<State> = Router::new()
        .nest_service("/mcp", auth.protect(app::service()))
        .route("/also", auth.protect(app::service()))
        .merge(auth.routes());
    let app = App(router.with_state(State));
    for path in ["/mcp", "/also"] {
        refused(&app, path).await;
    }
}

#[tokio::test]
async fn the_mount_path_is_read_as_routers_write_it() {
    for (written, resource) in [
        ("", ""),
        ("/", ""),
        ("/{*rest}", ""),
        ("mcp", "/mcp"),
        ("/mcp/", "/mcp"),
        ("/mcp/{*rest}", "/mcp"),
        ("/api/v1/mcp", "/api/v1/mcp"),
    ] {
        let auth = auth(written).await.unwrap();
        let app = App(auth.routes());
        let path = format!("{WELL_KNOWN}{resource}");
        let request = Request::get(&path).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{written}");
        assert_eq!(answer.json()["resource"], format!("{BASE}{resource}"));
    }
}

#[tokio::test]
async fn what_is_no_fixed_path_is_refused() {
    for path in [
        "/{tenant}/mcp",
        "/mcp?x",
        "/mcp#x",
        "/a/../mcp",
        "/my mcp",
        "/a//mcp",
        "https://mcp.example.com/mcp",
    ] {
        let problems = auth(path).await.err();
        let problems = problems.unwrap_or_else(|| panic!("{path} was accepted"));
        assert!(problems.contains(path), "{problems}");
    }
}
