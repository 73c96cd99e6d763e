//! Files that were added to a project that was there before: some are ours in part only, and some are called otherwise.

use crate::generate::added::Http;

use super::*;

const OURS: &str = "[dependencies]\naxum = \"0.8\"\nsha2 = \"0.10\"\n";
const MINE: &str =
    "[package]\nname = \"mine\"\n\n[dependencies]\naxum = \"0.8\"\nsha2 = \"0.10\"\nrmcp = \"1\"\n";

fn added(files: Files<'_>) -> Project {
    let mut project = Project::of(&[]);
    project.placement = Some(Placement {
        folder: "src/".into(),
        module: "mcp_auth".into(),
        env_file: ".env.sample".into(),
        http: Some(Http {
            module: "mcp_http".into(),
            layers: Vec::new(),
        }),
        ..Placement::default()
    });
    project.templates(files);
    project
}

/// As `add` leaves it.
fn with_manifest(manifest: &str) -> Project {
    let mut project = added(&[("Cargo.toml", OURS)]);
    project.regenerate();
    project.write("Cargo.toml", manifest);
    project
}

#[test]
fn our_part_of_a_manifest_is_merged_into_it() {
    let mut project = with_manifest(MINE);
    assert_eq!(project.decision("Cargo.toml"), Decision::Keep);
    project.templates(&[("Cargo.toml", &OURS.replace("0.10", "0.11"))]);
    project.regenerate();
    assert_eq!(
        project.text("Cargo.toml"),
        Some(MINE.replace("0.10", "0.11").as_str())
    );
    assert_eq!(
        base(&project, "Cargo.toml"),
        Some(OURS.replace("0.10", "0.11").as_str())
    );
}

#[test]
fn a_file_that_had_nothing_of_ours_gets_our_part() {
    let mut project = with_manifest(MINE);
    project.write(".gitignore", "/target\n");
    project.write(".env.sample", "PORT=1\n");
    project.templates(&[
        (".env.sample", "# Who signs.\nAUTH_ISSUER=x\n"),
        (".gitignore", "/.env\n"),
        ("Cargo.toml", OURS),
    ]);
    project.regenerate();
    assert_eq!(project.text(".gitignore"), Some("/target\n/.env\n"));
    assert_eq!(
        project.text(".env.sample"),
        Some("PORT=1\n\n# Who signs.\nAUTH_ISSUER=x\n")
    );
}

#[test]
fn our_part_may_be_all_there_is() {
    let mut project = added(&[(".gitignore", "/.env\n")]);
    project.regenerate();
    project.templates(&[(".gitignore", "/.env\n/keys\n")]);
    project.regenerate();
    assert_eq!(project.text(".gitignore"), Some("/.env\n/keys\n"));
}

#[test]
fn our_part_may_be_nothing_and_then_no_file_comes_of_it() {
    let mut project = added(&[(".gitignore", ""), (".env.sample", "")]);
    assert_eq!(writes(&project.regenerate()), []);
    assert!(project.record().contains_key(&path(".gitignore")));
    project.templates(&[(".gitignore", "/keys\n"), (".env.sample", "")]);
    assert_eq!(
        writes(&project.regenerate()),
        [(".gitignore", Kind::Create)]
    );
    project.write(".env.sample", "PORT=1\n");
    project.templates(&[(".gitignore", ""), (".env.sample", "A=1\n")]);
    project.regenerate();
    assert_eq!(project.text(".env.sample"), Some("PORT=1\nA=1\n"));
}

#[test]
fn our_part_goes_out_of_the_file_where_nothing_is_left_of_it() {
    let mut project = added(&[(".env.sample", "A=1\nB=1\n")]);
    project.regenerate();
    project.write(".env.sample", "PORT=1\nA=1\nB=2\n");
    for gone in [&[(".env.sample", "")][..], &[]] {
        let mut project = Project {
            tree: project.tree.clone(),
            ..added(gone)
        };
        project.regenerate();
        assert_eq!(
            project.text(".env.sample"),
            Some("PORT=1\nB=2\n"),
            "{gone:?}"
        );
    }
}

const CHANGES: &str = r#"
[[change]]
number = 1
date = "2026-01-01"
intent = "better names"
files = ["src/auth/", ".env.example", "src/http.rs"]
renamed = { "src/auth/a.rs" = "src/auth/b.rs", "src/http.rs" = "src/auth/http.rs" }
advisory = { severity = "low", text = "Somebody can." }
"#;

#[test]
fn what_changes_say_of_a_new_project_is_found_under_its_names_here() {
    let old: Files<'_> = &[
        (".env.sample", "A=1\n"),
        ("src/mcp_auth/a.rs", "// 1\n"),
        ("src/mcp_auth.rs", "// 1\n"),
        ("src/mcp_authority.rs", "// 1\n"),
        ("src/mcp_http.rs", "// 1\n"),
    ];
    let mut project = added(old);
    project.regenerate();
    project.changes(CHANGES);
    project.templates(&[
        (".env.sample", "A=2\n"),
        ("src/mcp_auth/b.rs", "// 2\n"),
        ("src/mcp_auth/http.rs", "// 2\n"),
        ("src/mcp_auth.rs", "// 2\n"),
        ("src/mcp_authority.rs", "// 2\n"),
    ]);
    let concerned: Vec<String> = project.look(|renewal| {
        let concerned = renewal.files.iter().filter(|file| !file.changes.is_empty());
        concerned.map(|file| file.path.to_string()).collect()
    });
    assert_eq!(
        concerned,
        [".env.sample", "src/mcp_auth/b.rs", "src/mcp_auth/http.rs"]
    );
    let plan = project.regenerate();
    let moved = plan
        .changes
        .iter()
        .filter_map(|change| Some(change.moved_from.as_ref()?.as_str()));
    assert_eq!(
        moved.collect::<Vec<_>>(),
        ["src/mcp_auth/a.rs", "src/mcp_http.rs"]
    );
}
