//! Measures one generated server with and without its authentication, and a hand-written one.
//!
//!     load ROUNDS REQUESTS WORK OPEN PROTECTED MINIMAL
//!
//! The last three are server binaries. Prints one sample a line, tab-separated: kind, case, value.
//! `cpu` is the user and system time of the server's process per answered request in µs, `start`
//! the time from its start to its first answer in ms, `rss` its memory in KiB, `verify` what one
//! RSA verification takes in µs. The reader takes medians.

mod http;
mod server;
mod tokens;

use std::{error::Error, path::PathBuf, slice::from_ref};

use http::Connections;
use server::{Cores, Key, Server};
use tokens::Issuer;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// Keep-alive connections with one request each: enough that the server always has work waiting.
const CONNECTIONS: usize = 32;
/// Requests before each measurement, which fill the caches of processor and allocator.
const WARM_UP: usize = 300;
const STARTS: usize = 21;

/// One kind of request to one of the servers.
struct Case<'a> {
    name: &'static str,
    server: &'a Server,
    /// Sent in turn.
    requests: &'a [Vec<u8>],
    count: usize,
    status: u16,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rounds, requests, work, open, protected, minimal] = arguments.as_slice() else {
        return Err("usage: load ROUNDS REQUESTS WORK OPEN PROTECTED MINIMAL".into());
    };
    let (rounds, requests): (usize, usize) = (rounds.parse()?, requests.parse()?);
    let path = |text| PathBuf::from(text).canonicalize();
    let (open, protected, minimal) = (path(open)?, path(protected)?, path(minimal)?);

    let cores = Cores::find()?;
    let issuer = Issuer::new()?;
    let pem = path(work)?.join("issuer.public.pem");
    std::fs::write(&pem, issuer.public_pem()?)?;
    let pem = Key::File(&pem);
    let set = Key::Set(server::publish(&issuer)?);
    let good = http::call(Some(&issuer.token(0)?));
    let no_token = http::call(None);
    let health = http::health();

    for _ in 0..STARTS.min(rounds * 3) {
        for (name, binary, request) in
            [("open", &open, &no_token), ("protected", &protected, &good)]
        {
            let server = Server::start(binary, pem, &cores)?;
            println!(
                "start\t{name}\t{:.3}",
                server.first_answer(request)?.as_secs_f64() * 1e3
            );
            println!("rss\t{name}\t{}", server.memory()?);
        }
    }

    let open = Server::start(&open, pem, &cores)?;
    let protected = Server::start(&protected, pem, &cores)?;
    let minimal = Server::start(&minimal, set, &cores)?;
    open.first_answer(&no_token)?;
    protected.first_answer(&good)?;
    minimal.first_answer(&good)?;
    // RSA costs much: fewer requests, for each needs a token of its own.
    let costly = requests.div_ceil(3);
    for round in 0..rounds {
        println!(
            "verify\trs256\t{:.3}",
            issuer.time_to_verify()?.as_secs_f64() * 1e6
        );
        let serial = 1 + round * 2 * costly;
        let first_seen: Vec<_> = (serial..serial + costly)
            .map(|serial| Ok(http::call(Some(&issuer.token(serial)?))))
            .collect::<Result<_>>()?;
        let bad_signature: Vec<_> = (serial + costly..serial + 2 * costly)
            .map(|serial| {
                Ok(http::call(Some(&tokens::with_bad_signature(
                    &issuer.token(serial)?,
                ))))
            })
            .collect::<Result<_>>()?;
        let case = |name, server, requests, count, status| Case {
            name,
            server,
            requests,
            count,
            status,
        };
        let mut cases = [
            case("health", &protected, from_ref(&health), requests, 200),
            case("open", &open, from_ref(&no_token), requests, 200),
            case("warm", &protected, from_ref(&good), requests, 200),
            case("first-seen", &protected, &first_seen, costly, 200),
            case("no-token", &protected, from_ref(&no_token), requests, 401),
            case("bad-signature", &protected, &bad_signature, costly, 401),
            case("minimal", &minimal, &first_seen, costly, 200),
        ];
        // No case always follows the same other.
        let shift = round % cases.len();
        cases.rotate_left(shift);
        if round % 2 == 1 {
            cases.reverse();
        }
        for case in cases {
            let cost = case.cost(&good)?;
            println!("cpu\t{}\t{cost:.3}", case.name);
        }
    }
    println!("rss\tafter-load\t{}", protected.memory()?);
    Ok(())
}

impl Case<'_> {
    /// CPU time of the server in µs per request.
    fn cost(&self, good: &Vec<u8>) -> Result<f64> {
        let mut connections = Connections::open(self.server.address(), CONNECTIONS)?;
        let is_unseen = self.requests.len() > 1 && self.status == 200;
        let warm_up = if is_unseen { good } else { &self.requests[0] };
        connections.ask(from_ref(warm_up), WARM_UP, self.status)?;
        let before = self.server.cpu_time()?;
        connections.ask(self.requests, self.count, self.status)?;
        let spent = self.server.cpu_time()? - before;
        Ok(spent.as_secs_f64() * 1e6 / self.count as f64)
    }
}
