//! A server that answers as a protected one does, or wrongly in one way.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

use serde_json::{Value, json};

pub const GOOD: &str = "good-token";
pub const OTHER: &str = "token-for-another-server";
pub const ISSUER: &str = "https://login.example.com";

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// Nobody needs a token.
    Open,
    NoChallenge,
    OtherScheme,
    NoMetadataUrl,
    OtherMetadataUrl,
    /// Those without a token are told that theirs is bad.
    ErrorWithoutToken,
    /// Those with a bad token are not told.
    NoErrorForBadToken,
    NoMetadata,
    MetadataIsHtml,
    OtherResource,
    OtherIssuer,
    NoIssuer,
    /// Any token will do.
    Credulous,
    AcceptsOtherAudience,
    RefusesGoodToken,
    /// A good token is not enough.
    Forbids,
    Breaks,
    ForgetsSession,
    NoTools,
}

pub struct Fake {
    pub port: u16,
}

struct Asked {
    method: String,
    path: String,
    token: Option<String>,
    session: Option<String>,
    body: Value,
}

impl Fake {
    pub fn start(wrong: Wrong) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let asked = read(&stream);
                let answer = answer(&asked, &format!("http://localhost:{port}"), wrong);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { port }
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let mut words = line.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let (mut token, mut session, mut length) = (None, None, 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => token = value.strip_prefix("Bearer ").map(str::to_owned),
            "mcp-session-id" => session = Some(value.to_owned()),
            "content-length" => length = value.parse().unwrap(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Asked {
        method,
        path,
        token,
        session,
        body,
    }
}

fn answer(asked: &Asked, base: &str, wrong: Wrong) -> String {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/.well-known/oauth-protected-resource/mcp") => metadata(base, wrong),
        ("POST", "/mcp") => match refusal(asked.token.as_deref(), base, wrong) {
            Some(refusal) => refusal,
            None => mcp(asked, wrong),
        },
        _ => http("404 Not Found", "", "text/plain", "not here"),
    }
}

fn metadata(base: &str, wrong: Wrong) -> String {
    let mut document =
        json!({ "resource": format!("{base}/mcp"), "authorization_servers": [ISSUER] });
    match wrong {
        Wrong::NoMetadata => return http("404 Not Found", "", "text/plain", "not here"),
        Wrong::MetadataIsHtml => return http("200 OK", "", "text/html", "<h1>Welcome</h1>"),
        Wrong::OtherResource => document["resource"] = json!(base),
        Wrong::OtherIssuer => document["authorization_servers"] = json!(["https://a.example"]),
        Wrong::NoIssuer => drop(
            document
                .as_object_mut()
                .unwrap()
                .remove("authorization_servers"),
        ),
        _ => {}
    }
    http("200 OK", "", "application/json", &document.to_string())
}

fn refusal(token: Option<&str>, base: &str, wrong: Wrong) -> Option<String> {
    let is_good = match token {
        None => wrong == Wrong::Open,
        Some(GOOD) => wrong != Wrong::RefusesGoodToken,
        Some(OTHER) => matches!(
            wrong,
            Wrong::Open | Wrong::Credulous | Wrong::AcceptsOtherAudience
        ),
        Some(_) => matches!(wrong, Wrong::Open | Wrong::Credulous),
    };
    if is_good {
        return None;
    }
    let has_error = match token {
        None => wrong == Wrong::ErrorWithoutToken,
        Some(_) => wrong != Wrong::NoErrorForBadToken,
    };
    let error = if has_error {
        "error=\"invalid_token\", "
    } else {
        ""
    };
    let url = match wrong {
        Wrong::OtherMetadataUrl => format!("{base}/.well-known/oauth-protected-resource"),
        _ => format!("{base}/.well-known/oauth-protected-resource/mcp"),
    };
    let challenge = match wrong {
        Wrong::NoChallenge => String::new(),
        Wrong::OtherScheme => "www-authenticate: Basic realm=\"x\"\r\n".to_owned(),
        Wrong::NoMetadataUrl => format!("www-authenticate: Bearer {error}realm=\"x\"\r\n"),
        _ => format!("www-authenticate: Bearer {error}resource_metadata=\"{url}\"\r\n"),
    };
    Some(http(
        "401 Unauthorized",
        &challenge,
        "application/json",
        "{}",
    ))
}

fn mcp(asked: &Asked, wrong: Wrong) -> String {
    let result = match asked.body["method"].as_str() {
        Some("initialize") if wrong == Wrong::Forbids => {
            return http(
                "403 Forbidden",
                "",
                "text/plain",
                "Forbidden: Host header is not allowed",
            );
        }
        Some("initialize") if wrong == Wrong::Breaks => {
            return http("500 Internal Server Error", "", "text/plain", "");
        }
        Some("initialize") => {
            let capabilities = match wrong {
                Wrong::NoTools => json!({}),
                _ => json!({ "tools": {} }),
            };
            json!({ "protocolVersion": "2025-03-26", "capabilities": capabilities })
        }
        _ if wrong == Wrong::ForgetsSession || asked.session.as_deref() != Some("s-1") => {
            return http("404 Not Found", "", "text/plain", "session not found");
        }
        Some("tools/list") => json!({ "tools": [] }),
        _ => return http("202 Accepted", "", "text/plain", ""),
    };
    let message = json!({ "jsonrpc": "2.0", "id": asked.body["id"], "result": result });
    let stream = format!("data: \nid: 0\n\ndata: {message}\n\n");
    http(
        "200 OK",
        "mcp-session-id: s-1\r\n",
        "text/event-stream",
        &stream,
    )
}

fn http(status: &str, headers: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}
