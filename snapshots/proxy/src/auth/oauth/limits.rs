//! How often one address may use the OAuth endpoints. Browsers, clients and whoever else; the MCP service has
//! limits of its own.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, RETRY_AFTER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};

use super::Oauth;

/// What one address may do at once, and in each second after that. Hosted clients send the logins of
/// many people from a few addresses.
const BURST: NonZeroU32 = NonZeroU32::new(200).expect("not zero");
const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// After so many requests, addresses that have been quiet are forgotten.
const SWEEP: usize = 10_000;

/// Counts requests by address.
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    requests: AtomicUsize,
    proxies: usize,
}

impl Limits {
    /// `proxies` is how many reverse proxies stand in front.
    pub fn new(proxies: usize) -> Self {
        let quota = Quota::per_second(PER_SECOND).allow_burst(BURST);
        Self {
            addresses: RateLimiter::keyed(quota),
            requests: AtomicUsize::new(0),
            proxies,
        }
    }

    /// Seconds to wait, if this address has to.
    fn wait(&self, address: IpAddr) -> Option<u64> {
        if self.requests.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.addresses.retain_recent();
        }
        let until = self.addresses.check_key(&network(address)).err()?;
        let wait = until.wait_time_from(self.addresses.clock().now());
        Some(wait.as_secs() + 1)
    }

    /// The address behind a request. Each proxy adds the one that it saw at the end of `X-Forwarded-For`.
    fn address(&self, headers: &HeaderMap, peer: Option<IpAddr>) -> IpAddr {
        let forwarded = self.proxies.checked_sub(1).and_then(|steps| {
            let lines = headers.get_all("x-forwarded-for").iter();
            let lines: Vec<_> = lines.filter_map(|line| line.to_str().ok()).collect();
            let named = lines.iter().flat_map(|line| line.split(','));
            ip(named.rev().nth(steps)?.trim())
        });
        // Without a peer all share one count.
        forwarded
            .or(peer)
            .unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED))
    }
}

/// An address, which some proxies write with a port.
fn ip(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse().map(|address: SocketAddr| address.ip());
    text.parse().or_else(|_| with_port()).ok()
}

/// Whoever has one address of an IPv6 network has them all.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

/// Answers 429 instead of the endpoint, when it is too much.
pub async fn limit(State(oauth): State<Oauth>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip());
    let address = oauth.limits.address(request.headers(), peer);
    match oauth.limits.wait(address) {
        None => next.run(request).await,
        Some(seconds) => {
            tracing::debug!(%address, "too many requests");
            // Clients that are web pages may read it too.
            let headers = [
                (RETRY_AFTER, HeaderValue::from(seconds)),
                (ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
                (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            let text = "too many requests; try again later";
            (StatusCode::TOO_MANY_REQUESTS, headers, text).into_response()
        }
    }
}
