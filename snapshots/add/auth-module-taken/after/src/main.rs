mod auth;
mod mailbox;
#[rustfmt::skip]
mod mcp_auth;
mod settings;

use axum::Router;
use rmcp::transport::streamable_http_server::{
    session::local::LocalSessionManager, StreamableHttpService,
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = settings::Settings::load()?;
    let auth = auth::MailLogin::new(&settings.mail_user);
    let service = StreamableHttpService::new(
        move || Ok(mailbox::Mailbox::new(auth.clone())),
        LocalSessionManager::default().into(),
        Default::default(),
    );
    let mcp_auth = crate::mcp_auth::Auth::from_env_or_exit("/mcp");
    let app = Router::new()
        .merge(mcp_auth.routes())
        .nest_service("/mcp", mcp_auth.protect(service));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", settings.port)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
