//! Any valid answers give a project whose every `.rs` parses and whose Cargo.toml loads; anything else is refused
//! with a reason and writes nothing.

mod support;

use std::{fs, path::Path, process::Command};

use proptest::{collection::btree_set, prelude::*, sample::select, strategy::Just};
use support::{Ran, Sandbox, tree};

#[derive(Clone, Debug)]
struct Typed {
    name: String,
    description: String,
    auth: (&'static str, &'static str),
    scopes: String,
    port: u16,
    without: Vec<&'static str>,
}

fn typed() -> impl Strategy<Value = Typed> {
    let auths = select(vec![
        ("jwt", "oidc"),
        ("jwt", "entra"),
        ("jwt", "supabase"),
        ("custom", "api-keys"),
        ("custom", "introspection"),
    ]);
    // a name may still be a keyword or a dependency: those are refused, which is right too
    let name = "[a-z][a-z0-9]{0,8}([-_][a-z0-9]{1,9}){0,3}";
    let description = prop_oneof![
        "[^\\p{C}\u{2028}\u{2029}]{1,80}",
        "[\"'`\\\\{}\\[\\]%#$<>|*_~\n\t=-]{1,40}x",
        Just("{{ name }} {% if x %} {# c #}".to_owned()),
    ];
    let scopes = "([a-zA-Z0-9._~:/?#@&()*+=%-]{1,12}[ ,]?){0,4}";
    let without = btree_set(select(vec!["docker", "ci"]), 0..=2);
    (name, description, auths, scopes, 1u16.., without).prop_map(
        |(name, description, auth, scopes, port, without)| Typed {
            name,
            description,
            auth,
            scopes,
            port,
            without: without.into_iter().collect(),
        },
    )
}

fn generate(sandbox: &Sandbox, typed: &Typed) -> Ran {
    let mut command = sandbox.command();
    command.args(["new", "project", "--yes", "--json", "--without", "git"]);
    command.args([
        "--name",
        &typed.name,
        "--auth",
        typed.auth.0,
        "--preset",
        typed.auth.1,
    ]);
    command.arg(format!("--description={}", typed.description));
    command.arg(format!("--scopes={}", typed.scopes));
    command.arg(format!("--port={}", typed.port));
    if !typed.without.is_empty() {
        command.arg(format!("--without={}", typed.without.join(",")));
    }
    Ran::of(&command.output().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_valid_answers_give_a_project_that_parses(typed in typed()) {
        let sandbox = Sandbox::new("any");
        let ran = generate(&sandbox, &typed);
        if ran.code == Some(2) {
            refused_for_a_reason(&sandbox, &typed, &ran)?;
        } else {
            prop_assert_eq!(ran.code, Some(0), "{:#?}", ran);
            is_sound(&sandbox.path("project"), &typed)?;
            // cargo itself takes its time: some of them prove that it reads the manifest as we do
            if typed.port % 6 == 0 {
                loads(&sandbox.path("project"), &typed)?;
            }
        }
        fs::remove_dir_all(sandbox.path("")).unwrap();
    }

    #[test]
    fn any_name_is_taken_or_refused_with_one_that_is_taken(name in "\\PC{0,70}") {
        let sandbox = Sandbox::new("names");
        let mut command = sandbox.command();
        command.args(["new", "x", "--auth", "jwt", "--dry-run", "--json"]).arg(format!("--name={name}"));
        let ran = Ran::of(&command.output().unwrap());
        if ran.code != Some(0) {
            prop_assert_eq!(ran.code, Some(2), "{:#?}", ran);
            let document = ran.json();
            let hint = document["error"]["problems"][0]["hint"].as_str().unwrap();
            let suggested = hint.strip_prefix("try --name ").unwrap();
            sandbox.run(["new", "x", "--auth", "jwt", "--dry-run", "--json", "--name", suggested]).succeeds();
        }
        fs::remove_dir_all(sandbox.path("")).unwrap();
    }
}

/// Keywords, dependencies and texts of nothing but blanks are the answers that these strategies get wrong.
fn refused_for_a_reason(sandbox: &Sandbox, typed: &Typed, ran: &Ran) -> Result<(), TestCaseError> {
    prop_assert!(sandbox.names().is_empty());
    let document = ran.json();
    let message = document["error"]["message"].as_str().unwrap();
    let known =
        message.contains("cannot be the project's name") || typed.description.trim().is_empty();
    prop_assert!(known, "{}", message);
    Ok(())
}

fn is_sound(project: &Path, typed: &Typed) -> Result<(), TestCaseError> {
    for (path, bytes) in tree(project) {
        let text = String::from_utf8(bytes).unwrap();
        prop_assert!(!text.contains('\r'), "{}", path);
        if path.ends_with(".rs") {
            prop_assert!(syn::parse_file(&text).is_ok(), "{}", path);
        } else if path.ends_with(".toml") {
            prop_assert!(text.parse::<toml_edit::DocumentMut>().is_ok(), "{}", path);
        }
    }
    settings_hold(project, typed)
}

fn loads(project: &Path, typed: &Typed) -> Result<(), TestCaseError> {
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--offline",
            "--no-deps",
            "--format-version",
            "1",
        ])
        .current_dir(project)
        .output()
        .unwrap();
    prop_assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = &metadata["packages"][0];
    prop_assert_eq!(package["name"].as_str(), Some(typed.name.as_str()));
    prop_assert_eq!(
        package["description"].as_str(),
        Some(typed.description.trim())
    );
    Ok(())
}

/// A shell reads `.env.example` as it was meant.
fn settings_hold(project: &Path, typed: &Typed) -> Result<(), TestCaseError> {
    let script =
        "set -a; . ./.env.example; printf '%s|%s' \"$AUTH_REQUIRED_SCOPES\" \"$BIND_ADDR\"";
    let shell = Command::new("sh")
        .args(["-c", script])
        .env_clear()
        .current_dir(project)
        .output()
        .unwrap();
    prop_assert!(
        shell.status.success(),
        "{}",
        String::from_utf8_lossy(&shell.stderr)
    );
    let mut scopes: Vec<&str> = Vec::new();
    for scope in typed
        .scopes
        .split([' ', ','])
        .filter(|scope| !scope.is_empty())
    {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let expected = format!("{}|127.0.0.1:{}", scopes.join(" "), typed.port);
    prop_assert_eq!(String::from_utf8(shell.stdout).unwrap(), expected);
    Ok(())
}
