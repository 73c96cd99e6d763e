use axum::{
    extract::{DefaultBodyLimit, Request},
    middleware::{self, Next},
    response::Response,
};

use crate::tides::Tides;

pub struct TideServer {
    port: u16,
}

impl TideServer {
    pub fn new(port: u16) -> Self {
        TideServer { port }
    }

    async fn log_request(request: Request, next: Next) -> Response {
        let line = format!("{} {}", request.method(), request.uri().path());
        let response = next.run(request).await;
        eprintln!("{line} -> {}", response.status());
        response
    }

    pub async fn serve(&self) -> anyhow::Result<()> {
        use rmcp::transport::streamable_http_server::{
            session::local::LocalSessionManager, StreamableHttpServerConfig, StreamableHttpService,
        };

        let service: StreamableHttpService<Tides, LocalSessionManager> = StreamableHttpService::new(
            || Ok(Tides),
            Default::default(),
            StreamableHttpServerConfig::default().with_json_response(true),
        );

        // A megabyte is plenty for a tide table.
        let auth = crate::auth::Auth::from_env_or_exit("/mcp");
        let router = axum::Router::new()
            .merge(auth.routes())
            .nest_service("/mcp", auth.protect(service))
            .layer(DefaultBodyLimit::max(1024 * 1024))
            .layer(middleware::from_fn(Self::log_request));

        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await?;
        Ok(axum::serve(listener, router).await?)
    }
}
