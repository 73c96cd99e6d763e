use super::{AXUM, add_twice, package, problems};
use crate::manifest::existing::Merged;

const ADDITION: &str = "[dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"multipart\"] }\nbase64 = \"0.22\"\ntracing = \"0.1\"\n\n[dev-dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"http1\"] }\n\n[[example]]\nname = \"mint-token\"\n";

fn gated(theirs: &str, gate: Option<&str>) -> Merged {
    add_twice(theirs, None, &package("Cargo.toml"), ADDITION, gate).unwrap()
}

#[test]
fn behind_a_feature_new_dependencies_are_optional_and_part_of_it() {
    let theirs = "[package]\nname = \"x\"\n\n[features]\nhttp = [\n    \"dep:axum\",\n]\n\n[dependencies]\naxum = { version = \"0.8\", optional = true }\ntracing = \"0.1\"\n";
    let merged = gated(theirs, Some("http"));
    let expected = "[package]\nname = \"x\"\n\n[features]\nhttp = [\n    \"dep:axum\",\n    \"dep:base64\",\n]\n\n[dependencies]\naxum = { version = \"0.8\", optional = true, features = [\"multipart\"] }\nbase64 = { version = \"0.22\", optional = true }\ntracing = \"0.1\"\n\n[dev-dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"http1\"] }\n\n[[example]]\nname = \"mint-token\"\nrequired-features = [\"http\"]\n";
    assert_eq!(merged.member, expected);
    assert!(
        merged
            .contribution
            .contains("[features]\nhttp = [\"dep:base64\"]\n"),
        "{}",
        merged.contribution
    );
    assert!(
        merged
            .contribution
            .contains("[[example]]\nname = \"mint-token\"\n"),
        "{}",
        merged.contribution
    );
}

#[test]
fn the_feature_of_an_optional_axum_is_found() {
    let theirs = "[features]\ndefault = [\"server\"]\nserver = [\"dep:axum\", \"dep:tracing\"]\n\n[dependencies]\naxum = { version = \"0.8\", optional = true }\ntracing = { version = \"0.1\", optional = true }\n";
    let merged = gated(theirs, None);
    assert!(
        merged
            .member
            .contains("server = [\"dep:axum\", \"dep:base64\", \"dep:tracing\"]"),
        "{}",
        merged.member
    );
}

#[test]
fn what_other_features_bring_is_not_named_again() {
    let theirs = "[features]\nhttp = [\"web\"]\nweb = [\"axum/ws\", \"tracing?/std\"]\n\n[dependencies]\naxum = { version = \"0.8\", optional = true }\nbase64 = { version = \"0.22\" }\ntracing = { version = \"0.1\", optional = true }\n";
    let merged = gated(theirs, Some("http"));
    // no list names it with `dep:`, so that its own name is the feature and has to stay one
    assert!(
        merged.member.contains("http = [\"tracing\", \"web\"]\n"),
        "{}",
        merged.member
    );
}

#[test]
fn a_feature_that_an_optional_dependency_makes_of_itself_keeps_its_meaning() {
    let theirs =
        "[dependencies]\naxum = { version = \"0.8\", optional = true }\ntracing = \"0.1\"\n";
    let merged = gated(theirs, None);
    assert!(
        merged
            .member
            .contains("\n[features]\naxum = [\"dep:axum\", \"dep:base64\"]\n"),
        "{}",
        merged.member
    );
}

#[test]
fn without_a_feature_an_optional_dependency_is_not_enough() {
    let theirs =
        "[dependencies]\naxum = \"0.8\"\ntracing = { version = \"0.1\", optional = true }\n";
    let found = problems(theirs, ADDITION);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].0,
        "tracing is optional in crates/x/Cargo.toml; `src/auth` always needs it"
    );
}

#[test]
fn without_a_feature_examples_are_left_to_cargo() {
    let merged = add_twice(
        "[dependencies]\n",
        None,
        &package("Cargo.toml"),
        ADDITION,
        None,
    )
    .unwrap();
    assert!(!merged.member.contains("example"));
    assert_eq!(
        add_twice("[dependencies]\n", None, &package("Cargo.toml"), AXUM, None)
            .unwrap()
            .member,
        AXUM
    );
}
