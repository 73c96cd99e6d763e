//! Starts the server.
#![deny(warnings)]

use std::io;

use strict_notes::{http, notes::Notes};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> io::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    http::serve(listener, Notes::default()).await
}
