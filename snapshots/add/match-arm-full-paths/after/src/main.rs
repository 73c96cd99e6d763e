#[rustfmt::skip]
mod auth;
mod dice;

use dice::Dice;
use rmcp::ServiceExt;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mode = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http".to_string());
    match mode.as_str() {
        "stdio" => {
            let running = Dice.serve(rmcp::transport::stdio()).await?;
            running.waiting().await?;
        }
        "http" => {
            let port: u16 = std::env::var("PORT").unwrap_or("6006".into()).parse()?;
            let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(
                || Ok(Dice),
                std::sync::Arc::new(
                    rmcp::transport::streamable_http_server::session::local::LocalSessionManager::default(),
                ),
                rmcp::transport::streamable_http_server::StreamableHttpServerConfig::default(),
            );
            let auth = crate::auth::Auth::from_env_or_exit("/mcp");
            let app = axum::Router::new()
                .merge(auth.routes())
                .nest_service("/mcp", auth.protect(service));
            let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
            axum::serve(listener, app).await?;
        }
        other => anyhow::bail!("{other} is neither stdio nor http"),
    }
    Ok(())
}
