//! An authorization server that can do one thing: say whom an opaque token stands for (RFC 7662). For one trial, on
//! this machine.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use anyhow::Result;
use serde_json::{Value, json};

use super::login::random;

const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BYTES: u64 = 64 * 1024;

pub struct Introspection {
    pub url: String,
    known: Arc<Known>,
}

/// What is said about each token.
#[derive(Default)]
struct Known(Mutex<HashMap<String, Value>>);

impl Known {
    fn answers(&self) -> MutexGuard<'_, HashMap<String, Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Introspection {
    /// Listens until this program ends.
    ///
    /// # Errors
    /// There is no free port.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}/introspect", listener.local_addr()?);
        let known = Arc::<Known>::default();
        let asked = known.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let asked = asked.clone();
                // A question that breaks off is the server's affair, and seen in its answer.
                thread::spawn(move || answer(stream, &asked));
            }
        });
        Ok(Self { url, known })
    }

    /// A new token that stands for these claims.
    pub fn issue(&self, mut claims: Value) -> Result<String, String> {
        let token = random()?;
        claims["active"] = json!(true);
        self.known.answers().insert(token.clone(), claims);
        Ok(token)
    }
}

fn answer(mut stream: TcpStream, known: &Known) -> io::Result<()> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    let form = body(&stream)?;
    let token = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("token="))
        .unwrap_or_default();
    let claims = known.answers().get(token).cloned();
    let body = claims.unwrap_or(json!({ "active": false })).to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

/// The body of a request with a length.
fn body(stream: &TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream.take(MAX_BYTES));
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::{super::http::Client, *};

    #[test]
    fn knows_its_own_tokens_and_no_others() {
        let introspection = Introspection::start().unwrap();
        let token = introspection.issue(json!({ "sub": "alice" })).unwrap();
        let ask = |token: &str| {
            let form = format!("token={token}&token_type_hint=access_token");
            let answer = Client::new().post(&introspection.url, &[], form).unwrap();
            answer.json().unwrap()
        };
        assert_eq!(ask(&token), json!({ "active": true, "sub": "alice" }));
        assert_eq!(ask("another"), json!({ "active": false }));
    }
}
