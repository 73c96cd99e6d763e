//! The two data files of a set: what is wrong with them.

use super::*;

#[test]
fn the_catalog_is_judged() {
    let cases = [
        (
            "port = 8000",
            "port = 8000\ncolour = 1",
            "templates/catalog.toml, line 5, column 1: unknown field",
        ),
        (
            "port = 8000",
            "port = 0",
            "templates/catalog.toml, [project]: a port is",
        ),
        (
            "scopes = []",
            "scopes = [\"a b\"]",
            "[project]: its scopes: each is one word",
        ),
        (
            "\"badge\"\n",
            "\"Badge!\"\n",
            "option `Badge!`: a name has only",
        ),
        (
            "default_preset = \"plain\"",
            "default_preset = \"pliän\"",
            "it has no preset `pliän`",
        ),
        ("{base_url}", "{base_ulr}", "`{base_ulr}` is not filled in"),
        (
            "secret = true",
            "secret = true\nvalue = \"x\"",
            "BADGES is secret",
        ),
        (
            "secret = true",
            "layer = \"none\"",
            "BADGES is of a layer `none`",
        ),
        (
            "secret = true",
            "presets = [\"none\"]",
            "BADGES is for a preset `none`",
        ),
        (
            "name = \"BADGES\"",
            "name = \"Badges\"",
            "`Badges` is no name of a setting",
        ),
        (
            "\"nothing else\"",
            "\"\"\nenv = { BADGE = \"x\" }",
            "preset `plain` of `badge`: its option has no setting BADGE",
        ),
        (
            "\"nothing else\"",
            "\"\"\nscopes = [\"ü\"]",
            "preset `plain` of `badge`: its scopes",
        ),
        (
            "[[auth]]",
            "[ownership]\nseed = [\"src/mian.rs\"]\n\n[[auth]]",
            "[ownership]: no option gives src/mian.rs",
        ),
        (
            "[[auth]]",
            "[[extra]]\nname = \"cd\"\ntitle = \"\"\ndefault = true\n\n[[auth]]",
            "unknown variant `cd`, expected one of",
        ),
    ];
    for (from, to, expected) in cases {
        let found = with_catalog(from, to);
        assert!(
            found.iter().any(|what| what.contains(expected)),
            "{expected}: {found:#?}"
        );
    }
    let twice =
        format!("{CATALOG}\n[[auth.preset]]\nname = \"plain\"\ntitle = \"\"\nsummary = \"\"\n");
    let found = problems(&[("catalog.toml", &twice)]);
    assert_eq!(
        found,
        ["templates/catalog.toml, option `badge`: `plain` is there twice"]
    );
}

#[test]
fn the_history_is_judged() {
    let change = |number: u32, date: &str, intent: &str, file: &str| {
        format!(
            "[[change]]\nnumber = {number}\ndate = \"{date}\"\nintent = \"{intent}\"\nfiles = [\"{file}\"]\n"
        )
    };
    let good = change(1, "2026-11-24", "why", "src/main.rs")
        + &change(2, "2026-11-25", "why", "src/auth/");
    assert_eq!(problems(&[("changes.toml", &good)]), [""; 0]);
    let cases = [
        (
            change(2, "2026-11-24", "why", "a"),
            "change 2: its number should be 1",
        ),
        (
            change(1, "2026-13-24", "why", "a"),
            "change 1: its date is no day",
        ),
        (
            change(1, "2026-11-24", " ", "a"),
            "change 1: its intent is not one line",
        ),
        (
            change(1, "2026-11-24", "why", "../a"),
            "change 1: `../a` is not a path",
        ),
        (
            change(1, "2026-11-24", "why", "a").replace("[\"a\"]", "[]"),
            "change 1: it names no files",
        ),
        (
            "[[change]]\nnumber = \"x\"\n".to_owned(),
            "templates/changes.toml, line 2, column 10: invalid type",
        ),
    ];
    for (text, expected) in cases {
        let found = problems(&[("changes.toml", &text)]);
        assert!(
            found.iter().any(|what| what.contains(expected)),
            "{expected}: {found:#?}"
        );
    }
}
