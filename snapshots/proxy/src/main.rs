//! Starts the server: configuration, log, listener. Nothing else.

mod auth;
mod caller;
mod serve;
mod server;
#[cfg(test)]
mod tests;
mod tools;

use std::{
    io::{IsTerminal, stderr},
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::Context;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::auth::{Auth, Env};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (address, auth) = Env::or_exit(|env| {
        let log = init_log(env);
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 8000));
        let address = env.parse("BIND_ADDR", local, "127.0.0.1:8000");
        let auth = Auth::read(env, server::MCP_PATH);
        log.and(Some((address?, auth?)))
    });
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}; set BIND_ADDR to a free address"))?;
    tracing::info!("listening on {}", listener.local_addr()?);
    serve::serve(listener, server::router(&auth), serve::shutdown_signal()).await;
    Ok(())
}

/// Logs what `RUST_LOG` asks for, to standard error; rmcp tells of every request at `info`.
fn init_log(env: &mut Env) -> Option<()> {
    let filter = env
        .get("RUST_LOG")
        .unwrap_or_else(|| "info,rmcp=warn".to_owned());
    let Ok(filter) = EnvFilter::try_new(&filter) else {
        env.problem("RUST_LOG is not a filter, for example RUST_LOG=info");
        return None;
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();
    Some(())
}
