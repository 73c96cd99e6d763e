//! `mcp-auth adopt`: a project whose record or pristine copies are lost gets them again, as sure as that can be.

mod support;

use std::fs;

use support::{
    CASES, Sandbox,
    adoption::{
        BASE, adopt, as_json, edit, file, has_nothing_to_do, lose_copies, lose_record, sureness,
        weather,
    },
    differences,
    existing::{add, server},
    generate,
    regenerate::regenerate,
    tree,
};

#[test]
fn lost_copies_come_back_and_regenerate_has_nothing_to_do() {
    let sandbox = Sandbox::new("copies");
    for (case, flags) in &CASES[..2] {
        generate(&sandbox, case, flags);
        let before = tree(&sandbox.path(case));
        lose_copies(&sandbox, case);
        let said = adopt(&sandbox, case, &[]).succeeds().stderr;
        assert!(said.contains("files are known for certain"), "{said}");
        assert_eq!(differences(&before, &tree(&sandbox.path(case))), [""; 0]);
        has_nothing_to_do(&sandbox, case);
    }
}

#[test]
fn adopting_twice_is_adopting_once() {
    let sandbox = Sandbox::new("twice");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    edit(&sandbox, "weather/src/main.rs", |text| text + "\n// mine\n");
    adopt(&sandbox, "weather", &[]).succeeds();
    let before = tree(&sandbox.path("weather"));
    let ran = adopt(&sandbox, "weather", &[]).succeeds();
    assert!(ran.stderr.contains("nothing to adopt"), "{ran:?}");
    assert_eq!(as_json(&sandbox, "weather", &[])["outcome"], "unchanged");
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn an_edited_file_is_close_and_the_rest_is_certain() {
    let sandbox = Sandbox::new("edited");
    weather(&sandbox);
    let pristine = sandbox.read("weather/src/server.rs");
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    edit(&sandbox, "weather/src/server.rs", |text| {
        text + "\nfn mine() {}\n"
    });
    let document = as_json(&sandbox, "weather", &[]);
    let server = file(&document, "src/server.rs");
    assert_eq!(server["sureness"], "close");
    assert!(server["percent"].as_u64().unwrap() > 80, "{server}");
    assert_eq!(
        (&server["set"], &server["revision"]),
        (&"embedded".into(), &0.into())
    );
    assert_eq!(sureness(&document, "src/main.rs"), "exact");
    assert_eq!(
        sandbox.read("weather/.mcp-auth/base/src/server.rs"),
        pristine
    );
    let mine = sandbox.read("weather/src/server.rs");
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(
        sandbox.read("weather/src/server.rs"),
        mine,
        "the edit stays"
    );
}

#[test]
fn copies_without_a_record_are_believed() {
    let sandbox = Sandbox::new("believed");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    // an older pristine copy, and hardly a line of it is left in the file
    edit(&sandbox, "weather/.mcp-auth/base/src/main.rs", |text| {
        text.replacen("use ", "// older\nuse ", 1)
    });
    let older = sandbox.read("weather/.mcp-auth/base/src/main.rs");
    sandbox.write("weather/src/main.rs", "fn main() {}\n");
    let document = as_json(&sandbox, "weather", &[]);
    assert_eq!(sureness(&document, "src/main.rs"), "copy");
    assert_eq!(file(&document, "src/main.rs")["revision"], 0);
    assert_eq!(sandbox.read("weather/.mcp-auth/base/src/main.rs"), older);
}

#[test]
fn a_damaged_copy_is_made_again_where_the_hash_proves_it() {
    let sandbox = Sandbox::new("damaged");
    weather(&sandbox);
    let before = tree(&sandbox.path("weather"));
    sandbox.write("weather/.mcp-auth/base/src/main.rs", "lost\n");
    sandbox.write("weather/.mcp-auth/base/src/auth/bearer.rs", "");
    let document = as_json(&sandbox, "weather", &[]);
    assert_eq!(document["answers_are"], "recorded");
    assert_eq!(sureness(&document, "src/main.rs"), "proved");
    assert_eq!(sureness(&document, "src/server.rs"), "sound");
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn the_copies_of_an_addition_come_back_but_for_its_lines_of_the_manifest() {
    let sandbox = Sandbox::new("addition");
    server(&sandbox, "dice");
    add(&sandbox, "dice", &[]).succeeds();
    let before = tree(&sandbox.path("dice"));
    lose_copies(&sandbox, "dice");
    let document = as_json(&sandbox, "dice", &[]);
    assert_eq!(sureness(&document, "Cargo.toml"), "yours");
    assert_eq!(sureness(&document, ".env.example"), "proved");
    assert_eq!(sureness(&document, "src/auth/bearer.rs"), "proved");
    assert_eq!(as_json(&sandbox, "dice", &[])["outcome"], "unchanged");
    let differing = differences(&before, &tree(&sandbox.path("dice")));
    let is_known = |line: &&String| {
        let known = [
            "mcp-auth.toml:",
            ".mcp-auth/base/Cargo.toml:",
            ".mcp-auth/undo/",
        ];
        known.iter().any(|known| line.starts_with(known))
    };
    assert!(
        differing.iter().all(|line| is_known(&line)),
        "{differing:#?}"
    );
    has_nothing_to_do(&sandbox, "dice");
}

#[test]
fn a_checkout_with_other_line_ends_is_certain() {
    let sandbox = Sandbox::new("line-ends");
    weather(&sandbox);
    let copies = tree(&sandbox.path("weather/.mcp-auth"));
    for (path, bytes) in tree(&sandbox.path("weather")) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        sandbox.write(&format!("weather/{path}"), &text);
    }
    let ran = adopt(&sandbox, "weather", &[]).succeeds();
    assert!(ran.stderr.contains("nothing to adopt"), "{ran:?}");

    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    let document = as_json(&sandbox, "weather", &[]);
    let files = document["files"].as_array().unwrap();
    assert!(
        files.iter().all(|file| file["sureness"] == "exact"),
        "{document:#}"
    );
    assert_eq!(
        differences(&copies, &tree(&sandbox.path("weather/.mcp-auth"))),
        [""; 0]
    );
    has_nothing_to_do(&sandbox, "weather");
}

#[test]
fn a_file_that_is_another_one_gets_no_copy() {
    let sandbox = Sandbox::new("far");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    let mine: String = (0..80)
        .map(|line| format!("// line {line} of mine\n"))
        .collect();
    sandbox.write("weather/src/server.rs", &mine);
    fs::write(sandbox.path("weather/Dockerfile"), b"\xff\xfe\0binary").unwrap();
    let ran = adopt(&sandbox, "weather", &["--dry-run"]).succeeds();
    assert!(ran.stdout.contains("unknown: nothing is near"), "{ran:?}");
    let document = as_json(&sandbox, "weather", &[]);
    for path in ["src/server.rs", "Dockerfile"] {
        assert_eq!(sureness(&document, path), "far");
        assert!(!sandbox.path("weather").join(BASE).join(path).exists());
        assert!(
            !sandbox
                .read("weather/mcp-auth.toml")
                .contains(&format!("\"{path}\""))
        );
    }
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(sandbox.read("weather/src/server.rs"), mine);
    let incoming = sandbox.read("weather/.mcp-auth/incoming/src/server.rs");
    assert!(incoming.starts_with("//!"), "{incoming}");
}

#[test]
fn a_generated_file_that_is_not_there_was_deleted() {
    let sandbox = Sandbox::new("deleted");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    fs::remove_file(sandbox.path("weather/examples/mint-token.rs")).unwrap();
    let document = as_json(&sandbox, "weather", &[]);
    assert_eq!(sureness(&document, "examples/mint-token.rs"), "deleted");
    let record = sandbox.read("weather/mcp-auth.toml");
    let line = record
        .lines()
        .find(|line| line.contains("mint-token"))
        .unwrap();
    assert!(line.contains("deleted = true"), "{line}");
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert!(!sandbox.path("weather/examples/mint-token.rs").exists());
}
