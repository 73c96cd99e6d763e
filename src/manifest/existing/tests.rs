use super::*;
use crate::existing::package::{Dependency, DependencyKind};

mod again;
mod beside;
mod formats;
mod gated;
mod style;
mod workspace;

const ADDITION: &str = r#"
[dependencies]
axum = { version = "0.8", default-features = false, features = ["multipart", "tokio"] }
base64 = "0.22"
tokio = { version = "1", features = ["rt", "sync", "time"] }

[dev-dependencies]
tokio = { version = "1", features = ["macros", "net"] }
"#;

const AXUM: &str = "[dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"multipart\"] }\n";

pub fn package(manifest: &str) -> Package {
    Package {
        name: "x".into(),
        description: None,
        folder: String::new(),
        manifest: manifest.parse().unwrap(),
        edition: "2024".into(),
        rust_version: None,
        crates: Vec::new(),
        dependencies: Vec::new(),
    }
}

pub fn locked(mut package: Package, key: &str, version: &str) -> Package {
    package.dependencies.push(Dependency {
        package: key.into(),
        key: key.into(),
        requirement: "*".into(),
        optional: false,
        kind: DependencyKind::Normal,
        target: None,
        features: Vec::new(),
        is_published: true,
        locked: Some(version.into()),
    });
    package
}

/// Adds, and makes sure that adding again changes nothing.
pub fn add_twice(
    member: &str,
    workspace: Option<&str>,
    package: &Package,
    addition: &str,
    gate: Option<&str>,
) -> Result<Merged> {
    let additions = [("deps.toml", addition)];
    let once = add(&Manifests { member, workspace }, package, &additions, gate)?;
    let again = Manifests {
        member: &once.member,
        workspace: once.workspace.as_deref(),
    };
    let twice = add(&again, package, &additions, gate)?;
    assert_eq!(twice.member, once.member, "a second run changes the member");
    let root = "a second run changes the workspace";
    assert_eq!(twice.workspace, once.workspace, "{root}");
    assert_eq!(twice.renames, once.renames);
    assert_eq!(twice.contribution, "");
    again::the_same(&once, package, &additions)?;
    Ok(once)
}

pub fn merged(member: &str, addition: &str) -> Merged {
    add_twice(member, None, &package("Cargo.toml"), addition, None).unwrap()
}

pub fn member(text: &str, addition: &str) -> String {
    merged(text, addition).member
}

pub fn problems(member: &str, addition: &str) -> Vec<(String, String)> {
    problems_of(member, &package("crates/x/Cargo.toml"), addition, None)
}

pub fn problems_of(
    member: &str,
    package: &Package,
    addition: &str,
    gate: Option<&str>,
) -> Vec<(String, String)> {
    let error = add_twice(member, None, package, addition, gate).unwrap_err();
    let refusal = error.downcast::<Refusal>().unwrap();
    let problems = refusal.problems.into_iter();
    problems
        .map(|problem| (problem.what, problem.hint.unwrap()))
        .collect()
}

#[test]
fn unites_and_adds_and_keeps_the_rest() {
    let theirs = "# mine\n[package]\nname   =  'x' # odd\n\n[dependencies] # these\n# why\naxum = \"0.8\" # web\nserde = \"1\"\n\n[profile.release]\nstrip = true\n";
    let expected = "# mine\n[package]\nname   =  'x' # odd\n\n[dependencies] # these\n# why\naxum = { version = \"0.8\", features = [\"multipart\"] } # web\nbase64 = \"0.22\"\nserde = \"1\"\ntokio = { version = \"1\", features = [\"rt\", \"sync\", \"time\"] }\n\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"macros\", \"net\"] }\n\n[profile.release]\nstrip = true\n";
    assert_eq!(member(theirs, ADDITION), expected);
}

#[test]
fn the_contribution_is_what_was_added_and_nothing_else() {
    let merged = merged("[dependencies]\nzzz = \"1\"\naxum = \"0.8\"\n", ADDITION);
    let expected = "[dependencies]\naxum = { features = [\"multipart\"] }\nbase64 = \"0.22\"\ntokio = { version = \"1\", features = [\"rt\", \"sync\", \"time\"] }\n\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"macros\", \"net\"] }\n";
    assert_eq!(merged.contribution, expected);
}

#[test]
fn what_is_there_in_full_changes_nothing() {
    let theirs =
        "[dependencies]\naxum = { version = \"0.8.4\", features = [\"ws\", \"multipart\"] }\n";
    let merged = merged(theirs, AXUM);
    assert_eq!(merged.member, theirs);
    assert_eq!(merged.contribution, "");
}

#[test]
fn tests_use_the_normal_dependency_where_that_is_enough() {
    let theirs = "[dependencies]\naxum = \"0.8\"\nbase64 = \"0.22\"\ntokio = { version = \"1\", features = [\"full\", \"macros\", \"net\"] }\n";
    assert!(!member(theirs, ADDITION).contains("dev-dependencies"));
}

