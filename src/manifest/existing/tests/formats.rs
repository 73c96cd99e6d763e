use proptest::{prelude::*, sample::select};

use super::{ADDITION, add_twice, package};

/// The manifest of a person, in any order and form: lines, and what ends them.
fn manifest() -> impl Strategy<Value = String> {
    let blocks = (
        package_block(),
        dependencies(),
        dev_dependencies(),
        others(),
        others(),
    );
    let blocks = blocks.prop_map(|(a, b, c, d, e)| {
        vec![
            a,
            b,
            c,
            format!("[profile.dev]\n{d}"),
            format!("[lints.rust]\n{e}"),
        ]
    });
    let end = select(vec!["\n", "\r\n"]);
    (blocks.prop_shuffle(), end, any::<bool>(), any::<bool>()).prop_map(
        |(blocks, end, mark, unfinished)| {
            let text = blocks.join("").replace('\n', end);
            let text = if unfinished {
                text.trim_end().to_owned()
            } else {
                text
            };
            format!("{}{text}", if mark { "\u{feff}" } else { "" })
        },
    )
}

fn package_block() -> impl Strategy<Value = String> {
    (noise(), select(vec!["", "  ", "\t"]))
        .prop_map(|(noise, indent)| format!("[package]\n{indent}name   =  'x' # odd\n{noise}"))
}

fn dependencies() -> impl Strategy<Value = String> {
    let axum = select(vec![
        "axum = \"0.8\"",
        "axum = { version = \"0.8\" } # web",
        "axum = {version='0.8',features=['ws']}",
        "axum = { version = \"0.8\", features = [\n    \"ws\", # why\n    # more\n    \"macros\" # last\n] }",
        "axum = { version = \"0.8\", features = [\"ws\",\n  ] } # odd",
        "axum.version = \"0.8\"\naxum.features = [ \"ws\" ]",
        "axum.version = \"0.8\" # dotted",
        "web = { package = \"axum\", version = \"0.8.1\" }",
        "axum = { version = \"0.8\", default-features = false, optional = false }",
    ]);
    let listed = (
        prop::collection::vec(prop_oneof![axum, other_dependency()], 0..=1),
        prop::collection::vec((noise(), other_dependency()), 0..5),
        noise(),
    );
    let listed = listed.prop_map(|(axum, others, end)| {
        let others: String = others
            .iter()
            .map(|(noise, line)| format!("{noise}{line}\n"))
            .collect();
        format!(
            "[dependencies] # ours\n{}{others}{end}",
            axum.iter()
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        )
    });
    let own =
        noise().prop_map(|noise| format!("[dependencies.axum]\nversion = \"0.8\" # own\n{noise}"));
    prop_oneof![4 => listed.prop_map(unique), 1 => own, 1 => Just(String::new())]
}

fn dev_dependencies() -> impl Strategy<Value = String> {
    let tokio = select(vec![
        "",
        "tokio = \"1\"\n",
        "tokio = { version = \"1\", features = [\n  \"net\",\n] }\n",
    ]);
    (tokio, noise()).prop_map(|(tokio, noise)| format!("[dev-dependencies]\n{noise}{tokio}"))
}

fn other_dependency() -> impl Strategy<Value = &'static str> {
    select(vec![
        "serde = \"1\"",
        "  anyhow = \"1\" # mine",
        "zeroize = { version = \"1\" }",
        "'clap' = '4'",
        "reqwest = \"0.12\"",
        "base64 = { version = \"0.21\" }",
    ])
}

fn others() -> impl Strategy<Value = String> {
    noise()
}

fn noise() -> impl Strategy<Value = String> {
    let line = select(vec!["", "# a comment", "  # indented \u{e9}", "\t"]);
    prop::collection::vec(line, 0..3)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

/// A key stands once.
fn unique(block: String) -> String {
    let mut seen = Vec::new();
    let keep = |line: &&str| {
        let key = line
            .split(['=', '.'])
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let is_key = line.contains('=')
            && line
                .trim_start()
                .starts_with(|c: char| c.is_alphabetic() || c == '\'');
        !is_key
            || key == "axum"
            || !seen.contains(&key) && {
                seen.push(key);
                true
            }
    };
    block
        .lines()
        .filter(keep)
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The lines that an addition has no reason to touch.
fn untouched(manifest: &str) -> impl Iterator<Item = &str> {
    let lines = manifest.split_inclusive('\n');
    lines.filter(|line| {
        !["axum", "tokio", "ws", "macros", "net", "]"]
            .iter()
            .any(|word| line.contains(word))
            || line.starts_with('[')
    })
}

/// Everything that nobody asked to change is in `edited`, in its order.
fn keeps(theirs: &str, edited: &str) -> Result<(), TestCaseError> {
    let mut found = edited.split_inclusive('\n');
    for line in untouched(theirs) {
        let is_last = !line.ends_with('\n');
        let kept = found
            .by_ref()
            .any(|found| found == line || (is_last && found.trim_end() == line));
        prop_assert!(
            kept,
            "{line:?} is gone\n--- before\n{theirs}\n--- after\n{edited}"
        );
    }
    prop_assert_eq!(edited.contains("\r\n"), theirs.contains("\r\n"));
    prop_assert_eq!(edited.ends_with('\n'), theirs.ends_with('\n'));
    Ok(())
}

proptest! {
    #[test]
    fn every_other_line_of_any_manifest_stays_byte_for_byte(theirs in manifest(), is_gated in any::<bool>()) {
        let gate = is_gated.then_some("http");
        let merged = add_twice(&theirs, None, &package("Cargo.toml"), ADDITION, gate).unwrap();
        keeps(&theirs, &merged.member)?;
    }

    #[test]
    fn every_other_line_of_any_root_manifest_stays_byte_for_byte(theirs in manifest()) {
        let root = theirs.replace("[dependencies", "[workspace.dependencies");
        let member = "[dependencies]\nserde.workspace = true\n";
        let package = package("crates/x/Cargo.toml");
        let merged = add_twice(member, Some(&root), &package, ADDITION, None).unwrap();
        keeps(&root, &merged.workspace.unwrap())?;
    }
}
