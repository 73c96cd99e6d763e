//! Proves that a server is protected: starts it with settings that need no account, asks it as a client would, and
//! stops it again. Calls nothing but this machine; writes nothing.

mod challenge;
mod checks;
mod credentials;
mod http;
mod introspection;
mod login;
mod target;
mod tokens;

use std::path::Path;

use anyhow::{Result, anyhow};
use serde::Serialize;

use self::{
    checks::Checks,
    credentials::Credentials,
    http::Client,
    target::{Target, WELL_KNOWN},
};
use crate::{
    answers::Scope,
    catalog::{AuthName, Catalog},
    process::{
        interrupt::Interrupt,
        server::{self, Server},
    },
    refusal::Refusal,
};

/// What is started, and what is expected of it.
pub struct Verify<'a> {
    /// Where the command runs: the workspace's root.
    pub root: &'a Path,
    pub package: &'a str,
    /// Features that the package needs to serve MCP at all.
    pub features: &'a [String],
    /// The command that starts the server, without a shell; `cargo_run` makes the usual one.
    pub run: &'a str,
    /// Where the server listens: `http://localhost:3000`, with the path of the MCP service or without.
    pub url: Option<&'a str>,
    /// Where it listens if no `url` says so.
    pub port: u16,
    /// Where the MCP service is mounted: `/mcp`, empty for the whole server; `None` where the source does not tell.
    pub mcp_path: Option<&'a str>,
    pub auth: &'a AuthName,
    pub preset: &'a str,
    pub scopes: &'a [Scope],
    /// Which settings the server knows.
    pub catalog: &'a Catalog,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    pub checks: Vec<Check>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What is right: "without a token the answer is 401 and says where to log in".
    pub name: &'static str,
    #[serde(flatten)]
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "why", rename_all = "snake_case")]
pub enum Outcome {
    Passed,
    Failed(String),
    NotTried(String),
}

impl Verdict {
    /// No check failed.
    pub fn is_good(&self) -> bool {
        let failed = |check: &Check| matches!(check.outcome, Outcome::Failed(_));
        !self.checks.iter().any(failed)
    }
}

/// `cargo run` for the package.
pub fn cargo_run(package: &str, features: &[String]) -> String {
    let mut run = format!("cargo run -p {package}");
    if !features.is_empty() {
        run += &format!(" --features {}", features.join(","));
    }
    run
}

/// The same for a server that speaks stdio without this flag.
pub fn http_run(package: &str, features: &[String]) -> String {
    format!("{} -- --http", cargo_run(package, features))
}

/// What a person typed about it, judged before anything is changed.
///
/// # Errors
/// A `Refusal` if `run` is no command or `url` no address on this machine.
pub fn ensure_possible(run: Option<&str>, url: Option<&str>) -> Result<()> {
    if let Some(run) = run {
        server::words(run)?;
    }
    if url.is_some() {
        Target::new(url, 0, None)?;
    }
    Ok(())
}

/// Starts the server, tries every check, and stops the server. `say` gets what the programs print, line by line.
///
/// # Errors
/// A `Refusal` if the server does not start, or not where it is expected; or if somebody interrupts.
pub fn verify(
    verify: &Verify<'_>,
    interrupt: &Interrupt,
    say: &mut dyn FnMut(&str),
) -> Result<Verdict> {
    let mut target = Target::new(verify.url, verify.port, verify.mcp_path)?;
    target.ensure_free()?;
    let client = Client::new();
    let credentials = Credentials::prepare(verify, &target, interrupt, say)?;
    let mut server = Server::start(verify.run, verify.root, &credentials.variables)?;
    let otherwise = format!(
        "nothing answers at {}; if it listens elsewhere, say where with --url",
        target.origin
    );
    server.wait(interrupt, &otherwise, |lines| {
        lines.iter().for_each(|line| say(line.text()));
        client.get(&target.metadata(), &[]).is_ok()
    })?;
    if target.path.is_none() {
        target.path = Some(ask_for_path(&client, &target)?);
    }
    let checks = Checks {
        good_token: credentials.good_token(verify, &client, &target),
        other_token: credentials.other_token(verify),
        issuers: credentials.issuers.as_deref(),
        client: &client,
        target: &target,
    };
    let verdict = Verdict {
        checks: checks.run(),
    };
    interrupt.check()?;
    if !verdict.is_good() {
        server.heard().iter().for_each(|line| say(line.text()));
    }
    Ok(verdict)
}

/// Where the MCP service is, if the source does not tell: its metadata does.
fn ask_for_path(client: &Client, target: &Target) -> Result<String> {
    let url = format!("{}{WELL_KNOWN}", target.origin);
    let answer = client.get(&url, &[]).map_err(|error| anyhow!(error))?;
    let document = answer.json().unwrap_or_default();
    let resource = document["resource"].as_str();
    let path = resource.and_then(|resource| resource.strip_prefix(&target.origin));
    path.map(str::to_owned).ok_or_else(|| {
        let what = format!("{url} does not say where the MCP service is");
        let hint = format!("say it: --url {}/mcp", target.origin);
        Refusal::failed(what).hint(hint).into()
    })
}

#[cfg(test)]
mod tests;
