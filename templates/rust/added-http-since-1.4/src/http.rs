//! Serves MCP over streamable HTTP, behind authentication: what `--http` starts instead of stdio.
//! Reads `BIND_ADDR` and the settings of `auth`; listens until Ctrl-C or a signal to end.

use std::{
    future, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::Router;
use rmcp::transport::streamable_http_server::{
    self, StreamableHttpServerConfig, StreamableHttpService,
};
use tokio::{net::TcpListener, signal, time::sleep};

use crate::auth::{Auth, Env};

/// Where clients reach the service. It is part of the address that tokens are issued for.
const MCP_PATH: &str = "/mcp";
/// How long requests may take to end after the signal to stop; streams of events do not end by themselves.
const GRACE: Duration = Duration::from_secs(10);

/// Serves what `make` makes, anew for each session. Ends the process if the settings are wrong.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve<S: rmcp::ServerHandler>(
    make: impl Fn() -> S + Send + Sync + 'static,
) -> io::Result<()> {
    let (address, auth) = Env::or_exit(|env| {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 8000));
        let address = env.parse("BIND_ADDR", local, "127.0.0.1:8000");
        let auth = Auth::read(env, MCP_PATH);
        Some((address?, auth?))
    });
    let listener = TcpListener::bind(address).await?;
    eprintln!("listening on http://{}{MCP_PATH}", listener.local_addr()?);
    let service = router(&auth, make).into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        served = axum::serve(listener, service).with_graceful_shutdown(stop()) => served,
        () = async { stop().await; sleep(GRACE).await } => Ok(()),
    }
}

fn router<S: rmcp::ServerHandler>(
    auth: &Auth,
    make: impl Fn() -> S + Send + Sync + 'static,
) -> Router {
    let config = StreamableHttpServerConfig::default().with_allowed_hosts(auth.allowed_hosts());
    let sessions = Arc::new(streamable_http_server::session::local::LocalSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(make()), sessions, config);
    Router::new()
        .route(MCP_PATH, auth.protect(service))
        .merge(auth.routes())
}

/// Resolves on Ctrl-C, or on the signal by which service managers stop a process.
async fn stop() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut stream) => drop(stream.recv().await),
            Err(_) => future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
