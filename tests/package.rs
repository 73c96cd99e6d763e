//! What is published is what was tested: the packed crate holds every template and generates the same bytes.

mod support;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use support::{CASES, Sandbox, differences, repository, snapshots, tree};

#[test]
fn the_package_holds_every_template_and_nothing_else_of_the_repository() {
    let listed = cargo(
        repository(),
        &["package", "--list", "--allow-dirty", "--offline"],
    );
    let packed: BTreeSet<&str> = listed.lines().collect();
    let templates = tree(&repository().join("templates"))
        .into_keys()
        .map(|path| format!("templates/{path}"));
    let missing: Vec<String> = templates
        .filter(|path| !packed.contains(path.as_str()))
        .collect();
    assert_eq!(missing, [""; 0], "missing in the package");
    let foreign = ["snapshots/", "tests/", ".cargo/", ".ci/", ".github/"];
    let strays: Vec<&&str> = packed
        .iter()
        .filter(|path| foreign.iter().any(|folder| path.starts_with(folder)))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
#[ignore = "minutes: packs, unpacks and installs the crate"]
fn the_packed_crate_installs_and_generates_the_same_bytes() {
    let sandbox = Sandbox::new("packed");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package-target");
    let target_dir = target.to_str().unwrap();
    cargo(
        repository(),
        &[
            "package",
            "--no-verify",
            "--allow-dirty",
            "--target-dir",
            target_dir,
        ],
    );
    let name = concat!("mcp-auth-", env!("CARGO_PKG_VERSION"));
    let packed = target.join("package").join(format!("{name}.crate"));
    let status = Command::new("tar")
        .arg("-xzf")
        .arg(packed)
        .current_dir(sandbox.path(""))
        .status()
        .unwrap();
    assert!(status.success());
    let root = sandbox.path("root");
    let source = sandbox.path(name);
    let (source, root) = (source.to_str().unwrap(), root.to_str().unwrap());
    cargo(
        &sandbox.path(""),
        &[
            "install",
            "--locked",
            "--debug",
            "--path",
            source,
            "--root",
            root,
            "--target-dir",
            target_dir,
        ],
    );
    for (case, flags) in CASES {
        let status = Command::new(Path::new(root).join("bin/mcp-auth"))
            .args(["new", case, "--yes", "--quiet", "--without", "git"])
            .args(*flags)
            .current_dir(sandbox.path(""))
            .status()
            .unwrap();
        assert!(status.success());
        let found = differences(&tree(&snapshots().join(case)), &tree(&sandbox.path(case)));
        assert_eq!(found, [""; 0], "{case}");
    }
    fs::remove_dir_all(sandbox.path("")).unwrap();
}

fn cargo(dir: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}
