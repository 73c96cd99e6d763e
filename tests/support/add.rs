//! The shapes of existing projects in `snapshots/add/`, each as its owner wrote it in `before/`; and trees with their
//! folders and modes, for what has to come back exactly.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Once,
};

use walkdir::WalkDir;

use super::{Ran, Sandbox, Tree, differences, snapshots, tree};

pub const JWT: [&str; 2] = ["--auth", "jwt"];

/// Further options, each for a few shapes: the folder below the shape, and what to type.
pub const OTHERS: &[(&str, &[&str], &[&str])] = &[
    (
        "custom-api-keys",
        &["--auth", "custom", "--preset", "api-keys"],
        &["simple-main", "workspace-deps-member"],
    ),
    (
        "github",
        &["--auth", "github"],
        &["fn-returns-router-nested", "chain-cors-bin-with-lib"],
    ),
    ("google", &["--auth", "google"], &["eyre-main"]),
    ("proxy", &["--auth", "proxy"], &["bin-in-folder"]),
];

pub fn folder() -> PathBuf {
    snapshots().join("add")
}

/// The shapes that `add` can work on.
pub fn shapes() -> Vec<String> {
    all(|name| !name.starts_with("refused-"))
}

/// Those that it refuses.
pub fn refusals() -> Vec<String> {
    all(|name| name.starts_with("refused-"))
}

fn all(wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap);
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let names = folders.map(|entry| entry.file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| wanted(name)).collect();
    names.sort();
    names
}

/// The project as its owner has it, in a folder of its own.
pub fn copy(shape: &str) -> Sandbox {
    let sandbox = Sandbox::new(shape);
    in_a_repository(&sandbox);
    for (path, entry) in entries(&folder().join(shape).join("before")) {
        let path = sandbox.path(path);
        match entry {
            Entry::Folder => fs::create_dir_all(path).unwrap(),
            Entry::File { bytes, .. } => fs::write(path, bytes).unwrap(),
        }
    }
    sandbox
}

/// In a repository that does not know its files: the same wherever the tests are built.
fn in_a_repository(sandbox: &Sandbox) {
    static MADE: Once = Once::new();
    MADE.call_once(|| {
        let mut init = Command::new("git");
        init.args(["init", "--quiet"])
            .current_dir(sandbox.path(".."));
        assert!(init.status().unwrap().success());
    });
}

/// `add` without cargo's checks.
pub fn add(sandbox: &Sandbox, more: &[&str]) -> Ran {
    sandbox.run(["add", "--yes", "--no-check"].iter().chain(more))
}

pub fn undo(sandbox: &Sandbox) -> Ran {
    sandbox.run(["add", "--undo", "--yes"])
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Folder,
    File { bytes: Vec<u8>, mode: u32 },
}

/// Everything below a folder but for `target`: folders, files, their permissions.
pub fn entries(root: &Path) -> BTreeMap<String, Entry> {
    let walk = WalkDir::new(root).min_depth(1).into_iter();
    let walk = walk.filter_entry(|entry| entry.depth() != 1 || entry.file_name() != "target");
    walk.map(|entry| {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap();
        let what = if entry.file_type().is_dir() {
            Entry::Folder
        } else {
            Entry::File {
                bytes: fs::read(entry.path()).unwrap(),
                mode: mode(entry.path()),
            }
        };
        (path.replace('\\', "/"), what)
    })
    .collect()
}

/// What differs, by name: bytes are nothing to look at.
pub fn differing(before: &BTreeMap<String, Entry>, after: &BTreeMap<String, Entry>) -> Vec<String> {
    let mut names: Vec<_> = before.keys().chain(after.keys()).cloned().collect();
    names.retain(|name| before.get(name) != after.get(name));
    names.sort();
    names.dedup();
    names
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions())
}

#[cfg(not(unix))]
fn mode(path: &Path) -> u32 {
    u32::from(fs::metadata(path).unwrap().permissions().readonly())
}

/// Whether `after` is `before` with lines and words put in, and nothing taken away.
pub fn holds_all_of(after: &str, before: &str) -> bool {
    let mut rest = after.chars();
    before
        .chars()
        .all(|wanted| rest.any(|found| found == wanted))
}

/// Compares the whole place but `before/` and the folders of other options; or writes it anew.
pub fn held(place: &str, actual: &Tree) -> Vec<String> {
    let folder = folder().join(place);
    let is_of_this = |path: &String| path.starts_with("after/") || path == "said.txt";
    let overwrite = env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    assert!(
        !(overwrite && env::var_os("CI").is_some()),
        "snapshots are not rewritten in CI"
    );
    if overwrite {
        fs::create_dir_all(&folder).unwrap();
        for path in tree(&folder).keys().filter(|path| is_of_this(path)) {
            fs::remove_file(folder.join(path)).unwrap();
        }
        for (path, bytes) in actual {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let mut expected = tree(&folder);
    expected.retain(|path, _| is_of_this(path));
    let found = differences(&expected, actual).into_iter();
    found
        .map(|difference| format!("snapshots/add/{place}/{difference}"))
        .collect()
}

/// Both streams and the exit code, the same on every machine.
pub fn said(sandbox: &Sandbox, ran: &Ran) -> String {
    let root = sandbox.path("");
    let root = root.to_str().unwrap().trim_end_matches('/');
    let plain = |text: &str| text.replace(root, "[project]");
    let mut said = plain(&ran.stdout);
    if !ran.stderr.is_empty() {
        said += &format!("--- on standard error\n{}", plain(&ran.stderr));
    }
    said + &format!("--- exit code {}\n", ran.code.unwrap())
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// How code names crates, and how they are really called.
pub fn renamed_crates(project: &Tree) -> Vec<(String, String)> {
    let manifests = project
        .iter()
        .filter(|(path, _)| path.ends_with("Cargo.toml") && !path.contains(".mcp-auth/"));
    let mut renamed = Vec::new();
    for (_, bytes) in manifests {
        let text = text(bytes);
        let manifest: toml_edit::DocumentMut = text.trim_start_matches('\u{feff}').parse().unwrap();
        let Some(dependencies) = manifest
            .get("dependencies")
            .and_then(|item| item.as_table_like())
        else {
            continue;
        };
        for (name, item) in dependencies.iter() {
            if let Some(package) = item.get("package").and_then(|package| package.as_str()) {
                renamed.push((name.replace('-', "_"), package.replace('-', "_")));
            }
        }
    }
    renamed
}
