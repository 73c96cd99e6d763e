//! The one HTTP client for calls to other servers: bounded in time, without redirects.
//! Opens no connection by itself.

use std::time::Duration;

use reqwest::{Client, redirect::Policy};

use super::Env;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(5);

/// The client; `None` after recording a problem, if the TLS library cannot start.
pub fn client(env: &mut Env) -> Option<Client> {
    let client = Client::builder()
        .redirect(Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .build();
    client
        .map_err(|error| env.problem(format!("the HTTP client does not start: {error}")))
        .ok()
}
