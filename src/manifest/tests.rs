use super::*;

const SERVER: &str = r#"
[dependencies]
axum = { version = "0.8", default-features = false, features = ["tokio"] }
tokio = { version = "1", features = ["macros", "net"] }
"#;

const AUTH: &str = r#"
[dependencies]
anyhow = "1"
axum = { version = "0.8", default-features = false, features = ["json", "ws"] }
tokio = { version = "1", features = ["io-util"] }

[dev-dependencies]
tokio = { version = "1", features = ["macros"] }
tower = "0.5"
"#;

const EMPTY: &str = "[package]\nname = \"x\"\n\n[dependencies]\n\n[dev-dependencies]\n\n[profile.release]\nstrip = true\n";

fn merged(manifest: &str) -> String {
    merge(manifest, [("server", SERVER), ("auth", AUTH)]).unwrap()
}

#[test]
fn unites_sections_and_features_in_alphabetical_order() {
    let expected = r#"[package]
name = "x"

[dependencies]
anyhow = "1"
axum = { version = "0.8", default-features = false, features = ["json", "tokio", "ws"] }
tokio = { version = "1", features = ["io-util", "macros", "net"] }

[dev-dependencies]
tokio = { version = "1", features = ["macros"] }
tower = "0.5"

[profile.release]
strip = true
"#;
    assert_eq!(merged(EMPTY), expected);
}

#[test]
fn merging_again_or_in_another_order_changes_nothing() {
    let once = merged(EMPTY);
    assert_eq!(merged(&once), once);
    assert_eq!(
        merge(EMPTY, [("auth", AUTH), ("server", SERVER)]).unwrap(),
        once
    );
}

#[test]
fn leaves_the_rest_of_a_manifest_byte_for_byte() {
    let theirs = "# mine\n[package]\nname   =  'x' # odd\n\n[dependencies] # these\n# why\nserde = \"1\" # one\ntokio = \"1\" # two\n";
    let merged = merge(
        theirs,
        [(
            "d",
            "[dependencies]\ntokio = { version = \"1\", features = [\"rt\"] }\n",
        )],
    )
    .unwrap();
    let expected = theirs.replace(
        "tokio = \"1\" # two",
        "tokio = { version = \"1\", features = [\"rt\"] } # two",
    );
    assert_eq!(merged, expected);
}

#[test]
fn keeps_an_array_that_has_a_line_per_feature() {
    let theirs =
        "[dependencies]\nx = { version = \"1\", features = [\n    \"a\",\n    \"c\", # why\n] }\n";
    let merged = merge(
        theirs,
        [(
            "d",
            "[dependencies]\nx = { version = \"1\", features = [\"b\"] }\n",
        )],
    )
    .unwrap();
    assert_eq!(merged, theirs.replace("    \"c\"", "    \"b\",\n    \"c\""));
}

#[test]
fn keeps_the_order_of_dependencies_that_were_not_sorted() {
    let merged = merge(
        "[dependencies]\nz = \"1\"\na = \"1\"\n",
        [("d", "[dependencies]\nm = \"1\"\n")],
    )
    .unwrap();
    assert_eq!(merged, "[dependencies]\nz = \"1\"\na = \"1\"\nm = \"1\"\n");
}

#[test]
fn adds_a_section_that_is_missing_at_the_end() {
    let merged = merge(
        "[package]\nname = \"x\"\n",
        [("d", "[features]\ntls = [\"a/tls\"]\n")],
    )
    .unwrap();
    assert_eq!(
        merged,
        "[package]\nname = \"x\"\n\n[features]\ntls = [\"a/tls\"]\n"
    );
}

#[test]
fn default_features_stay_on_when_either_side_wants_them() {
    let off = "[dependencies]\nx = { version = \"1\", default-features = false }\n";
    let on = "[dependencies]\nx = { version = \"1\", features = [\"f\"] }\n";
    assert!(
        !merge(off, [("d", on)])
            .unwrap()
            .contains("default-features")
    );
    assert!(
        !merge(on, [("d", off)])
            .unwrap()
            .contains("default-features")
    );
    assert!(
        merge(off, [("d", off)])
            .unwrap()
            .contains("default-features = false")
    );
}

#[test]
fn keeps_line_ends_and_byte_order_mark() {
    let theirs = "\u{feff}[dependencies]\r\na = \"1\"\r\n";
    let merged = merge(theirs, [("d", "[dependencies]\nb = \"1\"\n")]).unwrap();
    assert_eq!(
        merged,
        "\u{feff}[dependencies]\r\na = \"1\"\r\nb = \"1\"\r\n"
    );
}

#[test]
fn refuses_versions_that_differ_and_sections_it_does_not_know() {
    let error = merge(
        "[dependencies]\nx = \"1\"\n",
        [("d", "[dependencies]\nx = \"2\"\n")],
    )
    .unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "d: `dependencies.x`: version 2 is wanted, 1 is there"
    );
    let error = merge(EMPTY, [("d", "[profile.dev]\ndebug = false\n")]).unwrap_err();
    assert_eq!(format!("{error:#}"), "d: `profile` cannot be merged");
}

#[test]
fn a_dev_dependency_that_repeats_is_left_out() {
    let manifest = without_repeats(&merged(EMPTY)).unwrap();
    assert_eq!(
        manifest.matches("tokio").count(),
        2,
        "as package and as axum's feature: {manifest}"
    );
    assert!(manifest.contains("[dev-dependencies]\ntower"));
}

#[test]
fn a_dev_dependency_that_turns_default_features_on_is_no_repeat() {
    let manifest = "[dependencies]\nx = { version = \"1\", default-features = false }\n\n[dev-dependencies]\nx = \"1\"\n";
    assert_eq!(without_repeats(manifest).unwrap(), manifest);
}

#[test]
fn any_description_survives() {
    for text in [
        "plain",
        "\"quotes\" 'and' \\back\\slashes",
        "{{ braces }} {% %}",
        "two\nlines\ttab",
        "🌦 \"\"\" '''",
        "# no comment",
    ] {
        let doc: DocumentMut = describe(EMPTY, text).unwrap().parse().unwrap();
        assert_eq!(doc["package"]["description"].as_str(), Some(text));
    }
}
