//! A regeneration in trouble: no space, no permission, files that are somebody's own. It says so, and changes nothing.
#![cfg(unix)]

mod support;

use std::{
    env, fs,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, lchown},
        process::CommandExt,
    },
};

use support::{
    Ran,
    regenerate::{Trial, git},
};
use walkdir::WalkDir;

fn set_mode(trial: &Trial, inner: &str, mode: u32) {
    fs::set_permissions(trial.path(inner), fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_full_disk_changes_nothing() {
    let trial = Trial::new("full");
    let after = trial.after();
    let mut failed = 0;
    // no file may grow beyond so many half kilobytes, as on a disk that is full then
    let limits = [0, 1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 1024];
    for limit in limits {
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
        let ran = Ran::of(&trial.by_shell(&script).output().unwrap());
        if ran.code == Some(0) {
            trial.is(&after);
            trial.abort().succeeds();
        } else {
            ran.fails(1, &["cannot ", "File too large"]);
            failed += 1;
        }
        trial.is_as_before();
    }
    assert!((5..limits.len()).contains(&failed), "{failed} failed");
}

#[test]
fn read_only_files_are_named_and_nothing_is_written() {
    let mut trial = Trial::new("locked");
    for path in ["src/auth/guard.rs", "src/auth/tests/targets.rs"] {
        set_mode(&trial, path, 0o444);
    }
    // not one of those that change
    set_mode(&trial, "src/auth/scopes.rs", 0o444);
    trial.before = trial.state();
    let ran = trial.renew(&[]).fails(
        1,
        &[
            "src/auth/guard.rs is read-only",
            "src/auth/tests/targets.rs is read-only",
            "make it writable",
        ],
    );
    assert!(!ran.stderr.contains("scopes.rs"), "{}", ran.stderr);
    trial.is_as_before();
}

/// Nobody may be anybody: the superuser may write everywhere.
const NOBODY: u32 = 65534;

#[test]
fn a_folder_that_cannot_be_written_stops_it() {
    for (folder, said) in [
        ("", "cannot write into"),
        ("src/auth", "src/auth/"),
        ("src/auth/tests", "src/auth/tests/"),
        (".mcp-auth/base/src", ".mcp-auth/base/src/"),
    ] {
        let mut trial = Trial::new("folder");
        set_mode(&trial, folder, 0o555);
        trial.before = trial.state();
        let mut command = trial.command();
        if trial.path("").metadata().unwrap().uid() == 0 {
            for entry in WalkDir::new(trial.path("")) {
                let nobody = Some(NOBODY);
                lchown(entry.unwrap().path(), nobody, nobody).unwrap();
            }
            command.uid(NOBODY).gid(NOBODY);
        }
        let ran = Ran::of(&command.output().unwrap());
        ran.fails(1, &[said, "Permission denied"]);
        trial.is_as_before();
        set_mode(&trial, folder, 0o755);
    }
}

/// Saves a file after it was looked at: once git has said what is committed.
const GIT: &str = "#!/bin/sh
\"$REAL_GIT\" \"$@\"
code=$?
[ \"$2\" = status ] && echo '// mine' >> \"$SAVED\"
exit $code
";

#[test]
fn a_file_that_is_saved_meanwhile_stays_and_stops_it() {
    let real = env::split_paths(&env::var_os("PATH").unwrap())
        .map(|folder| folder.join("git"))
        .find(|git| git.is_file())
        .unwrap();
    // replaced, deleted, moved, and one that is new
    for path in [
        "src/main.rs",
        "src/auth/tests/targets.rs",
        "src/server.rs",
        "src/health.rs",
    ] {
        let trial = Trial::new("saved");
        trial.sandbox.write("bin/git", GIT);
        let program = trial.sandbox.path("bin/git");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut folders = vec![trial.sandbox.path("bin")];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap()));
        let mut command = trial.command();
        command
            .env("PATH", env::join_paths(folders).unwrap())
            .env("REAL_GIT", &real)
            .env("SAVED", trial.path(path));
        let said = format!("{path} was changed in the meantime; nothing was changed");
        Ran::of(&command.output().unwrap()).fails(1, &[&said, "run again"]);
        let mut now = trial.state();
        let saved = now.remove(&trial.path(path)).unwrap().1;
        assert!(saved.ends_with(b"// mine\n"), "{path}");
        let mut before = trial.before.clone();
        before.remove(&trial.path(path));
        assert_eq!(now, before, "{path}");
    }
}

#[test]
fn what_git_does_not_have_is_not_touched_unless_allowed() {
    let trial = Trial::new("dirty");
    let edit = |path: &str| {
        let path = format!("weather/{path}");
        let text = trial.sandbox.read(&path);
        trial.sandbox.write(&path, &format!("// mine\n{text}"));
    };
    // none of those that change, and a staged one
    edit("src/auth/scopes.rs");
    edit("src/auth/guard.rs");
    git(&trial.sandbox, "weather", &["add", "src/auth/guard.rs"]);
    // one that git does not know
    git(
        &trial.sandbox,
        "weather",
        &["rm", "--cached", "src/caller.rs"],
    );
    edit("src/caller.rs");
    edit("src/main.rs");
    edit("src/server.rs");
    let before = trial.state();
    let ran = trial.renew(&[]).fails(
        4,
        &[
            "src/main.rs has changes that are not committed",
            "src/server.rs has changes that are not committed",
            "--allow-dirty",
        ],
    );
    for clean in ["scopes.rs", "guard.rs", "caller.rs"] {
        assert!(!ran.stderr.contains(clean), "{}", ran.stderr);
    }
    assert_eq!(trial.state(), before);
    trial.renew(&["--allow-dirty"]).succeeds();
    trial.abort().succeeds();
    assert_eq!(trial.state(), before);
}
