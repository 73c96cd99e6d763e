//! The shapes of real servers, each in the form in which it is met.

use super::*;

#[test]
fn one_mount_in_main() {
    becomes(
        r#"
use axum::Router;
use rmcp::transport::streamable_http_server::{
    StreamableHttpService, session::local::LocalSessionManager,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let service = StreamableHttpService::new(
        || Ok(Tools::new()),
        LocalSessionManager::default().into(),
        Default::default(),
    );

    let router = Router::new().nest_service("/mcp", service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, router).await?;
    Ok(())
}
"#,
        r#"
use axum::Router;
use rmcp::transport::streamable_http_server::{
    StreamableHttpService, session::local::LocalSessionManager,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt::init();
    let service = StreamableHttpService::new(
        || Ok(Tools::new()),
        LocalSessionManager::default().into(),
        Default::default(),
    );

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let router = Router::new()
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(service));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await?;
    axum::serve(listener, router).await?;
    Ok(())
}
"#,
    );
}

#[test]
fn a_chain_with_routes_layers_and_comments() {
    becomes(
        r#"
async fn serve() {
    use rmcp::transport::StreamableHttpService;
    let mcp = StreamableHttpService::new(tools, sessions, config);
    let app = axum::Router::new() // everything
        // health, for the load balancer
        .route("/health", get(health))
        /* the MCP endpoint */
        .nest_service("/mcp", mcp.clone()) // trailing
        .layer(CorsLayer::permissive())
        .with_state(state);
    serve_http(app).await;
}
"#,
        r#"
async fn serve() {
    use rmcp::transport::StreamableHttpService;
    let mcp = StreamableHttpService::new(tools, sessions, config);
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = axum::Router::new() // everything
        .merge(auth.routes())
        // health, for the load balancer
        .route("/health", get(health))
        /* the MCP endpoint */
        .nest_service("/mcp", auth.protect(mcp.clone())) // trailing
        .layer(CorsLayer::permissive())
        .with_state(state);
    serve_http(app).await;
}
"#,
    );
}

#[test]
fn a_part_that_is_merged_into_the_router_that_is_served() {
    becomes(
        r#"
pub fn router(state: AppState) -> axum::Router {
    let service = rmcp::transport::StreamableHttpService::new(tools, sessions, config);
    let mcp_routes = axum::Router::new().nest_service("/mcp", service);
    axum::Router::new()
        .route("/", get(index))
        .with_state(state)
        .merge(mcp_routes)
}
"#,
        r#"
pub fn router(state: AppState) -> axum::Router {
    let service = rmcp::transport::StreamableHttpService::new(tools, sessions, config);
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let mcp_routes = axum::Router::new().nest_service("/mcp", auth.protect(service));
    axum::Router::new()
        .merge(auth.routes())
        .route("/", get(index))
        .with_state(state)
        .merge(mcp_routes)
}
"#,
    );
}

#[test]
fn route_service_with_a_service_that_is_bound_again() {
    becomes(
        r#"
use rmcp::transport::streamable_http_server::tower::StreamableHttpService as Http;
fn app() -> axum::Router {
    let first: Http<Tools, Sessions> = Http::<Tools, Sessions>::new(tools, sessions, config);
    let second = first.clone();
    let service = tower::ServiceBuilder::new().layer(trace).service(second);
    axum::Router::new().route_service("/", service)
}
"#,
        r#"
use rmcp::transport::streamable_http_server::tower::StreamableHttpService as Http;
fn app() -> axum::Router {
    let first: Http<Tools, Sessions> = Http::<Tools, Sessions>::new(tools, sessions, config);
    let second = first.clone();
    let service = tower::ServiceBuilder::new().layer(trace).service(second);
    let auth = crate::auth::Auth::from_env_or_exit("");
    axum::Router::new()
        .merge(auth.routes())
        .route_service("/", auth.protect(service))
}
"#,
    );
}

#[test]
fn a_function_that_gets_the_service_and_the_router() {
    becomes(
        r#"
type McpService = rmcp::transport::StreamableHttpService<Tools, Sessions>;

fn with_mcp(app: axum::Router, service: McpService, path: &str) -> axum::Router {
    app.nest_service(path, service)
}
"#,
        r#"
type McpService = rmcp::transport::StreamableHttpService<Tools, Sessions>;

fn with_mcp(app: axum::Router, service: McpService, path: &str) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit(path);
    app.merge(auth.routes())
        .nest_service(path, auth.protect(service))
}
"#,
    );
}

#[test]
fn a_service_behind_any_service() {
    becomes(
        r#"
use axum::{Router, routing::any_service};
use rmcp::transport::*;
fn app() -> Router {
    let service = StreamableHttpService::new(tools, sessions, settings);
    Router::new()
        .route("/mcp", any_service(service.clone()).layer(trace))
        .route("/mcp/", any_service(service))
}
"#,
        r#"
use axum::{Router, routing::any_service};
use rmcp::transport::*;
fn app() -> Router {
    let service = StreamableHttpService::new(tools, sessions, settings);
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    Router::new()
        .merge(auth.routes())
        .route("/mcp", any_service(auth.protect(service.clone())).layer(trace))
        .route("/mcp/", any_service(auth.protect(service)))
}
"#,
    );
}

#[test]
fn a_fallback_in_a_part_that_is_nested_in_the_same_function() {
    becomes(
        r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let mcp = axum::Router::new().fallback_service(service).layer(limit);
    axum::Router::new().nest("/api/mcp", mcp).layer(cors)
}
"#,
        r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/api/mcp");
    let mcp = axum::Router::new().fallback_service(auth.protect(service)).layer(limit);
    axum::Router::new()
        .merge(auth.routes())
        .nest("/api/mcp", mcp)
        .layer(cors)
}
"#,
    );
}

#[test]
fn a_service_that_is_made_where_it_is_mounted() {
    becomes(
        r#"
fn app() -> axum::Router {
    axum::Router::new()
        .nest_service(
            "/mcp",
            rmcp::transport::StreamableHttpService::new(tools, sessions, settings),
        )
}
"#,
        r#"
fn app() -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    axum::Router::new()
        .merge(auth.routes())
        .nest_service(
            "/mcp",
            auth.protect(rmcp::transport::StreamableHttpService::new(tools, sessions, settings)),
        )
}
"#,
    );
}
