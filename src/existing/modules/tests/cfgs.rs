//! What `cfg` says about modules.

use super::*;

#[test]
fn tests_are_left_out() {
    let files = [
        (
            "src/main.rs",
            "#[cfg(test)] mod tests;\n#[cfg(all(test, feature = \"x\"))] mod a;\n#[cfg(any(test, all(unix, test)))] mod b;
             #[cfg(test)] mod inline { mod c; }\nmod d;\n#[cfg(any(test, feature = \"x\"))] mod e;\n#[cfg(not(test))] mod f;",
        ),
        ("src/tests.rs", ""),
        ("src/a.rs", ""),
        ("src/b.rs", ""),
        ("src/inline/c.rs", ""),
        ("src/d.rs", "//! docs\n#![cfg(test)]\n"),
        ("src/e.rs", ""),
        ("src/f.rs", ""),
    ];
    assert_eq!(
        paths("src/main.rs", &files),
        ["src/main.rs", "src/e.rs", "src/f.rs"]
    );
}

#[test]
fn cfgs_on_the_way_are_collected() {
    let files = [
        (
            "src/main.rs",
            "#[cfg(feature = \"http\")]\n#[cfg(unix)]\npub mod http {\n mod server;\n}\n#[cfg(windows)] use a::{b};\nmod plain;",
        ),
        (
            "src/http/server.rs",
            "#![cfg(all(feature = \"x\",\n   unix))]\nmod routes;",
        ),
        ("src/http/server/routes.rs", ""),
        ("src/plain.rs", ""),
    ];
    let found = read("src/main.rs", &files).unwrap();
    let cfgs: Vec<_> = found.files.iter().map(|file| file.cfgs.clone()).collect();
    let server = ["feature = \"http\"", "unix", "all(feature = \"x\", unix)"];
    assert!(cfgs[0].is_empty());
    assert_eq!(cfgs[1], server);
    assert_eq!(cfgs[2], server);
    assert!(cfgs[3].is_empty());
}

#[test]
fn mod_lines_in_macros_are_followed() {
    let files = [
        (
            "src/lib.rs",
            "cfg_if::cfg_if! {\n    if #[cfg(feature = \"http\")] {\n mod http;\n } else { mod none; }\n}",
        ),
        ("src/http.rs", ""),
        ("src/none.rs", ""),
    ];
    let found = read("src/lib.rs", &files).unwrap();
    assert_eq!(found.files[1].cfgs, ["feature = \"http\""]);
    assert_eq!(found.files[2].path.as_str(), "src/none.rs");
}
