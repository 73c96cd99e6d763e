use std::{
    env,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

#[derive(Default)]
pub struct AppState {
    open: AtomicUsize,
}

impl AppState {
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub fn add(&self) {
        self.open.fetch_add(1, Ordering::Relaxed);
    }
}

pub fn address() -> anyhow::Result<SocketAddr> {
    let port = env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    Ok(format!("127.0.0.1:{port}").parse()?)
}
