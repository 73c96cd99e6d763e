//! Generated projects, as they are in `snapshots/`: each is built, started and asked.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "what is seen of a real server is worth reading"
)]

use std::path::PathBuf;

use super::super::*;
use crate::{answers::Auth, templates::TemplateSet};

/// Starts a generated project and tries everything on it.
fn assert_is_protected(case: &str, auth: Auth, preset: &str, port: u16) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(case);
    assert!(
        std::env::var_os("CARGO_TARGET_DIR").is_some(),
        "say with CARGO_TARGET_DIR where servers are built"
    );
    let catalog = TemplateSet::embedded().unwrap().catalog().unwrap();
    let scopes = ["mcp:tools".parse().unwrap()];
    let asked = Verify {
        root: &root,
        package: case,
        features: &[],
        run: &cargo_run(case, &[]),
        url: None,
        port,
        mcp_path: Some("/mcp"),
        auth: &auth.into(),
        preset,
        scopes: &scopes,
        catalog: &catalog,
    };
    let interrupt = Interrupt::watch().unwrap();
    let verdict = verify(&asked, &interrupt, &mut |line| println!("  {line}")).unwrap();
    println!("{}", serde_json::to_string_pretty(&verdict).unwrap());
    assert!(verdict.is_good());
    let target = Target::new(None, port, None).unwrap();
    assert!(target.ensure_free().is_ok(), "the server still runs");
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_jwt_server_is_protected() {
    assert_is_protected("jwt", Auth::Jwt, "oidc", 8471);
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_server_with_api_keys_is_protected() {
    assert_is_protected("custom-api-keys", Auth::Custom, "api-keys", 8472);
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_server_with_introspection_is_protected() {
    assert_is_protected("custom-introspection", Auth::Custom, "introspection", 8473);
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_github_server_is_protected() {
    assert_is_protected("github", Auth::Github, "github", 8474);
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_google_server_is_protected() {
    assert_is_protected("google", Auth::Google, "google", 8475);
}

#[test]
#[ignore = "minutes: builds a server"]
fn a_generated_proxy_server_is_protected() {
    assert_is_protected("proxy", Auth::Proxy, "oidc", 8476);
}
