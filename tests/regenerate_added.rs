//! `mcp-auth regenerate` in projects that were there before `mcp-auth add`: for every shape of `snapshots/add/`. Offline,
//! without cargo's checks; `add_generated` has those that build.

mod support;

use support::{
    Sandbox,
    add::{self, Entry, JWT},
    added::{KINDS, OTHERS, State, added, of_shapes, package, regenerate, same, tracked},
};

#[test]
fn at_once_there_is_nothing_to_do_and_what_is_decided_anew_is_what_was_decided() {
    of_shapes(&add::shapes(), |shape, _| {
        let sandbox = added(shape, &JWT);
        let before = add::entries(&sandbox.path(""));
        regenerate(&sandbox, &[]).succeeds();
        same(shape, &before, &add::entries(&sandbox.path("")));
        let before = tracked(&sandbox);
        let record = format!("{}mcp-auth.toml", package(&sandbox));
        let text = sandbox.read(&record);
        let known = text
            .lines()
            .find(|line| line.starts_with("dependencies = "));
        sandbox.write(
            &record,
            &text.replace(known.unwrap(), "dependencies = \"\""),
        );
        regenerate(&sandbox, &[]).succeeds();
        same(shape, &before, &tracked(&sandbox));
    });
}

#[test]
fn another_option_is_like_an_addition_with_it_and_there_is_a_way_back() {
    of_shapes(&KINDS.map(str::to_owned), switches_and_comes_back);
}

#[test]
#[ignore = "a minute or two: writes every shape five times"]
fn with_every_shape_another_option_is_like_an_addition_with_it() {
    of_shapes(&add::shapes(), switches_and_comes_back);
}

fn switches_and_comes_back(shape: &str, number: usize) {
    let (add_flags, flags) = OTHERS[number % OTHERS.len()];
    let sandbox = added(shape, &JWT);
    let first = tracked(&sandbox);
    regenerate(&sandbox, flags).succeeds();
    let what = format!("{shape} with {flags:?}");
    let expected = comparable(tracked(&added(shape, add_flags)));
    same(&what, &expected, &comparable(tracked(&sandbox)));
    let here = add::entries(&sandbox.path(""));
    regenerate(&sandbox, &[]).succeeds();
    same(
        &format!("{what} twice"),
        &here,
        &add::entries(&sandbox.path("")),
    );
    regenerate(&sandbox, &JWT).succeeds();
    same(
        &format!("{what} and back"),
        &comparable(first),
        &comparable(tracked(&sandbox)),
    );
}

/// Without what differs on purpose: patterns stay in `.gitignore`, since what they hide stays too; and in a file that had
/// settings of its owner's (only `env-sample` has one), new ones stand beside their neighbours in the templates, not at
/// the end.
fn comparable(mut state: State) -> State {
    for (path, entry) in &mut state {
        let Entry::File { bytes, .. } = entry else {
            continue;
        };
        let text = String::from_utf8(bytes.clone()).unwrap();
        let name = path.rsplit('/').next().unwrap();
        let text = match name {
            ".gitignore" => without(&text, |line| {
                is_hidden_folder(line) || line.starts_with('#') || line.is_empty()
            }),
            "mcp-auth.toml" => without(&text, |line| {
                is_hidden_folder(line) || line.starts_with("\".gitignore\" = ")
            }),
            ".env.sample" if !path.contains(".mcp-auth") => {
                let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
                lines.sort_unstable();
                lines.join("\n")
            }
            _ => continue,
        };
        *bytes = text.into_bytes();
    }
    state
}

/// `/keys` and `/data`, or the same in the package's folder.
fn is_hidden_folder(line: &str) -> bool {
    line.starts_with('/') && (line.ends_with("/keys") || line.ends_with("/data"))
}

fn without(text: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    let lines = text.lines().filter(|line| !is_left_out(line));
    lines.map(|line| format!("{line}\n")).collect()
}

/// One of our crates in another version, one more, one more setting, one file of the module with another number.
const NEWER: [(&str, &str, &str); 4] = [
    (
        "rust/auth/deps.toml",
        "http-body-util = \"0.1\"",
        "http-body-util = \"0.1.2\"",
    ),
    (
        "rust/auth/deps.toml",
        "dotenvy = ",
        "bytes = \"1\"\ndotenvy = ",
    ),
    (
        "catalog.toml",
        "[[server_env]]\nname = \"ALLOWED_HOSTS\"",
        "[[server_env]]\nname = \"NEW_SETTING\"\ndoc = [\"New.\"]\nvalue = \"new\"\n\n[[server_env]]\nname = \"ALLOWED_HOSTS\"",
    ),
    (
        "rust/auth/src/auth/body.rs",
        "Duration::from_secs(10)",
        "Duration::from_secs(5)",
    ),
];

#[test]
fn newer_templates_change_what_is_new_in_them_and_nothing_else() {
    let templates = Sandbox::new("newer");
    let mut set = support::tree(&support::repository().join("templates"));
    for (path, from, to) in NEWER {
        let text = add::text(&set[path]);
        assert!(text.contains(from), "{path} has no {from}");
        set.insert(path.into(), text.replacen(from, to, 1).into_bytes());
    }
    support::generations::write(&templates.path(""), &set);
    let folder = templates.path("").to_str().unwrap().to_owned();
    of_shapes(&KINDS.map(str::to_owned), |shape, _| {
        let sandbox = added(shape, &JWT);
        let before = tracked(&sandbox);
        regenerate(&sandbox, &["--templates", &folder]).succeeds();
        let after = tracked(&sandbox);
        for path in add::differing(&before, &after) {
            let (before, after) = (lines(&before, &path), lines(&after, &path));
            let is_ours = path.contains(".mcp-auth/") || path.ends_with("mcp-auth.toml");
            let diff = similar::TextDiff::from_slices(&before, &after);
            for change in diff.iter_all_changes() {
                let line = change.value();
                let is_new = [
                    "http-body-util",
                    "http_body_util",
                    "bytes",
                    "NEW_SETTING",
                    "# New.",
                    "from_secs",
                ];
                let is_new =
                    line.trim().is_empty() || is_new.iter().any(|word| line.contains(word));
                assert!(
                    change.tag() == similar::ChangeTag::Equal || is_ours || is_new,
                    "{shape}: {path}: {line}"
                );
            }
        }
        let all = add::differing(&before, &after).join(" ");
        for file in ["Cargo.toml", ".env.", "/body.rs", "mcp-auth.toml"] {
            assert!(all.contains(file), "{shape}: {file} is as it was: {all}");
        }
        let here = add::entries(&sandbox.path(""));
        regenerate(&sandbox, &[]).succeeds();
        same(shape, &here, &add::entries(&sandbox.path("")));
    });
}

/// With their ends.
fn lines<'a>(state: &'a State, path: &str) -> Vec<&'a str> {
    match state.get(path) {
        Some(Entry::File { bytes, .. }) => {
            let text = std::str::from_utf8(bytes).unwrap();
            text.split_inclusive('\n').collect()
        }
        _ => Vec::new(),
    }
}
