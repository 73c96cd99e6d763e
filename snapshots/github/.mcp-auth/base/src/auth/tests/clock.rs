//! The clock of a test: what it passes, it passes for the server and its store, not for the network.

use std::time::Duration;

use tokio::time;

/// Lets time pass.
pub async fn pass(duration: Duration) {
    time::pause();
    time::advance(duration).await;
    time::resume();
}
