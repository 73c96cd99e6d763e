//! One generated server with and without its authentication, and a hand-written one.
//!
//! Prints `cpu` per request; besides `start`, the time from a server's start to its first answer in ms, `rss`, its
//! memory in KiB, and `verify`, what one RSA verification takes in µs.

use std::{path::PathBuf, slice::from_ref};

use crate::{
    Result,
    calls::Case,
    http,
    server::{self, Cores, Key, Server},
    tokens::{self, Issuer},
};

const STARTS: usize = 21;

/// Measures; the programs are the server without authentication, with it, and the hand-written one.
pub fn measure(rounds: usize, requests: usize, work: &str, programs: [&str; 3]) -> Result<()> {
    let path = |text| PathBuf::from(text).canonicalize();
    let [open, protected, minimal] = programs.map(path);
    let (open, protected, minimal) = (open?, protected?, minimal?);

    let cores = Cores::find()?;
    let issuer = Issuer::new()?;
    let pem = path(work)?.join("issuer.public.pem");
    std::fs::write(&pem, issuer.public_pem()?)?;
    let pem = Key::File(&pem).settings();
    let set = Key::Set(server::publish(&issuer)?).settings();
    let good = http::call(Some(&issuer.token(0)?));
    let no_token = http::call(None);
    let health = http::health();

    for _ in 0..STARTS.min(rounds * 3) {
        for (name, binary, request) in
            [("open", &open, &no_token), ("protected", &protected, &good)]
        {
            let server = Server::start(binary, &pem, &cores)?;
            println!(
                "start\t{name}\t{:.3}",
                server.first_answer(request)?.as_secs_f64() * 1e3
            );
            println!("rss\t{name}\t{}", server.memory()?);
        }
    }

    let open = Server::start(&open, &pem, &cores)?;
    let protected = Server::start(&protected, &pem, &cores)?;
    let minimal = Server::start(&minimal, &set, &cores)?;
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
        let case = |name: &str, server, requests, count, status| Case {
            name: name.to_owned(),
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
            case.print(&good)?;
        }
    }
    println!("rss\tafter-load\t{}", protected.memory()?);
    Ok(())
}
