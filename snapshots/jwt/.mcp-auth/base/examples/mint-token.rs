//! Makes access tokens for trying this server without an authorization server:
//!
//!     cargo run --example mint-token -- --sub alice --scope "mcp:tools mcp:admin"
//!
//! The token is printed on standard output. The server accepts it only when it is given the public
//! key that belongs to it, as the text on standard error says. Not for production.

use std::{
    collections::BTreeMap,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

const PRIVATE_KEY: &str = "keys/mint-token.private.pem";
const PUBLIC_KEY: &str = "keys/mint-token.public.pem";
const USAGE: &str = "usage: cargo run --example mint-token -- --sub alice \
    [--scope \"mcp:tools mcp:admin\"] [--expires 1h] [--client-id my-client] [--name \"Alice\"] \
    [--email alice@example.com] [--iss ISSUER] [--aud AUDIENCE]";

fn main() -> ExitCode {
    match mint() {
        Ok(token) => {
            println!("{token}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn mint() -> Result<String, String> {
    let options = options(std::env::args().skip(1))?;
    let option = |name: &str| options.get(name).cloned();
    let subject = option("--sub").ok_or("--sub is missing")?;
    // The same file that the server reads; there may be none.
    dotenvy::from_path(".env").ok();
    let setting = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let base = setting("BASE_URL").unwrap_or_else(|| "http://localhost:8000".to_owned());
    let issuer = option("--iss")
        .or_else(|| setting("AUTH_ISSUER"))
        .unwrap_or_else(|| "https://mint-token.invalid".to_owned());
    let audience = option("--aud")
        .or_else(|| setting("AUTH_AUDIENCE"))
        .unwrap_or_else(|| format!("{}/mcp", base.trim_end_matches('/')));
    let lifetime = seconds(&option("--expires").unwrap_or_else(|| "1h".to_owned()))?;

    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|error| error.to_string())?
        .as_secs();
    let mut claims = json!({
        "iss": issuer,
        // The first of several audiences will do.
        "aud": audience.split([',', ' ']).next(),
        "sub": subject,
        "client_id": option("--client-id").unwrap_or_else(|| "mint-token".to_owned()),
        "scope": option("--scope").unwrap_or_default(),
        "iat": now,
        "exp": now.saturating_add(lifetime),
    });
    for (claim, name) in [("name", "--name"), ("email", "--email")] {
        if let (Some(value), Some(claims)) = (option(name), claims.as_object_mut()) {
            claims.insert(claim.to_owned(), json!(value));
        }
    }
    let key = private_key()?;
    eprintln!(
        "the server accepts this token when it runs with\n  AUTH_ISSUER={issuer}\n  JWT_PUBLIC_KEY={PUBLIC_KEY}"
    );
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some("at+jwt".to_owned());
    encode(&header, &claims, &key).map_err(|error| error.to_string())
}

/// `--name value` or `--name=value`, each name once.
fn options(mut words: impl Iterator<Item = String>) -> Result<BTreeMap<String, String>, String> {
    let known = [
        "--sub",
        "--scope",
        "--expires",
        "--client-id",
        "--name",
        "--email",
        "--iss",
        "--aud",
    ];
    let mut options = BTreeMap::new();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (word, words.next()),
        };
        if !known.contains(&name.as_str()) {
            return Err(format!("`{name}` is not an option"));
        }
        let value = value.ok_or_else(|| format!("{name} needs a value"))?;
        options.insert(name, value);
    }
    Ok(options)
}

/// A duration such as `90s`, `15m`, `1h` or `7d`.
fn seconds(text: &str) -> Result<u64, String> {
    let problem =
        || format!("--expires: `{text}` is not a duration, for example 90s, 15m, 1h or 7d");
    let number = text.trim_end_matches(['s', 'm', 'h', 'd']);
    let unit = match &text[number.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(problem()),
    };
    let number: u64 = number.parse().map_err(|_| problem())?;
    number.checked_mul(unit).ok_or_else(problem)
}

/// The key pair of this project, made at the first run. Only its owner can read the private half.
fn private_key() -> Result<EncodingKey, String> {
    if !Path::new(PRIVATE_KEY).exists() {
        make_keys().map_err(|problem| format!("cannot make keys: {problem}"))?;
    }
    let pem = fs::read(PRIVATE_KEY).map_err(|error| format!("{PRIVATE_KEY}: {error}"))?;
    EncodingKey::from_ec_pem(&pem)
        .map_err(|error| format!("{PRIVATE_KEY}: {error}; delete it for a new one"))
}

fn make_keys() -> Result<(), Box<dyn std::error::Error>> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
    fs::create_dir_all("keys")?;
    fs::write(PUBLIC_KEY, pem("PUBLIC KEY", public.as_ref()))?;
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    let private = pair.to_pkcs8v1()?;
    file.open(PRIVATE_KEY)?
        .write_all(pem("PRIVATE KEY", private.as_ref()).as_bytes())?;
    Ok(())
}

/// DER as text (RFC 7468): Base64 in lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> String {
    let mut pem = format!("-----BEGIN {label}-----\n");
    let base64 = BASE64_STANDARD.encode(der);
    for line in base64.as_bytes().chunks(64) {
        pem += &String::from_utf8_lossy(line);
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}
