//! A token that the server accepts, without an account anywhere: settings that make it trust this program, and the way
//! to the token. All secrets are random and forgotten afterwards.

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{
    Verify, cargo_run,
    http::Client,
    introspection::Introspection,
    login,
    target::Target,
    tokens::{ISSUER, claims, sign},
};
use crate::{
    answers::{Auth, Scope},
    catalog::Variable,
    process::{
        interrupt::Interrupt,
        server::{Line, Server},
    },
    secret,
};

/// Nobody: `.invalid` is reserved (RFC 6761).
const ELSEWHERE: &str = "https://elsewhere.invalid/mcp";

const NO_TOKENS: &str = "how to get a token for this option is known to its templates alone";

pub struct Credentials {
    /// What the server is started with.
    pub variables: Variables,
    /// Whom its metadata must name, if that is known.
    pub issuers: Option<Vec<String>>,
    source: Source,
}

/// Where tokens come from.
enum Source {
    /// Signed here with a secret that the server has too.
    Signed { secret: String },
    /// The key itself.
    Key(String),
    /// The server asks here about tokens.
    Introspected(Introspection),
    /// A person logs in at a provider for trials, which runs as long as this lives.
    LoggedIn { _provider: Server },
    /// An option of a person's own: how its tokens are made is not known here.
    Unknown,
}

type Variables = Vec<(String, String)>;

impl Credentials {
    pub fn prepare(
        verify: &Verify<'_>,
        target: &Target,
        interrupt: &Interrupt,
        say: &mut dyn FnMut(&str),
    ) -> Result<Self> {
        let (source, set) = match verify.auth.builtin() {
            Some(Auth::Jwt) => signed()?,
            Some(Auth::Custom) if verify.preset == "introspection" => introspected()?,
            Some(Auth::Custom) => key(verify.scopes)?,
            Some(Auth::Github | Auth::Google | Auth::Proxy) => logged_in(verify, interrupt, say)?,
            None => (Source::Unknown, Variables::new()),
        };
        let issuers = match source {
            Source::Signed { .. } | Source::Introspected(_) => Some(vec![ISSUER.to_owned()]),
            Source::Key(_) => Some(Vec::new()),
            Source::LoggedIn { .. } => Some(vec![target.origin.clone()]),
            Source::Unknown => None,
        };
        let server = variables([
            ("BASE_URL", target.origin.clone()),
            ("BIND_ADDR", target.bind_addr()),
            ("AUTH_REQUIRED_SCOPES", joined(verify.scopes, " ")),
        ]);
        let blank = match source {
            // what it needs is in the environment or in `.env`
            Source::Unknown => Variables::new(),
            _ => blank(verify)?,
        };
        let variables = [blank, server, set].concat();
        Ok(Self {
            variables,
            issuers,
            source,
        })
    }

    /// A token that the running server must accept.
    pub fn good_token(
        &self,
        verify: &Verify<'_>,
        client: &Client,
        target: &Target,
    ) -> Result<String, String> {
        let scope = joined(verify.scopes, " ");
        match &self.source {
            Source::Signed { secret } => sign(secret, &claims(&target.resource(), &scope)),
            Source::Key(key) => Ok(key.clone()),
            Source::Introspected(introspection) => {
                introspection.issue(claims(&target.resource(), &scope))
            }
            Source::LoggedIn { .. } => login::log_in(client, target),
            Source::Unknown => Err(NO_TOKENS.into()),
        }
    }

    /// One that is for another server; or why there is no such thing.
    pub fn other_token(&self, verify: &Verify<'_>) -> Result<String, String> {
        let scope = joined(verify.scopes, " ");
        match &self.source {
            Source::Signed { secret } => sign(secret, &claims(ELSEWHERE, &scope)),
            Source::Introspected(introspection) => introspection.issue(claims(ELSEWHERE, &scope)),
            Source::Key(_) => Err("an API key names no server".into()),
            Source::LoggedIn { .. } => {
                Err("this server issues its tokens itself, for itself alone".into())
            }
            Source::Unknown => Err(NO_TOKENS.into()),
        }
    }
}

fn signed() -> Result<(Source, Variables)> {
    let secret = secret::fresh()?;
    let set = variables([
        ("AUTH_ISSUER", ISSUER.to_owned()),
        ("JWT_SECRET", secret.clone()),
    ]);
    Ok((Source::Signed { secret }, set))
}

fn introspected() -> Result<(Source, Variables)> {
    let introspection = Introspection::start()?;
    let set = variables([
        ("AUTH_INTROSPECTION_URL", introspection.url.clone()),
        ("AUTH_CLIENT_ID", "mcp-auth".to_owned()),
        ("AUTH_CLIENT_SECRET", secret::fresh()?),
        ("AUTH_ISSUER", ISSUER.to_owned()),
    ]);
    Ok((Source::Introspected(introspection), set))
}

fn key(scopes: &[Scope]) -> Result<(Source, Variables)> {
    let key = secret::fresh()?;
    let hash = Sha256::digest(&key);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let entry = format!("mcp-auth:{hash}:{}", joined(scopes, ","));
    Ok((Source::Key(key), variables([("API_KEYS", entry)])))
}

/// The example `dev-provider` prints what points the server at it, the signing key last.
fn logged_in(
    verify: &Verify<'_>,
    interrupt: &Interrupt,
    say: &mut dyn FnMut(&str),
) -> Result<(Source, Variables)> {
    let run = cargo_run(verify.package, verify.features);
    let command = format!("{run} --example dev-provider -- --login alice");
    let mut provider = Server::start(&command, verify.root, &[])?;
    let mut set = variables([("STORE_URL", "memory:".to_owned())]);
    provider.wait(interrupt, "it prints no settings", |lines| {
        for line in lines {
            match line {
                Line::Error(text) => say(text),
                Line::Output(text) => set.extend(setting(text)),
            }
        }
        set.iter().any(|(name, _)| name == "AUTH_SIGNING_KEY")
    })?;
    let source = Source::LoggedIn {
        _provider: provider,
    };
    Ok((source, set))
}

fn setting(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once('=')?;
    Some((name.to_owned(), value.to_owned()))
}

/// Every setting of the server with nothing in it, which counts as unset: neither the environment nor a `.env` may
/// contradict what is set here.
fn blank(verify: &Verify<'_>) -> Result<Variables> {
    let auth = verify.catalog.auth(verify.auth)?;
    // Those of other options are left out: the server would call them misspelt.
    let is_known = |variable: &&Variable| {
        let (layer, presets) = (&variable.layer, &variable.presets);
        let has_layer = layer
            .as_ref()
            .is_none_or(|layer| auth.layers.contains(layer));
        let has_preset = presets
            .as_ref()
            .is_none_or(|presets| presets.contains(verify.preset));
        has_layer && has_preset && variable.name != "RUST_LOG"
    };
    let all = auth.env.iter().chain(&verify.catalog.server_env);
    let mut blank = Variables::new();
    for variable in all.filter(is_known) {
        blank.push((variable.name.clone(), String::new()));
        if variable.secret {
            blank.push((format!("{}_FILE", variable.name), String::new()));
        }
    }
    Ok(blank)
}

fn variables<const N: usize>(set: [(&str, String); N]) -> Variables {
    set.map(|(name, value)| (name.to_owned(), value)).into()
}

fn joined(scopes: &[Scope], separator: &str) -> String {
    let scopes: Vec<&str> = scopes.iter().map(Scope::as_str).collect();
    scopes.join(separator)
}

#[cfg(test)]
mod tests;
