//! Projects that have lost what `mcp-auth` remembers of them, and its `adopt`.

use std::fs;

use serde_json::Value;

use super::{Ran, Sandbox, differences, generate, regenerate::regenerate, tree};

const RECORD: &str = "mcp-auth.toml";
pub const BASE: &str = ".mcp-auth/base";

/// The project `weather`, protected with tokens of an authorization server.
pub fn weather(sandbox: &Sandbox) {
    generate(sandbox, "weather", &["--auth", "jwt", "--port", "9000"]);
}

pub fn lose_record(sandbox: &Sandbox, project: &str) {
    fs::remove_file(sandbox.path(project).join(RECORD)).unwrap();
}

pub fn lose_copies(sandbox: &Sandbox, project: &str) {
    fs::remove_dir_all(sandbox.path(project).join(".mcp-auth")).unwrap();
}

pub fn adopt(sandbox: &Sandbox, project: &str, more: &[&str]) -> Ran {
    sandbox.run(["adopt", project, "--yes"].iter().chain(more))
}

pub fn as_json(sandbox: &Sandbox, project: &str, more: &[&str]) -> Value {
    let ran = sandbox.run(["adopt", project, "--json"].iter().chain(more));
    ran.succeeds().json()
}

/// What the document says of one file.
pub fn file<'a>(document: &'a Value, path: &str) -> &'a Value {
    let files = document["files"].as_array().unwrap();
    let found = files.iter().find(|file| file["path"] == path);
    found.unwrap_or_else(|| panic!("{path} is not in {document:#}"))
}

pub fn sureness<'a>(document: &'a Value, path: &str) -> &'a str {
    file(document, path)["sureness"].as_str().unwrap()
}

pub fn edit(sandbox: &Sandbox, path: &str, change: impl FnOnce(String) -> String) {
    let text = sandbox.read(path);
    fs::write(sandbox.path(path), change(text)).unwrap();
}

#[track_caller]
pub fn has_nothing_to_do(sandbox: &Sandbox, project: &str) {
    let before = tree(&sandbox.path(project));
    let ran = regenerate(sandbox, project, &["--json"]).succeeds().json();
    assert_eq!(ran["outcome"], "unchanged", "{ran:#}");
    assert_eq!(differences(&before, &tree(&sandbox.path(project))), [""; 0]);
}
