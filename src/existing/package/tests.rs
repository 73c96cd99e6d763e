use serde_json::{Value, json};

use super::*;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn package(folder: &str, dependencies: Value, targets: Value) -> Value {
    json!({
        "name": "my-server", "version": "0.1.0", "id": "path+file:///w#my-server@0.1.0", "source": null,
        "description": "Serves.", "dependencies": dependencies, "targets": targets, "features": {},
        "manifest_path": format!("/w/{folder}Cargo.toml"), "edition": "2024", "rust_version": "1.90",
    })
}

fn dependency(name: &str, requirement: &str, source: Option<&str>, more: Value) -> Value {
    let mut all = json!({
        "name": name, "source": source, "req": requirement, "kind": null, "rename": null, "optional": false,
        "uses_default_features": true, "features": [], "target": null, "registry": null,
    });
    let more = more.as_object().unwrap().clone();
    all.as_object_mut().unwrap().extend(more);
    all
}

fn target(kind: &str, name: &str, path: &str) -> Value {
    json!({ "kind": [kind], "crate_types": [kind], "name": name, "src_path": path, "edition": "2024" })
}

fn workspace(packages: &[Value], lock: Option<&str>) -> Workspace {
    let metadata = json!({
        "packages": packages, "workspace_members": [], "workspace_default_members": [], "resolve": null,
        "workspace_root": "/w", "target_directory": "/w/target", "version": 1, "metadata": null,
    });
    Workspace::parse(&metadata.to_string(), lock).unwrap()
}

fn only_dependencies(dependencies: Value, lock: Option<&str>) -> Vec<Dependency> {
    let workspace = workspace(&[package("", dependencies, json!([]))], lock);
    workspace.packages[0].dependencies.clone()
}

#[test]
fn paths_start_at_the_workspace() {
    let targets = json!([
        target("bin", "my-server", "/w/crates/server/src/main.rs"),
        target("lib", "my_server", "/w/crates/server/src/lib.rs"),
        target(
            "custom-build",
            "build-script-build",
            "/w/crates/server/build.rs"
        ),
        target("test", "all", "/w/crates/server/tests/all.rs"),
        target("example", "small", "/w/crates/server/examples/small.rs"),
    ]);
    let workspace = workspace(&[package("crates/server/", json!([]), targets)], None);
    let package = &workspace.packages[0];
    assert_eq!(package.folder, "crates/server/");
    assert_eq!(package.manifest.as_str(), "crates/server/Cargo.toml");
    assert_eq!(
        (package.edition.as_str(), package.rust_version.as_deref()),
        ("2024", Some("1.90.0"))
    );
    let crates: Vec<_> = package
        .crates
        .iter()
        .map(|root| (root.kind, root.name.as_str(), root.file.as_str()))
        .collect();
    assert_eq!(
        crates,
        [
            (CrateKind::Library, "my_server", "crates/server/src/lib.rs"),
            (CrateKind::Binary, "my_server", "crates/server/src/main.rs"),
        ]
    );
}

#[test]
fn a_package_outside_of_the_workspace_is_left_out() {
    let workspace = workspace(&[package("../elsewhere/", json!([]), json!([]))], None);
    assert!(workspace.packages.is_empty());
}

#[test]
fn a_package_alone_is_in_the_root_folder() {
    let workspace = workspace(&[package("", json!([]), json!([]))], None);
    assert_eq!(workspace.packages[0].folder, "");
}

#[test]
fn a_renamed_optional_dependency_is_known_by_both_names() {
    let more = json!({ "rename": "my-ax", "optional": true, "features": ["http1"] });
    let found = only_dependencies(
        json!([dependency("axum", "^0.8", Some(REGISTRY), more)]),
        None,
    );
    assert_eq!(found[0].code_name(), "my_ax");
    let expected = Dependency {
        package: "axum".into(),
        key: "my-ax".into(),
        requirement: "^0.8".into(),
        optional: true,
        kind: DependencyKind::Normal,
        target: None,
        features: vec!["http1".into()],
        is_published: true,
        locked: None,
    };
    assert_eq!(found[0], expected);
}

#[test]
fn kinds_targets_and_sources_are_known() {
    let git = Some("git+https://example.org/rmcp");
    let found = only_dependencies(
        json!([
            dependency("tokio", "^1", Some(REGISTRY), json!({ "kind": "dev" })),
            dependency(
                "nix",
                "^0.30",
                Some(REGISTRY),
                json!({ "target": "cfg(unix)" })
            ),
            dependency("shared", "*", None, json!({ "path": "/w/shared" })),
            dependency("rmcp", "*", git, json!({ "kind": "build" })),
        ]),
        None,
    );
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.kind, it.target.as_deref(), it.is_published))
        .collect();
    let expected = [
        (DependencyKind::Dev, None, true),
        (DependencyKind::Normal, Some("cfg(unix)"), true),
        (DependencyKind::Normal, None, false),
        (DependencyKind::Build, None, false),
    ];
    assert_eq!(found, expected);
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "axum"
version = "0.7.9"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "axum"
version = "0.8.4"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "rand"
version = "0.9.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "rand"
version = "0.9.2"
source = "git+https://example.org/rand#abc"

[[package]]
name = "rmcp"
version = "3.1.4"

[[package]]
name = "my-server"
version = "0.1.0"
dependencies = ["axum 0.8.4", "rand 0.9.2 (git+https://example.org/rand)", "rmcp"]
"#;

fn locked(name: &str, requirement: &str) -> (Option<String>, bool) {
    let found = only_dependencies(
        json!([dependency(name, requirement, Some(REGISTRY), json!({}))]),
        Some(LOCK),
    );
    (found[0].locked.clone(), found[0].is_published)
}

#[test]
fn the_lock_file_tells_the_version_that_fits() {
    assert_eq!(locked("axum", "^0.7"), (Some("0.7.9".into()), true));
    assert_eq!(locked("axum", "^0.8"), (Some("0.8.4".into()), true));
    assert_eq!(locked("axum", ">=0.7"), (Some("0.8.4".into()), true));
    assert_eq!(locked("serde", "^1"), (None, true));
}

#[test]
fn a_patched_dependency_is_not_a_published_one() {
    assert_eq!(locked("rmcp", "^3"), (Some("3.1.4".into()), false));
    assert_eq!(locked("rand", "^0.9"), (Some("0.9.2".into()), false));
}

#[test]
fn what_cannot_be_read_is_named() {
    let error = Workspace::parse("{}", None).unwrap_err();
    assert_eq!(error.to_string(), "cannot read what `cargo metadata` says");
    let error = Workspace::parse("{}", Some("[[package")).unwrap_err();
    assert_eq!(error.to_string(), "cannot read Cargo.lock");
}
