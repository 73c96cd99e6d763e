//! A login provider for trials, so that the server runs without any account:
//!
//!     cargo run --example dev-provider [-- --port 9000] [--login alice]
//!
//! Prints the settings that point the server at it, one `NAME=value` a line, and serves until it is stopped. With
//! `--login` that person is logged in without a page, which is what programs need. Never for production: whoever
//! reaches it can be anybody.

#[path = "../src/auth/tests/dev_provider.rs"]
mod dev_provider;

use std::{
    io::{self, Write},
    net::Ipv4Addr,
    process::ExitCode,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::net::TcpListener;

use dev_provider::{
    DevProvider,
    people::{PEOPLE, Person, person},
    settings::PLAYED,
};

const USAGE: &str = "usage: cargo run --example dev-provider [-- --port 9000] [--login alice]";

/// What the command line says. Port 0 is any that is free.
#[derive(Default)]
struct Options {
    port: u16,
    login: Option<&'static Person>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let problem = match options(std::env::args().skip(1)) {
        Ok(options) => match serve(options).await {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => error.to_string(),
        },
        Err(problem) => format!("{problem}\n{USAGE}"),
    };
    eprintln!("error: {problem}");
    ExitCode::FAILURE
}

/// `--name value` or `--name=value`.
fn options(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, words.next()),
        };
        let value = value.unwrap_or_default();
        match name.as_str() {
            "--port" => {
                let port = value.parse();
                options.port = port.map_err(|_| format!("--port: `{value}` is not a port"))?;
            }
            "--login" => {
                let known: Vec<_> = PEOPLE.iter().map(|person| person.login).collect();
                let known = known.join(", ");
                let person = person(&value);
                options.login =
                    Some(person.ok_or(format!("--login: `{value}` is none of {known}"))?);
            }
            _ => return Err(format!("`{name}` is not an option")),
        }
    }
    Ok(options)
}

async fn serve(options: Options) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let provider = DevProvider::new(base.clone())?;
    provider.logins().at_once = options.login;
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    let mut lines = String::new();
    for (name, value) in provider.settings() {
        lines += &format!("{name}={value}\n");
    }
    // Last, and all at once: who waits for this line has the others.
    lines += &format!("AUTH_SIGNING_KEY={}\n", BASE64_STANDARD.encode(key));
    io::stdout().write_all(lines.as_bytes())?;
    io::stdout().flush()?;
    eprintln!(
        "playing {PLAYED} at {base}, for trials only; the settings let alice in, but not bob"
    );
    axum::serve(listener, provider.router()).await
}
