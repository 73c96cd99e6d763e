//! A built server as a process on a port of its own, the requests of a client, and tokens that it accepts.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const ISSUER: &str = "https://issuer.test";
pub const SECRET: &str = "a-shared-secret-for-tests-of-at-least-32-bytes";
const API_KEY: &str = "a-key-for-tests-that-nobody-else-has";

const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"gate","version":"1"}}}"#;

/// Ends with this value.
pub struct Server {
    process: Child,
    pub port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// Starts `binary` in `folder`'s `target`, and waits until it listens.
    pub fn start(binary: &Path, folder: &Path, settings: &[(&str, String)]) -> Self {
        let port = free_port();
        // What the server stores is not the project's.
        let folder = folder.join("target");
        fs::create_dir_all(&folder).unwrap();
        let log = folder.join("server.log");
        let process = command(binary, &folder, port)
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut server = Self { process, port };
        for _ in 0..200 {
            if TcpStream::connect(("localhost", port)).is_ok() {
                return server;
            }
            let ended = server.process.try_wait().unwrap();
            assert!(
                ended.is_none(),
                "{ended:?}: {}",
                fs::read_to_string(&log).unwrap()
            );
            sleep(Duration::from_millis(50));
        }
        panic!(
            "{} does not listen: {}",
            binary.display(),
            fs::read_to_string(&log).unwrap()
        );
    }

    pub fn base(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// A client's first message.
    pub fn initialize(&self, path: &str, token: Option<&str>) -> Answer {
        let bearer = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
             Accept: application/json, text/event-stream\r\n{}",
            INITIALIZE.len(),
            bearer.unwrap_or_default()
        );
        self.send(&head, INITIALIZE)
    }

    fn send(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("localhost", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let host = format!("Host: localhost:{}\r\nConnection: close\r\n\r\n", self.port);
        stream
            .write_all(format!("{head}{host}{body}").as_bytes())
            .unwrap();
        Answer::read(stream)
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    head: String,
    /// Empty for an event stream, which need not end.
    pub body: String,
}

impl Answer {
    fn read(stream: TcpStream) -> Self {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(
                reader.read_line(&mut head).unwrap(),
                0,
                "the answer breaks off: {head}"
            );
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = String::new();
        if !head.to_lowercase().contains("text/event-stream") {
            reader.read_to_string(&mut body).unwrap();
        }
        Self { status, head, body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What the server answers on stdio to a client's first message, with an environment that configures nothing.
pub fn answer_on_stdio(binary: &Path, folder: &Path, argument: &str) -> String {
    let mut process = command(binary, folder, free_port())
        .arg(argument)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(process.stdin.as_ref().unwrap(), "{INITIALIZE}").unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    process.kill().unwrap();
    process.wait().unwrap();
    line
}

/// Settings and a token for what can be tried without anybody logging in. The token is for `resource`.
pub fn credentials(auth: &str, resource: &str) -> (Vec<(&'static str, String)>, Option<String>) {
    let plain = |pairs: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        pairs
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    };
    let login = [
        ("AUTH_CLIENT_ID", "client"),
        ("AUTH_CLIENT_SECRET", "secret"),
        (
            "AUTH_SIGNING_KEY",
            "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ),
    ];
    match auth {
        "custom" => {
            let hash: String = Sha256::digest(API_KEY)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let keys = format!("gate:{hash}:mcp:tools");
            (vec![("API_KEYS", keys)], Some(API_KEY.to_owned()))
        }
        "github" => (
            plain(&[&login[..], &[("GITHUB_ALLOWED_USERS", "octocat")]].concat()),
            None,
        ),
        "google" => (
            plain(&[&login[..], &[("GOOGLE_ALLOWED_DOMAINS", "example.org")]].concat()),
            None,
        ),
        "proxy" => {
            let rest = [
                ("AUTH_ISSUER", ISSUER),
                ("AUTH_ALLOWED_CLAIMS", "groups=staff"),
            ];
            (plain(&[&login[..], &rest].concat()), None)
        }
        _ => {
            let settings = plain(&[("AUTH_ISSUER", ISSUER), ("JWT_SECRET", SECRET)]);
            (settings, Some(token(resource)))
        }
    }
}

/// An access token for `audience`, signed with `SECRET` (HS256).
pub fn token(audience: &str) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let claims = json!({
        "iss": ISSUER, "aud": audience, "sub": "alice", "client_id": "gate", "scope": "mcp:tools",
        "iat": now, "exp": now + 600,
    });
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!(
        "{}.{}",
        part(&json!({"alg": "HS256", "typ": "at+jwt"})),
        part(&claims)
    );
    let signature = BASE64_URL_SAFE_NO_PAD.encode(hmac(SECRET.as_bytes(), signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// HMAC-SHA-256 (RFC 2104) with a key of at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |byte: u8| -> Vec<u8> {
        (0..64)
            .map(|at| key.get(at).copied().unwrap_or(0) ^ byte)
            .collect()
    };
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

fn command(binary: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(folder).env("PORT", port.to_string());
    command.env("BASE_URL", format!("http://localhost:{port}"));
    command.env("AUTH_REQUIRED_SCOPES", "mcp:tools");
    command
}

fn free_port() -> u16 {
    TcpListener::bind(("localhost", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
