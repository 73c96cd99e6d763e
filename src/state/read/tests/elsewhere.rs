//! Records that another version or another branch wrote.

use super::*;

#[test]
fn what_a_newer_version_wrote_is_refused_with_what_to_install() {
    let refused = |from, to| {
        let error = read(&record().replace(from, to)).unwrap_err();
        let problem = error.downcast::<Refusal>().unwrap().problems.remove(0);
        (problem.what, problem.hint.unwrap())
    };
    let own = env!("CARGO_PKG_VERSION");
    let (what, hint) = refused("\"0.1.0\"", "\"99.0.0-rc.1\"\nnews = true");
    assert_eq!(
        what,
        format!(
            "mcp-auth.toml was written by a newer mcp-auth (99.0.0-rc.1) than this one ({own})"
        )
    );
    assert_eq!(hint, "run `cargo install mcp-auth --version 99.0.0-rc.1`");
    let (what, hint) = refused("schema = 1", "schema = 2");
    assert_eq!(
        what,
        format!(
            "mcp-auth.toml was written by a newer mcp-auth (with the schema 2) than this one ({own})"
        )
    );
    assert_eq!(hint, "run `cargo install mcp-auth`");
    let same = format!("\"{own}+build\"");
    assert!(read(&record().replace("\"0.1.0\"", &same)).is_ok());
}

#[test]
fn two_branches_that_meet_are_told_from_a_mistake() {
    let (mine, theirs) = ("port = 1", "port = 2");
    let text = record().replace(
        mine,
        &format!("<<<<<<< HEAD\n{mine}\n=======\n{theirs}\n>>>>>>> branch"),
    );
    let error = read(&text).unwrap_err();
    assert_eq!(
        error.to_string(),
        "mcp-auth.toml, line 16: two branches meet here, and nobody has chosen one"
    );
}

#[test]
fn an_option_that_only_other_templates_know_may_be_replaced() {
    let (_, catalog) = embedded();
    let recorded = read(&record().replace("\"jwt\"", "\"badge\"")).unwrap();
    let replaced = recorded.answers_or(Some("github"), &catalog).unwrap();
    assert_eq!(
        (replaced.auth.as_str(), replaced.preset.as_str()),
        ("github", "github")
    );
    for none in [None, Some("magic")] {
        let error = recorded.answers_or(none, &catalog).unwrap_err().to_string();
        assert!(error.contains("`auth` cannot be `badge`"), "{error}");
    }
    let known = read(&record())
        .unwrap()
        .answers_or(Some("github"), &catalog)
        .unwrap();
    assert_eq!(
        known.auth.as_str(),
        "jwt",
        "what was recorded is what was before"
    );
}
