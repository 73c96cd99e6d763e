//! The slow gate (`cargo generated`): every snapshot formats, lints, builds and passes its own tests;
//! and every preset is the same Rust, so that building one builds all.

mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use support::{CASES, Sandbox, Tree, generate, snapshots, tree};

#[test]
#[ignore = "minutes: builds the snapshots"]
fn every_snapshot_formats_lints_builds_and_passes_its_tests() {
    for (case, _) in CASES {
        let project = snapshots().join(case);
        let locked = project.join("Cargo.lock").exists();
        cargo(&project, &["fmt", "--check"], false);
        cargo(
            &project,
            &["clippy", "--all-targets", "--", "-D", "warnings"],
            locked,
        );
        cargo(&project, &["build", "--all-targets"], locked);
        cargo(&project, &["test"], locked);
    }
}

#[test]
fn every_preset_is_the_same_rust_and_the_same_manifest() {
    let sandbox = Sandbox::new("presets");
    let list = sandbox.run(["list", "--json"]).succeeds().json();
    for option in list["options"].as_array().unwrap() {
        let auth = option["name"].as_str().unwrap();
        for preset in option["presets"].as_array().unwrap() {
            let preset = preset["name"].as_str().unwrap();
            let folder = format!("{auth}-{preset}");
            let case = if auth == "custom" {
                folder.as_str()
            } else {
                auth
            };
            let flags = ["--name", case, "--auth", auth, "--preset", preset];
            let generated = generate(&sandbox, &folder, &flags);
            let snapshot = snapshots().join(case);
            assert_eq!(
                compiled(&generated),
                compiled(&snapshot),
                "{auth} {preset} is not what is built for {case}"
            );
        }
    }
}

/// What cargo looks at.
fn compiled(project: &Path) -> Tree {
    let mut tree = tree(project);
    tree.retain(|path, _| {
        !path.starts_with('.') && (path == "Cargo.toml" || path.ends_with(".rs"))
    });
    assert!(tree.len() > 10, "{} is no project", project.display());
    tree
}

fn cargo(project: &Path, args: &[&str], locked: bool) {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(&args[..1])
        .args(locked.then_some("--locked"))
        .args(&args[1..]);
    command
        .current_dir(project)
        .env("CARGO_TARGET_DIR", target_dir());
    println!(
        "{}: cargo {}",
        project.file_name().unwrap().display(),
        args.join(" ")
    );
    let status = command.status().unwrap();
    assert!(
        status.success(),
        "{}: cargo {} failed",
        project.display(),
        args.join(" ")
    );
}

/// One for all of them: they share nearly every dependency.
fn target_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated-target")
}
