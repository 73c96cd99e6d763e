//! What load balancers ask for.

use bytes::Bytes;

/// The server is up; nothing else is checked.
pub async fn health() -> Bytes {
    Bytes::from_static(b"ok")
}