#[test]
fn features_that_come_with_others_are_not_named_again() {
    let theirs =
        "[dependencies]\naxum = \"0.8\"\ntokio = { version = \"1\", features = [\"full\"] }\n";
    let ours = "[dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"json\", \"tokio\"] }\ntokio = { version = \"1\", features = [\"rt\", \"time\"] }\n\n[dev-dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"form\"] }\n";
    assert_eq!(member(theirs, ours), theirs);
    let more = "[dependencies]\ntokio = { version = \"1\", features = [\"rt\", \"test-util\"] }\n";
    assert!(member(theirs, more).contains("features = [\"full\", \"test-util\"]"));
}

#[test]
fn tests_get_more_features_where_their_dependency_is_there() {
    let theirs = "[dependencies]\naxum = \"0.8\"\n\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"net\"] }\n";
    let edited = member(theirs, ADDITION);
    assert!(
        edited.contains(
            "[dev-dependencies]\ntokio = { version = \"1\", features = [\"macros\", \"net\"] }\n"
        ),
        "{edited}"
    );
}

#[test]
fn a_feature_called_like_its_dependency_is_added() {
    let addition = "[features]\nredis = [\"dep:redis\"]\n\n[dependencies]\nredis = { version = \"1\", default-features = false, features = [\"tls\"], optional = true }\n";
    let with = |theirs: &str| member(&format!("[package]\nname = \"x\"\n{theirs}"), addition);
    let edited = with("");
    assert!(
        edited.ends_with("optional = true }\n\n[features]\nredis = [\"dep:redis\"]\n"),
        "{edited}"
    );
    // always there: the feature turns on the code alone
    let edited = with("\n[dependencies]\nredis = \"1\"\n");
    assert!(
        edited.ends_with(
            "redis = { version = \"1\", features = [\"tls\"] }\n\n[features]\nredis = []\n"
        ),
        "{edited}"
    );
    // optional, and so a feature by itself
    let edited = with("\n[dependencies]\nredis = { version = \"1\", optional = true }\n");
    assert!(!edited.contains("[features]"), "{edited}");
    // optional under another feature
    let edited = with(
        "\n[dependencies]\nredis = { version = \"1\", optional = true }\n\n[features]\ncache = [\"dep:redis\"]\n",
    );
    assert!(
        edited.ends_with("[features]\ncache = [\"dep:redis\"]\nredis = [\"dep:redis\"]\n"),
        "{edited}"
    );
    // the feature is there and means another crate
    let edited = with(
        "\n[dependencies]\nfred = { version = \"1\", optional = true }\n\n[features]\nredis = [\"dep:fred\"]\n",
    );
    assert!(
        edited.ends_with("[features]\nredis = [\"dep:fred\", \"dep:redis\"]\n"),
        "{edited}"
    );
    // another version that is a feature by itself
    let edited = with("\n[dependencies]\nredis = { version = \"0.27\", optional = true }\n");
    assert!(
        edited.contains("\nauth-redis = { package = \"redis\","),
        "{edited}"
    );
    assert!(
        edited.ends_with("[features]\nredis = [\"dep:redis\", \"dep:auth-redis\"]\n"),
        "{edited}"
    );
}

#[test]
fn every_dependency_that_keeps_its_default_features_says_what_is_used_of_them() {
    let templates = crate::templates::TemplateSet::embedded().unwrap();
    let paths = templates
        .paths()
        .filter(|path| path.ends_with("/deps.toml"));
    let layers: Vec<&str> = paths
        .filter_map(|path| path.split('/').nth(1))
        .filter(|layer| *layer != "server")
        .collect();
    let composition = templates.compose(&layers[..0]).unwrap();
    assert!(composition.dependencies.is_empty());
    for layer in layers {
        let composition = templates.compose(&[layer]).unwrap();
        let (path, text) = &composition.dependencies[0];
        for dependency in Wanted::read(&[(path, text)]).unwrap().normal {
            assert!(
                dependency.used_of_defaults().is_some(),
                "{path}: {}",
                dependency.package
            );
        }
    }
}

#[test]
fn a_change_that_nobody_planned_is_found() {
    let before: DocumentMut =
        "[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"x\"] }\n"
            .parse()
            .unwrap();
    let planned = [change::Change {
        file: File::Member,
        table: vec!["dependencies"],
        key: "b".into(),
        what: change::What::Features(vec!["y".into()]),
    }];
    let prove = |after: &str| prove::prove(&before, &after.parse().unwrap(), &planned);
    assert!(
        prove("[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"y\", \"x\"] }\n")
            .is_ok()
    );
    for wrong in [
        "[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"x\"] }\n",
        "[dependencies]\na = \"2\"\nb = { version = \"1\", features = [\"x\", \"y\"] }\n",
        "[dependencies]\nb = { version = \"1\", features = [\"x\", \"y\"] }\n",
        "[dependencies]\na = \"1\"\nb = { version = \"1\", features = [\"x\", \"y\"] }\nc = \"1\"\n",
    ] {
        assert!(prove(wrong).is_err(), "{wrong}");
    }
}
