use axum::{
    extract::Request,
    http::StatusCode,
    middleware::{from_fn, Next},
    response::{IntoResponse, Response},
    Router,
};

pub fn guarded(router: Router) -> Router {
    router.layer(from_fn(check_api_key))
}

async fn check_api_key(request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get("x-api-key")
        .and_then(|value| value.to_str().ok());
    if given.is_some() && given == std::env::var("LEDGER_KEY").ok().as_deref() {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}
