use axum::{routing::post, Json, Router};
use serde_json::Value;

pub fn router() -> Router {
    Router::new().route(
        "/rpc",
        post(|Json(request): Json<Value>| async move { Json(request) }),
    )
}
