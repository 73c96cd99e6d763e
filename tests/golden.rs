//! `snapshots/<case>/` is what people get, byte for byte: compared both ways, offline, in seconds.
//! `SNAPSHOTS=overwrite cargo golden` writes them anew; read that diff as a user would.

mod support;

use std::{env, fs};

use support::{CASES, Sandbox, Tree, differences, generate, snapshots, tree};

#[test]
fn every_snapshot_is_what_is_generated() {
    let overwrite = env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    assert!(
        !(overwrite && env::var_os("CI").is_some()),
        "snapshots are not rewritten in CI"
    );
    let mut wrong = Vec::new();
    for (case, flags) in CASES {
        let sandbox = Sandbox::new(case);
        let generated = tree(&generate(&sandbox, case, flags));
        assert!(
            generated.len() > 20,
            "{case}: only {} files",
            generated.len()
        );
        if overwrite {
            rewrite(case, &generated);
        }
        let found = differences(&tree(&snapshots().join(case)), &generated);
        wrong.extend(
            found
                .into_iter()
                .map(|difference| format!("snapshots/{case}/{difference}")),
        );
    }
    wrong.extend(folders_that_are_no_case());
    assert!(
        wrong.is_empty(),
        "\n{}\n\nto accept: SNAPSHOTS=overwrite cargo golden, then read the diff\n",
        wrong.join("\n")
    );
}

#[test]
fn git_does_not_hide_any_file_of_a_snapshot() {
    for (case, _) in CASES {
        let hidden = std::process::Command::new("git")
            .args([
                "ls-files",
                "--others",
                "--ignored",
                "--exclude-standard",
                "--",
                &format!("snapshots/{case}"),
            ])
            .current_dir(support::repository())
            .output()
            .unwrap();
        let hidden = String::from_utf8(hidden.stdout).unwrap();
        let hidden: Vec<&str> = hidden
            .lines()
            .filter(|path| !path.contains("/target/"))
            .collect();
        assert_eq!(
            hidden, [""; 0],
            "the generated .gitignore matches generated files"
        );
    }
}

fn folders_that_are_no_case() -> Vec<String> {
    let entries = fs::read_dir(snapshots()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let folders = folders.map(|entry| entry.file_name().into_string().unwrap());
    let others = ["add", "regenerate"];
    let strays = folders.filter(|folder| {
        !others.contains(&folder.as_str()) && CASES.iter().all(|(case, _)| case != folder)
    });
    strays
        .map(|folder| format!("snapshots/{folder}: no case of this name"))
        .collect()
}

fn rewrite(case: &str, generated: &Tree) {
    let folder = snapshots().join(case);
    fs::create_dir_all(&folder).unwrap();
    for path in tree(&folder)
        .keys()
        .filter(|path| !generated.contains_key(*path))
    {
        fs::remove_file(folder.join(path)).unwrap();
    }
    for (path, bytes) in generated {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
