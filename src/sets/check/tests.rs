mod data;

use super::*;

const CATALOG: &str = r#"
[project]
layers = ["base"]
port = 8000
scopes = []

[[auth]]
name = "badge"
title = "Badges"
summary = "a badge opens the door"
layers = ["badge"]
default_preset = "plain"

[[auth.env]]
name = "BADGES"
doc = ["Those that are let in, at {base_url}."]
secret = true

[[auth.preset]]
name = "plain"
title = "Plain"
summary = "nothing else"
"#;

const MANIFEST: &str = "[package]\nname = \"{{ name }}\"\nversion = \"0.1.0\"\n";

/// A set that can be used, with some files instead.
fn set(other: &[(&str, &str)]) -> TemplateSet {
    let good = [
        ("catalog.toml", CATALOG),
        ("rust/base/Cargo.toml.tera", MANIFEST),
        ("rust/badge/src/main.rs", "fn main() {}\n"),
    ];
    let files = good.iter().chain(other);
    TemplateSet::of_owned(files.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

fn problems(other: &[(&str, &str)]) -> Vec<String> {
    check(&set(other)).problems
}

fn with_catalog(from: &str, to: &str) -> Vec<String> {
    assert!(CATALOG.contains(from), "{from}");
    problems(&[("catalog.toml", &CATALOG.replacen(from, to, 1))])
}

#[test]
fn the_set_of_the_program_is_good() {
    let set = TemplateSet::embedded().unwrap();
    let findings = check(&set);
    assert_eq!(findings.problems, [""; 0]);
    assert_eq!(findings.notes, [""; 0]);
    assert_eq!(findings.tried.len(), 5);
}

#[test]
fn a_small_set_is_good_too_and_each_option_is_tried() {
    let findings = check(&set(&[]));
    assert_eq!(findings.problems, [""; 0]);
    let [tried] = &findings.tried[..] else {
        panic!("{findings:?}")
    };
    assert_eq!((tried.presets, tried.files), (1, 2));
}

#[test]
fn a_word_that_nobody_knows_is_found_in_branches_that_are_not_taken_too() {
    let text = "{{ name }}\n{% if false %}{{ nmae }}{% endif %}\n";
    assert_eq!(
        problems(&[("rust/base/README.md.tera", text)]),
        ["templates/rust/base/README.md.tera, line 2, column 18: `nmae` is not known to templates"]
    );
    // and told once where the branch is taken
    assert_eq!(problems(&[("rust/base/x.tera", "{{ nmae }}\n")]).len(), 1);
    let partial = [
        ("partials/p.md", "{{ nmae }}\n"),
        ("rust/base/x.tera", "{% include \"partials/p.md\" %}\n"),
    ];
    assert_eq!(
        problems(&partial),
        ["templates/partials/p.md, line 1, column 4: `nmae` is not known to templates"]
    );
}

#[test]
fn a_partial_may_say_what_the_template_around_it_has_set() {
    let files = [
        ("partials/p.md", "{{ line.name }}\n"),
        (
            "rust/base/x.tera",
            "{% for line in env %}{% include \"partials/p.md\" %}{% endfor %}\n",
        ),
    ];
    assert_eq!(problems(&files), [""; 0]);
}

#[test]
fn a_member_that_is_not_there_is_found_by_rendering() {
    let text = "{% for line in env %}{{ line.nmae }}{% endfor %}\n";
    let found = problems(&[("rust/base/x.tera", text)]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("templates/rust/base/x.tera, line 1, column "),
        "{found:?}"
    );
}

#[test]
fn every_mistake_in_the_syntax_is_told_with_its_place() {
    let found = problems(&[
        ("rust/base/a.tera", "x\n{% if %}\n"),
        ("rust/base/b.tera", "{{ name | nothing }}\n"),
        ("partials/c.md", "{% for x of y %}\n"),
        ("rust/base/d.rs", "fn main( {}\n"),
        ("rust/base/e.toml", "a = 1\nb = \n"),
        ("rust/base/f.json", "{\"a\": }\n"),
    ]);
    let has = |words: &str| found.iter().any(|what| what.starts_with(words));
    for place in [
        "templates/rust/base/a.tera, line 2, column ",
        "templates/partials/c.md, line 1, column ",
        "templates/rust/base/d.rs, line 1, column ",
        "templates/rust/base/e.toml, line 2, column ",
        "templates/rust/base/f.json: ",
    ] {
        assert!(has(place), "{place}: {found:#?}");
    }
}

#[test]
fn a_filter_and_an_include_that_are_not_there_are_told_together() {
    let found = problems(&[
        ("rust/base/a.tera", "{{ name | nothing }}\n"),
        ("rust/base/b.tera", "\n{% include \"partials/none.md\" %}\n"),
        (
            "rust/base/c.tera",
            "{% include \"/etc/passwd\" %}{{ get_env(name=\"HOME\") }}\n",
        ),
    ]);
    for what in [
        "templates/rust/base/a.tera, line 1, column 11: Unknown filter `nothing`",
        "templates/rust/base/b.tera, line 2, column 12: Unknown template `partials/none.md`",
        "templates/rust/base/c.tera, line 1, column 12: Unknown template `/etc/passwd`",
        "templates/rust/base/c.tera, line 1, column 31: Unknown function `get_env`",
    ] {
        assert!(
            found.iter().any(|found| found == what),
            "{what}: {found:#?}"
        );
    }
}

#[test]
fn what_is_rendered_must_be_what_its_name_says() {
    let found = problems(&[("rust/base/src/x.rs.tera", "fn {{ name }}() {}\n")]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(
        "src/x.rs of `badge`, rendered from templates/rust/base/src/x.rs.tera, line 1"
    ));
    let found = problems(&[("rust/badge/deps.toml", "[dependencies]\naxum = 1\n")]);
    assert_eq!(
        found,
        ["templates/rust/badge/deps.toml: `dependencies.axum` has no version that cargo knows"]
    );
    let found = problems(&[("rust/badge/deps.toml", "[profile.release]\nlto = true\n")]);
    assert_eq!(
        found,
        ["templates/rust/badge/deps.toml: `profile` cannot be merged"]
    );
}

#[test]
fn layers_must_be_there_and_give_each_file_once() {
    assert_eq!(
        with_catalog("[\"badge\"]", "[\"bagde\"]"),
        ["there is no layer `bagde` (templates/rust/bagde/)"]
    );
    assert_eq!(
        problems(&[("rust/base/src/main.rs", "")]),
        [
            "two layers give src/main.rs: templates/rust/base/src/main.rs and templates/rust/badge/src/main.rs"
        ]
    );
    assert_eq!(
        with_catalog("[\"base\"]", "[]"),
        ["option `badge`: no layer gives Cargo.toml"]
    );
    let note = check(&set(&[("rust/other/x", "")])).notes;
    assert_eq!(note, ["no option has the layer templates/rust/other"]);
}

#[test]
fn no_path_leaves_the_project_or_meddles_with_records() {
    for path in [
        "rust/base/.git/hooks/pre-commit",
        "rust/base/mcp-auth.toml",
        "rust/base/.mcp-auth/base/src/main.rs",
        "rust/base/.MCP-auth-edit/journal.json",
        "rust/base/a\\b",
        "rust/base/../x",
        "rust/file-in-no-layer",
    ] {
        let found = problems(&[(path, "x\n")]);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        assert!(
            found[0].starts_with(&format!("templates/{path}")),
            "{found:?}"
        );
    }
}

#[test]
fn a_set_without_a_catalog_has_that_problem_and_those_of_its_files() {
    let files = [("rust/base/x.rs".to_owned(), "fn".to_owned())];
    let found = check(&TemplateSet::of_owned(files)).problems;
    assert!(
        found
            .iter()
            .any(|what| what == "templates/catalog.toml is not there"),
        "{found:?}"
    );
    assert_eq!(found.len(), 2, "{found:?}");
}
