//! A small server without authentication, as people have it, and trees that know modes and folders.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use walkdir::WalkDir;

use super::{Ran, Sandbox};

const MANIFEST: &str = r#"[package]
name = "dice"
version = "0.1.0"
edition = "2024"

[dependencies]
axum = "0.8" # the web
rmcp = { version = "3", features = ["server", "transport-streamable-http-server"] }
tokio = { version = "1", features = ["full"] }
"#;

const MAIN: &str = r#"//! Rolls dice.

use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};

mod dice;

#[tokio::main]
async fn main() {
    let service = StreamableHttpService::new(
        || Ok(dice::Dice),
        LocalSessionManager::default().into(),
        StreamableHttpServerConfig::default(),
    );
    let router = axum::Router::new().nest_service("/mcp", service); // here
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8000").await.unwrap();
    axum::serve(listener, router).await.unwrap();
}
"#;

const DICE: &str = "#[derive(Clone)]\npub struct Dice;\n\nimpl rmcp::ServerHandler for Dice {}\n";

/// Writes the server into this folder of the sandbox.
pub fn server(sandbox: &Sandbox, folder: &str) {
    sandbox.write(&format!("{folder}/Cargo.toml"), MANIFEST);
    sandbox.write(&format!("{folder}/src/main.rs"), MAIN);
    sandbox.write(&format!("{folder}/src/dice.rs"), DICE);
}

/// The addition without questions and without the compiler, with further flags.
pub fn add(sandbox: &Sandbox, folder: &str, more: &[&str]) -> Ran {
    sandbox.run(words(folder).iter().chain(more))
}

pub fn words(folder: &str) -> [&str; 6] {
    ["add", folder, "--auth", "jwt", "--yes", "--no-check"]
}

pub fn undo(sandbox: &Sandbox, folder: &str) -> Ran {
    sandbox.run(["add", folder, "--undo", "--yes"])
}

/// Everything that is there: folders, files with their bytes, and modes.
pub fn state(root: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let entries = WalkDir::new(root).into_iter().map(Result::unwrap);
    let outside_of_git = entries.filter(|entry| {
        !entry
            .path()
            .components()
            .any(|part| part.as_os_str() == ".git")
    });
    outside_of_git
        .map(|entry| {
            let meta = entry.metadata().unwrap();
            let bytes = if meta.is_file() {
                fs::read(entry.path()).unwrap()
            } else {
                Vec::new()
            };
            (entry.into_path(), (mode(&meta), bytes))
        })
        .collect()
}

#[cfg(unix)]
fn mode(meta: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&meta.permissions())
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

pub fn git(sandbox: &Sandbox, folder: &str, args: &[&str]) {
    let fixed = [
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    let output = Command::new("git")
        .args(fixed)
        .args(args)
        .current_dir(sandbox.path(folder))
        .output()
        .unwrap();
    // a merge with conflicts fails as it should
    assert!(
        output.status.success() || args[0] == "merge",
        "{args:?}: {output:?}"
    );
}

/// Makes a repository of the folder, with everything in it committed.
pub fn commit(sandbox: &Sandbox, folder: &str) {
    git(sandbox, folder, &["init", "--quiet"]);
    git(sandbox, folder, &["add", "."]);
    git(sandbox, folder, &["commit", "--quiet", "-m", "mine"]);
}
