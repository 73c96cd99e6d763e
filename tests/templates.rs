//! `mcp-auth templates`: the files, and what is wrong with those of a person.

mod support;

use std::fs;

use support::{Sandbox, differences, repository, templates::own, tree};

#[test]
fn list_names_every_file_and_what_it_gives() {
    let sandbox = Sandbox::new("list");
    let table = sandbox.run(["templates", "list"]).succeeds().stdout;
    let document = sandbox
        .run(["templates", "list", "--json"])
        .succeeds()
        .json();
    let files = document["files"].as_array().unwrap();
    assert_eq!(files.len(), tree(&repository().join("templates")).len());
    for file in files {
        let path = file["path"].as_str().unwrap();
        assert!(table.contains(path), "{path}");
        if let Some(output) = file["output"].as_str() {
            let layer = file["layer"].as_str().unwrap();
            let suffix = if file["kind"] == "rendered" {
                ".tera"
            } else {
                ""
            };
            assert_eq!(path, format!("rust/{layer}/{output}{suffix}"));
        }
    }
    assert_eq!(document["templates"]["set"], "embedded");
    assert_eq!(document["templates"]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn show_prints_a_file_as_it_is() {
    let sandbox = Sandbox::new("show");
    let file = "rust/server/src/tools.rs";
    let shown = sandbox.run(["templates", "show", file]).succeeds().stdout;
    let expected = fs::read_to_string(repository().join("templates").join(file)).unwrap();
    assert_eq!(shown, expected);
    sandbox.run(["templates", "show", "tools.rs"]).fails(
        1,
        &["no file tools.rs", "perhaps: rust/server/src/tools.rs"],
    );
    sandbox
        .run(["templates", "show", "none"])
        .fails(1, &["no file none", "mcp-auth templates list"]);
}

#[test]
fn export_writes_the_whole_set_and_check_finds_nothing_wrong_with_it() {
    let sandbox = Sandbox::new("export");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let embedded = tree(&repository().join("templates"));
    assert_eq!(
        differences(&embedded, &tree(&sandbox.path("mine"))),
        [""; 0]
    );
    assert_eq!(sandbox.names(), ["mine"]);

    let checked = sandbox.run(["templates", "check", "mine"]).succeeds();
    for words in ["jwt", "11 presets", "good 5 options"] {
        assert!(checked.stdout.contains(words), "{words}: {checked:?}");
    }
    let ran = sandbox.run(["templates", "check", "mine", "--json"]);
    let document = ran.succeeds().json();
    assert_eq!(document["options"].as_array().unwrap().len(), 5);
    let listed = sandbox.run(["templates", "list", "--json"]).json();
    assert_eq!(
        document["templates"]["sha256"],
        listed["templates"]["sha256"]
    );
}

#[test]
fn export_takes_only_a_new_or_empty_folder() {
    let sandbox = Sandbox::new("occupied");
    sandbox.write("full/x", "x");
    sandbox
        .run(["templates", "export", "full"])
        .fails(1, &["full is not empty", "nothing was written"]);
    assert_eq!(tree(&sandbox.path("full")).len(), 1);
    sandbox.write("file", "x");
    sandbox
        .run(["templates", "export", "file"])
        .fails(1, &["file"]);
    fs::create_dir(sandbox.path("empty")).unwrap();
    sandbox.run(["templates", "export", "empty"]).succeeds();
    sandbox
        .run(["templates", "show", "catalog.toml", "--templates", "empty"])
        .succeeds();
}

#[test]
fn check_tells_all_problems_together() {
    let sandbox = Sandbox::new("check");
    own(&sandbox);
    sandbox.write("mine/rust/auth-badge/BADGES.md.tera", "# {{ titel }}\n");
    sandbox.write("mine/rust/auth-badge/src/main.rs", "fn main( {\n");
    sandbox.write("mine/rust/unused/x", "");
    let check = ["templates", "check", "mine"];
    sandbox.run(check).fails(
        1,
        &[
            "mine/rust/auth-badge/BADGES.md.tera, line 1, column 6: `titel` is not known",
            "mine/rust/auth-badge/src/main.rs, line 1, column ",
            "two layers give src/main.rs: mine/rust/server/src/main.rs and mine/rust/auth-badge/src/main.rs",
            "note: no option has the layer mine/rust/unused",
        ],
    );
    let ran = sandbox.run(check.iter().chain(&["--json"]));
    assert_eq!(ran.code, Some(1));
    let problems = ran.json()["error"]["problems"].as_array().unwrap().len();
    assert_eq!(problems, 3);
}

#[cfg(unix)]
#[test]
fn a_checkout_with_other_line_ends_is_the_same_set() {
    let sandbox = Sandbox::new("crlf");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    for (path, bytes) in tree(&sandbox.path("mine")) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        sandbox.write(&format!("mine/{path}"), &text);
    }
    let listed = |more: &[&'static str]| {
        let words = ["templates", "list", "--json"];
        sandbox.run(words.iter().chain(more)).json()["templates"]["sha256"].clone()
    };
    assert_eq!(listed(&["--templates", "mine"]), listed(&[]));
}

#[test]
fn a_folder_that_is_no_set_is_told_so() {
    let sandbox = Sandbox::new("none");
    sandbox.write("file", "x");
    sandbox.write("empty/README.md", "x");
    let check = |dir: &'static str| sandbox.run(["templates", "check", dir]);
    check("none").fails(
        1,
        &["the folder none is not there", "mcp-auth templates export"],
    );
    check("file").fails(1, &["file is not a folder"]);
    check("empty").fails(1, &["empty/catalog.toml is not there"]);
}

#[test]
fn a_mistake_in_the_templates_is_told_by_its_own_path_and_nothing_is_written() {
    let sandbox = Sandbox::new("mistake");
    own(&sandbox);
    sandbox.write("mine/rust/auth-badge/BADGES.md.tera", "# {{ titel }}\n");
    let new = [
        "new",
        "weather",
        "--templates",
        "./mine",
        "--auth",
        "badge",
        "--yes",
    ];
    sandbox.run(new).fails(
        1,
        &[
            "./mine/rust/auth-badge/BADGES.md.tera, line 1, column 6",
            "titel",
            "mcp-auth templates check ./mine",
        ],
    );
    sandbox.write("mine/catalog.toml", "[project]\nlayers = 1\n");
    let said = ["./mine/catalog.toml, line 2, column 10: invalid type"];
    sandbox.run(new).fails(1, &said);
    sandbox
        .run(["templates", "check", "./mine"])
        .fails(1, &said);
    assert_eq!(sandbox.names(), ["mine"]);
}
