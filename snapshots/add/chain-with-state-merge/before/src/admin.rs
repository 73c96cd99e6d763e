use std::sync::Arc;

use axum::{extract::State, routing::post, Router};

use crate::state::AppState;

pub fn routes() -> Router<Arc<AppState>> {
    Router::new().route("/admin/tickets", post(open))
}

async fn open(State(state): State<Arc<AppState>>) {
    state.add();
}
