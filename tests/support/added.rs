//! The shapes of `snapshots/add/` after `mcp-auth add`, and what `mcp-auth regenerate` makes of them.

use std::{
    collections::BTreeMap,
    panic::{RefUnwindSafe, catch_unwind},
    thread,
};

use super::{
    Ran, Sandbox,
    add::{self, Entry},
};

/// What to type for `add`, and for `regenerate` where that differs.
pub const OTHERS: [(&[&str], &[&str]); 5] = [
    (&["--auth", "github"], &["--auth", "github"]),
    (&["--auth", "google"], &["--auth", "google"]),
    (&["--auth", "proxy"], &["--auth", "proxy"]),
    (
        &["--auth", "custom", "--preset", "api-keys"],
        &["--auth", "custom", "--set", "preset=api-keys"],
    ),
    (
        &["--auth", "custom", "--preset", "introspection"],
        &["--auth", "custom", "--set", "preset=introspection"],
    ),
];

pub type State = BTreeMap<String, Entry>;

/// Each is of a kind of its own: names, features, versions, folders, line ends.
pub const KINDS: [&str; 12] = [
    "auth-module-taken",
    "axum-minimal-features",
    "bin-in-folder",
    "crlf-bom",
    "env-sample",
    "feature-gated-double-mount",
    "optional-axum-feature",
    "renamed-dependency",
    "reqwest-012",
    "simple-main",
    "stdio-and-http",
    "workspace-deps-member",
];

/// Goes on with the others, and names all that failed.
pub fn of_shapes(shapes: &[String], test: impl Fn(&str, usize) + Sync + RefUnwindSafe) {
    let numbered: Vec<(usize, &String)> = shapes.iter().enumerate().collect();
    let failed = |(number, shape): &(usize, &String)| {
        let passed = catch_unwind(|| test(shape, *number)).is_ok();
        (!passed).then(|| (*shape).clone())
    };
    let failed: Vec<String> = thread::scope(|scope| {
        let halves = numbered.chunks(numbered.len().div_ceil(2));
        let halves: Vec<_> = halves
            .map(|half| scope.spawn(|| half.iter().filter_map(failed).collect::<Vec<_>>()))
            .collect();
        halves
            .into_iter()
            .flat_map(|half| half.join().unwrap())
            .collect()
    });
    assert_eq!(failed, [""; 0]);
}

pub fn added(shape: &str, flags: &[&str]) -> Sandbox {
    let sandbox = add::copy(shape);
    add::add(&sandbox, flags).succeeds();
    sandbox
}

/// The folder of the package, from the workspace: empty, or with a `/` at its end.
pub fn package(sandbox: &Sandbox) -> String {
    let entries = add::entries(&sandbox.path(""));
    let record = entries.keys().find(|path| path.ends_with("mcp-auth.toml"));
    record
        .unwrap()
        .strip_suffix("mcp-auth.toml")
        .unwrap()
        .to_owned()
}

pub fn regenerate(sandbox: &Sandbox, more: &[&str]) -> Ran {
    let package = package(sandbox);
    let folder = if package.is_empty() { "." } else { &package };
    sandbox.run(
        ["regenerate", folder, "--yes", "--no-check"]
            .iter()
            .chain(more),
    )
}

/// All that is committed.
pub fn tracked(sandbox: &Sandbox) -> State {
    let mut entries = add::entries(&sandbox.path(""));
    entries.retain(|path, _| !path.contains(".mcp-auth/undo"));
    entries
}

#[track_caller]
pub fn same(what: &str, expected: &State, actual: &State) {
    let differing = add::differing(expected, actual);
    let text = |state: &State, path: &str| match state.get(path) {
        Some(Entry::File { bytes, .. }) => String::from_utf8_lossy(bytes).into_owned(),
        Some(Entry::Folder) => "a folder".into(),
        None => "nothing".into(),
    };
    let texts = differing.iter().map(|path| {
        let (expected, actual) = (text(expected, path), text(actual, path));
        let diff = similar::TextDiff::from_lines(&expected, &actual);
        format!("{path}\n{}", diff.unified_diff().context_radius(1))
    });
    let texts: String = texts.collect();
    assert!(differing.is_empty(), "{what}:\n{texts}");
}
