mod cfgs;

use std::collections::BTreeMap;

use super::*;
use crate::existing::package::CrateKind;

struct Map(BTreeMap<&'static str, &'static str>);

impl Files for Map {
    fn read(&self, path: &RelativePath) -> Result<Option<String>> {
        Ok(self.0.get(path.as_str()).map(|text| (*text).to_owned()))
    }
}

fn read(root: &str, files: &[(&'static str, &'static str)]) -> Result<CrateSources> {
    let root = CrateRoot {
        kind: CrateKind::Binary,
        name: "server".into(),
        file: root.parse().unwrap(),
    };
    sources(&root, &Map(files.iter().copied().collect()))
}

/// The paths of the crate's files.
fn paths(root: &str, files: &[(&'static str, &'static str)]) -> Vec<String> {
    let found = read(root, files).unwrap();
    found
        .files
        .iter()
        .map(|file| file.path.to_string())
        .collect()
}

#[test]
fn follows_mod_lines_as_the_compiler_does() {
    let files = [
        (
            "src/main.rs",
            "mod a;\npub(crate) mod b;\nmod missing;\nfn main() {}",
        ),
        ("src/a.rs", "mod deep;"),
        ("src/a/deep.rs", "pub mod r#type;"),
        ("src/a/deep/type.rs", ""),
        ("src/b/mod.rs", "mod c ;"),
        ("src/b/c.rs", ""),
        ("src/unused.rs", ""),
    ];
    assert_eq!(
        paths("src/main.rs", &files),
        [
            "src/main.rs",
            "src/a.rs",
            "src/a/deep.rs",
            "src/a/deep/type.rs",
            "src/b/mod.rs",
            "src/b/c.rs",
        ]
    );
    let found = read("src/main.rs", &files).unwrap();
    assert_eq!(found.files[3].module, ["a", "deep", "type"]);
}

#[test]
fn a_crate_root_of_any_name_looks_beside_itself() {
    let files = [
        ("src/bin/x.rs", "mod a;"),
        ("src/bin/a.rs", "mod b;"),
        ("src/bin/a/b.rs", ""),
    ];
    assert_eq!(
        paths("src/bin/x.rs", &files),
        ["src/bin/x.rs", "src/bin/a.rs", "src/bin/a/b.rs"]
    );
}

#[test]
fn inline_modules_are_folders() {
    let files = [
        ("src/lib.rs", "mod a { pub mod b { mod c; } }\nmod other;"),
        ("src/a/b/c.rs", ""),
        ("src/other.rs", "mod a { mod b; }"),
        ("src/other/a/b.rs", ""),
    ];
    assert_eq!(
        paths("src/lib.rs", &files),
        [
            "src/lib.rs",
            "src/a/b/c.rs",
            "src/other.rs",
            "src/other/a/b.rs"
        ]
    );
    assert_eq!(
        read("src/lib.rs", &files).unwrap().files[1].module,
        ["a", "b", "c"]
    );
}

#[test]
fn path_attributes_follow_the_rules_of_the_reference() {
    // https://doc.rust-lang.org/reference/items/modules.html#the-path-attribute
    let files = [
        (
            "src/a/b.rs",
            "#[path = \"foo.rs\"] mod c;\nmod inline { #[path = \"other.rs\"] mod inner; }",
        ),
        ("src/a/foo.rs", "mod beside;"),
        ("src/a/beside.rs", ""),
        ("src/a/b/inline/other.rs", ""),
        (
            "src/lib.rs",
            "mod a { pub mod b; }\n#[path = \"thread_files\"] mod thread { #[path = \"tls.rs\"] mod data; }\n#[path = r\"../shared/x.rs\"] mod x;\n#[path = \"../../outside.rs\"] mod y;",
        ),
        ("src/thread_files/tls.rs", ""),
        ("shared/x.rs", ""),
    ];
    assert_eq!(
        paths("src/lib.rs", &files),
        [
            "src/lib.rs",
            "src/a/b.rs",
            "src/a/foo.rs",
            "src/a/beside.rs",
            "src/a/b/inline/other.rs",
            "src/thread_files/tls.rs",
            "shared/x.rs",
        ]
    );
}

#[test]
fn comments_and_strings_declare_nothing() {
    let files = [
        (
            "src/lib.rs",
            "// mod a;\n/* mod a; */\nconst X: &str = \"mod a;\";\nfn f() { let modx = 1; }",
        ),
        ("src/a.rs", ""),
    ];
    assert_eq!(paths("src/lib.rs", &files), ["src/lib.rs"]);
}

#[test]
fn alternatives_for_one_module_are_all_read_and_a_file_is_read_once() {
    let files = [
        (
            "src/lib.rs",
            "#[cfg(unix)] #[path = \"a.rs\"] mod os;\n#[cfg(windows)] #[path = \"b.rs\"] mod os;\n#[path = \"a.rs\"] mod again;\n#[path = \"lib.rs\"] mod me;",
        ),
        ("src/a.rs", ""),
        ("src/b.rs", ""),
    ];
    assert_eq!(
        paths("src/lib.rs", &files),
        ["src/lib.rs", "src/a.rs", "src/b.rs"]
    );
}

#[test]
fn byte_order_mark_and_shebang_are_no_obstacle() {
    let files = [
        ("src/main.rs", "\u{feff}#!/usr/bin/env x\r\nmod a;\r\n"),
        ("src/a.rs", "\u{feff}mod b;"),
        ("src/a/b.rs", ""),
    ];
    let found = read("src/main.rs", &files).unwrap();
    assert_eq!(found.files.len(), 3);
    assert!(found.files[0].text.starts_with('\u{feff}'));
}

#[test]
fn a_file_that_is_no_rust_is_named_with_its_line() {
    let files = [
        ("src/main.rs", "mod a;\nmod b;"),
        ("src/a.rs", "mod x;\n\nfn f() { ("),
        ("src/b.rs", "mod y;\n\""),
    ];
    let error = read("src/main.rs", &files).unwrap_err();
    let refusal = error.downcast::<Refusal>().unwrap();
    let whats: Vec<_> = refusal
        .problems
        .iter()
        .map(|problem| &problem.what)
        .collect();
    assert!(
        whats[0].starts_with("src/a.rs:3 cannot be parsed: "),
        "{whats:?}"
    );
    assert!(
        whats[1].starts_with("src/b.rs:2 cannot be parsed: "),
        "{whats:?}"
    );
}

#[test]
fn a_missing_root_is_refused() {
    let error = read("src/main.rs", &[]).unwrap_err();
    assert_eq!(error.to_string(), "cannot read src/main.rs");
}
