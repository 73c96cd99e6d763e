//! Which tokens this server accepts: issuer, audience, algorithms, and where the keys come from.
//! Reads through [`Env`], and a public key file when one is named.

use std::{fs, str::FromStr};

use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use reqwest::Url;

use crate::auth::{
    Env,
    client::client,
    fetch,
    published::{
        discovery::Issuer,
        jwks::{Era, Jwks, Source},
        keys::KeySet,
    },
};

const DEFAULT_LEEWAY: u64 = 30;
const MAX_LEEWAY: u64 = 120;

/// The settings of the `jwt` option.
pub struct JwtSettings {
    /// `iss` must equal this, byte for byte.
    pub issuer: String,
    /// `aud` must name one of these.
    pub audiences: Vec<String>,
    /// A claim that holds scopes besides `scope` and `scp`; a path such as `realm_access.roles`.
    pub scopes_claim: Option<String>,
    /// How far the clocks of two honest machines may differ, in seconds.
    pub leeway: u64,
    /// The algorithms that tokens may use; the token itself has no say in this.
    pub algorithms: Vec<Algorithm>,
    /// The trusted keys.
    pub keys: Keys,
}

/// Where keys come from.
pub enum Keys {
    /// One key, from the configuration.
    Configured(KeySet),
    /// The set that the issuer publishes, and the era that it is in.
    Published(Jwks, Era),
}

impl Keys {
    /// Changes when a key is withdrawn: tokens verified before must be verified again.
    pub fn era(&self) -> u64 {
        match self {
            Self::Configured(_) => 0,
            Self::Published(_, era) => era.into(),
        }
    }
}

impl JwtSettings {
    /// Reads `AUTH_ISSUER`, `AUTH_AUDIENCE`, `AUTH_ALGORITHMS`, `AUTH_SCOPES_CLAIM`,
    /// `AUTH_LEEWAY_SECONDS` and the source of the keys; `None` after recording a problem.
    pub fn read(env: &mut Env, resource: &str) -> Option<Self> {
        let issuer = env.get("AUTH_ISSUER");
        if issuer.is_none() {
            env.problem("AUTH_ISSUER is not set; tokens must come from somewhere, for example AUTH_ISSUER=https://login.example.com/");
        }
        let mut audiences = env.list("AUTH_AUDIENCE");
        if audiences.is_empty() {
            audiences.push(resource.to_owned());
        }
        let scopes_claim = env.get("AUTH_SCOPES_CLAIM");
        let leeway = leeway(env);
        let wanted = wanted_algorithms(env);
        let keys = keys(env, issuer.as_deref(), wanted.as_deref());
        let (keys, algorithms) = keys?;
        Some(Self {
            issuer: issuer?,
            audiences,
            scopes_claim,
            leeway: leeway?,
            algorithms,
            keys,
        })
    }
}

fn leeway(env: &mut Env) -> Option<u64> {
    let leeway = env.parse("AUTH_LEEWAY_SECONDS", DEFAULT_LEEWAY, "30")?;
    if leeway > MAX_LEEWAY {
        env.problem(format!(
            "AUTH_LEEWAY_SECONDS: {leeway} is more than {MAX_LEEWAY}"
        ));
        return None;
    }
    Some(leeway)
}

/// The configured algorithms; empty when none are named, `None` after recording a problem.
fn wanted_algorithms(env: &mut Env) -> Option<Vec<Algorithm>> {
    let names = env.list("AUTH_ALGORITHMS");
    let mut algorithms = Vec::new();
    for name in &names {
        match Algorithm::from_str(name) {
            Ok(algorithm) => algorithms.push(algorithm),
            Err(_) => env.problem(format!(
                "AUTH_ALGORITHMS: `{name}` is not known, for example AUTH_ALGORITHMS=RS256,ES256"
            )),
        }
    }
    (algorithms.len() == names.len()).then_some(algorithms)
}

/// The source of the keys and the algorithms that go with it.
fn keys(
    env: &mut Env,
    issuer: Option<&str>,
    wanted: Option<&[Algorithm]>,
) -> Option<(Keys, Vec<Algorithm>)> {
    let address = env.get("AUTH_JWKS_URL");
    let public_key = env.secret("JWT_PUBLIC_KEY");
    let secret = env.secret("JWT_SECRET");
    let named: Vec<_> = [
        ("AUTH_JWKS_URL", address.is_some()),
        ("JWT_PUBLIC_KEY", public_key.is_some()),
        ("JWT_SECRET", secret.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, is_set)| is_set.then_some(name))
    .collect();
    if named.len() > 1 {
        env.problem(format!(
            "{} are all set, but keys can come from one place only",
            named.join(" and ")
        ));
        return None;
    }
    let wanted = wanted?;
    if let Some(secret) = secret {
        return shared_secret(env, secret.reveal().as_bytes(), wanted);
    }
    let is_hmac = |algorithm: &Algorithm| algorithm.family() == AlgorithmFamily::Hmac;
    if wanted.iter().any(is_hmac) {
        env.problem("AUTH_ALGORITHMS names HS256, HS384 or HS512, which need JWT_SECRET; public keys never go with them");
        return None;
    }
    if let Some(pem) = public_key {
        return public_key_from(env, pem.reveal(), wanted);
    }
    let source = match address {
        Some(address) => Source::from(endpoint(env, "AUTH_JWKS_URL", &address)?),
        None => Source::from(Issuer::new(env, "AUTH_ISSUER", issuer?.to_owned())?),
    };
    let client = client(env)?;
    let algorithms = if wanted.is_empty() {
        asymmetric()
    } else {
        wanted.to_vec()
    };
    let era = Era::default();
    let keys = Jwks::new(source, client, era.clone());
    Some((Keys::Published(keys, era), algorithms))
}

