//! A desk where tickets are counted.

mod admin;
#[rustfmt::skip]
mod auth;
mod desk;
mod state;

use std::sync::Arc;

use axum::{extract::State, routing::get, Router};
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};
use tower_http::cors::CorsLayer;

use crate::{desk::Desk, state::AppState};

async fn metrics(State(state): State<Arc<AppState>>) -> String {
    format!("tickets_open {}\n", state.open())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let state = Arc::new(AppState::default());
    let listener = tokio::net::TcpListener::bind(state::address()?).await?;

    let desk = {
        let state = state.clone();
        StreamableHttpService::new(
            move || Ok(Desk::new(state.clone())),
            Arc::new(LocalSessionManager::default()),
            Default::default(),
        )
    };

    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(auth.routes())
        .route("/metrics", get(metrics))
        .nest_service("/mcp", auth.protect(desk))
        .merge(admin::routes())
        .with_state(state)
        .layer(CorsLayer::permissive());

    axum::serve(listener, app).await?;
    Ok(())
}
