//! Asks generated servers in a closed loop, and reads what that costs them.
//!
//!     load requests ROUNDS REQUESTS WORK OPEN PROTECTED MINIMAL
//!     load oauth ROUNDS CALLS LOGINS CROWD PATIENCE WORK OPEN PROTECTED PROVIDER REDIS
//!
//! What is upper-case at the end are programs. Prints one sample a line, tab-separated: kind, case, value. `cpu` is
//! the user and system time of the server's process per answered request, or per whatever the case names, in µs. The
//! reader takes medians.

mod calls;
mod crowd;
mod http;
mod login;
mod neighbours;
mod oauth;
mod requests;
mod server;
mod tokens;

use std::error::Error;

type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["requests", rounds, requests, work, open, protected, minimal] => requests::measure(
            rounds.parse()?,
            requests.parse()?,
            work,
            [open, protected, minimal],
        ),
        [
            "oauth",
            rounds,
            calls,
            logins,
            crowd,
            patience,
            work,
            open,
            protected,
            provider,
            redis,
        ] => {
            let plan = oauth::Plan {
                rounds: rounds.parse()?,
                calls: calls.parse()?,
                logins: logins.parse()?,
                crowd: crowd.parse()?,
                patience: patience.parse()?,
            };
            oauth::measure(
                &plan,
                work,
                &oauth::Programs {
                    open,
                    protected,
                    provider,
                    redis,
                },
            )
        }
        _ => Err("usage: see the top of src/main.rs".into()),
    }
}