fn endpoint(env: &mut Env, name: &str, text: &str) -> Option<Url> {
    fetch::endpoint(text)
        .map_err(|why| env.problem(format!("{name} {why}")))
        .ok()
}

fn asymmetric() -> Vec<Algorithm> {
    [
        AlgorithmFamily::Rsa,
        AlgorithmFamily::Ec,
        AlgorithmFamily::Ed,
    ]
    .iter()
    .flat_map(|family| family.algorithms().iter().copied())
    .collect()
}

/// A shared secret must be as long as the hash it keys (RFC 7518 section 3.2).
fn shared_secret(
    env: &mut Env,
    secret: &[u8],
    wanted: &[Algorithm],
) -> Option<(Keys, Vec<Algorithm>)> {
    if secret.starts_with(b"-----BEGIN") {
        env.problem("JWT_SECRET holds a key in PEM; a public key belongs in JWT_PUBLIC_KEY");
        return None;
    }
    let sizes = [
        (Algorithm::HS256, 32),
        (Algorithm::HS384, 48),
        (Algorithm::HS512, 64),
    ];
    let fitting = sizes
        .iter()
        .filter(|(_, size)| secret.len() >= *size)
        .map(|(name, _)| *name);
    let fitting: Vec<_> = fitting.collect();
    if fitting.is_empty() {
        env.problem(
            "JWT_SECRET is shorter than 32 bytes, for example JWT_SECRET=$(openssl rand -hex 32)",
        );
        return None;
    }
    if let Some(unfit) = wanted.iter().find(|algorithm| !fitting.contains(algorithm)) {
        env.problem(format!(
            "AUTH_ALGORITHMS: {unfit:?} does not go with a JWT_SECRET of {} bytes",
            secret.len()
        ));
        return None;
    }
    let algorithms = if wanted.is_empty() {
        fitting
    } else {
        wanted.to_vec()
    };
    let keys = KeySet::from((DecodingKey::from_secret(secret), algorithms.clone()));
    Some((Keys::Configured(keys), algorithms))
}

/// A public key in PEM, either the text itself (`\n` may stand for line ends) or the name of a file.
fn public_key_from(
    env: &mut Env,
    value: &str,
    wanted: &[Algorithm],
) -> Option<(Keys, Vec<Algorithm>)> {
    let pem = if value.starts_with("-----BEGIN") {
        value.replace("\\n", "\n")
    } else {
        match fs::read_to_string(value) {
            Ok(pem) => pem,
            Err(error) => {
                // The value is not repeated: it may be a key after all, and the wrong one.
                env.problem(format!(
                    "JWT_PUBLIC_KEY names a file that cannot be read: {error}"
                ));
                return None;
            }
        }
    };
    if pem.contains("PRIVATE KEY") {
        env.problem("JWT_PUBLIC_KEY holds a private key; this server needs the public one alone");
        return None;
    }
    let pem = pem.as_bytes();
    let Some(key) = DecodingKey::from_rsa_pem(pem)
        .or_else(|_| DecodingKey::from_ec_pem(pem))
        .or_else(|_| DecodingKey::from_ed_pem(pem))
        .ok()
    else {
        env.problem("JWT_PUBLIC_KEY is not an RSA, EC or Ed25519 public key in PEM, for example JWT_PUBLIC_KEY=keys/public.pem");
        return None;
    };
    let family = key.family();
    let possible = family.algorithms();
    if let Some(unfit) = wanted
        .iter()
        .find(|algorithm| !possible.contains(algorithm))
    {
        env.problem(format!(
            "AUTH_ALGORITHMS: {unfit:?} does not go with the key in JWT_PUBLIC_KEY"
        ));
        return None;
    }
    let algorithms = if wanted.is_empty() {
        possible.to_vec()
    } else {
        wanted.to_vec()
    };
    let keys = KeySet::from((key, algorithms.clone()));
    Some((Keys::Configured(keys), algorithms))
}
