use axum::{routing::get, Router};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/", get(|| async { "hello" }));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8000").await?, app).await
}
