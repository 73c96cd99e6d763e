//! Mounts in branches of `if` and `match`.

use super::*;

#[test]
fn a_mount_in_one_branch_asks_for_nothing_in_the_other() {
    becomes(
        r#"
use rmcp::transport::StreamableHttpService;
fn app(config: &Config) -> axum::Router {
    let mut router = axum::Router::new().route("/health", get(health));
    if config.mcp {
        let service = StreamableHttpService::new(tools, sessions, settings);
        router = router.nest_service(&config.path, service);
    }
    router.layer(cors)
}
"#,
        r#"
use rmcp::transport::StreamableHttpService;
fn app(config: &Config) -> axum::Router {
    let mut router = axum::Router::new().route("/health", get(health));
    if config.mcp {
        let service = StreamableHttpService::new(tools, sessions, settings);
        let auth = crate::auth::Auth::from_env_or_exit(&config.path);
        router = router
            .merge(auth.routes())
            .nest_service(&config.path, auth.protect(service));
    }
    router.layer(cors)
}
"#,
    );
}

#[test]
fn mounts_in_both_branches_share_what_is_around_them() {
    becomes(
        r#"
use rmcp::transport::StreamableHttpService;
fn app(path: &str) -> axum::Router {
    let service = StreamableHttpService::new(tools, sessions, settings);
    let mut router = axum::Router::new();
    if path == "/" {
        router = router.fallback_service(service);
    } else {
        router = router.nest_service("/mcp", service);
    }
    router
}
"#,
        r#"
use rmcp::transport::StreamableHttpService;
fn app(path: &str) -> axum::Router {
    let service = StreamableHttpService::new(tools, sessions, settings);
    let auth = crate::auth::Auth::from_env_or_exit("");
    let mut router = axum::Router::new().merge(auth.routes());
    if path == "/" {
        router = router.fallback_service(auth.protect(service));
    } else {
        router = router.nest_service("/mcp", auth.protect(service));
    }
    router
}
"#,
    );
}

#[test]
fn a_match_arm_with_full_paths() {
    becomes(
        r#"
fn main() -> Result<(), Error> {
    match transport {
        Transport::Stdio => serve_stdio(),
        Transport::Http => {
            let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(
                make,
                sessions,
                config,
            );
            axum::serve(listener, axum::Router::new().nest_service("/mcp", service))
        }
    }
}
"#,
        r#"
fn main() -> Result<(), Error> {
    match transport {
        Transport::Stdio => serve_stdio(),
        Transport::Http => {
            let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(
                make,
                sessions,
                config,
            );
            let auth = crate::auth::Auth::from_env_or_exit("/mcp");
            axum::serve(listener, axum::Router::new().merge(auth.routes()).nest_service("/mcp", auth.protect(service)))
        }
    }
}
"#,
    );
}

#[test]
fn a_match_arm_without_a_block_is_served_from_before_the_match() {
    becomes(
        r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>, kind: Kind) -> axum::Router {
    match kind {
        Kind::Mcp => axum::Router::new().nest_service("/mcp", service),
        Kind::None => axum::Router::new(),
    }
}
"#,
        r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>, kind: Kind) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    match kind {
        Kind::Mcp => axum::Router::new()
            .merge(auth.routes())
            .nest_service("/mcp", auth.protect(service)),
        Kind::None => axum::Router::new(),
    }
}
"#,
    );
}
