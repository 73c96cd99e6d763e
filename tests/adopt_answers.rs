//! `mcp-auth adopt` without a record: which answers a project was made with, what is said about them, what is refused.

mod person;
mod support;

use std::fs;

use serde_json::Value;
use support::{
    CASES, Sandbox,
    adoption::{adopt, as_json, edit, has_nothing_to_do, lose_copies, lose_record, weather},
    differences, generate, tree,
};

#[test]
fn without_a_record_the_same_answers_are_found() {
    let sandbox = Sandbox::new("answers");
    let more: &[&[&str]] = &[&["--port", "9000"], &["--scopes", "a b"], &["--scopes", ""]];
    for ((case, flags), more) in CASES.iter().zip(more.iter().cycle()) {
        generate(&sandbox, case, &[*flags, *more].concat());
        let before = tree(&sandbox.path(case));
        lose_record(&sandbox, case);
        lose_copies(&sandbox, case);
        adopt(&sandbox, case, &[]).succeeds();
        assert_eq!(differences(&before, &tree(&sandbox.path(case))), [""; 0]);
        has_nothing_to_do(&sandbox, case);
    }
}

#[test]
fn a_preset_that_changes_words_only_is_found_too() {
    let sandbox = Sandbox::new("presets");
    let flags = [
        "--auth",
        "jwt",
        "--preset",
        "auth0",
        "--without",
        "ci,docker",
    ];
    generate(&sandbox, "weather", &flags);
    let before = tree(&sandbox.path("weather"));
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    let document = as_json(&sandbox, "weather", &[]);
    assert_eq!(document["outcome"], "adopted");
    assert_eq!(document["answers"]["preset"], "auth0");
    assert_eq!(document["answers"]["extras"], Value::Array(vec![]));
    assert_eq!(document["answers_are"], "found");
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn an_unreadable_record_is_found_out_again_and_said() {
    let sandbox = Sandbox::new("unreadable");
    weather(&sandbox);
    let before = tree(&sandbox.path("weather"));
    edit(&sandbox, "weather/mcp-auth.toml", |text| {
        text.replacen("[answers]", "<<<<<<< ours\n[answers]", 1)
    });
    let said = adopt(&sandbox, "weather", &[]).succeeds().stderr;
    assert!(said.contains("mcp-auth.toml, line"), "{said}");
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn what_a_newer_program_wrote_is_left_alone() {
    let sandbox = Sandbox::new("newer");
    weather(&sandbox);
    edit(&sandbox, "weather/mcp-auth.toml", |text| {
        text.replacen("schema = 1", "schema = 99", 1).replacen(
            "[answers]",
            "[answers]\nbrand = \"new\"",
            1,
        )
    });
    lose_copies(&sandbox, "weather");
    let before = tree(&sandbox.path("weather"));
    adopt(&sandbox, "weather", &[]).fails(1, &["newer mcp-auth", "cargo install mcp-auth"]);
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn somebody_elses_project_is_refused() {
    let sandbox = Sandbox::new("foreign");
    sandbox.write("mine/Cargo.toml", "[package]\nname = \"mine\"\n");
    sandbox.write("mine/src/main.rs", "mod auth;\nfn main() {}\n");
    adopt(&sandbox, "mine", &[]).fails(1, &["no src/auth", "mcp-auth add", "--templates DIR"]);
    sandbox.write(
        "mine/src/auth.rs",
        "pub fn is_allowed() -> bool {\n    true\n}\n",
    );
    let before = tree(&sandbox.path("mine"));
    adopt(&sandbox, "mine", &[]).fails(1, &["near none of the known templates", "mcp-auth add"]);
    assert_eq!(differences(&before, &tree(&sandbox.path("mine"))), [""; 0]);
    fs::remove_file(sandbox.path("mine/Cargo.toml")).unwrap();
    sandbox
        .run(["adopt", "nowhere"])
        .fails(1, &["no Cargo.toml", "mcp-auth adopt <PATH>"]);
}

#[test]
fn an_addition_without_its_record_is_refused() {
    let sandbox = Sandbox::new("added");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    let src = sandbox.path("weather/src");
    for entry in fs::read_dir(&src).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if entry.path().is_file() && name != "auth.rs" {
            fs::write(entry.path(), "fn mine() {}\n").unwrap();
        }
    }
    adopt(&sandbox, "weather", &[]).fails(
        1,
        &[
            "not one that `mcp-auth new` has made",
            "back from version control",
        ],
    );
}

#[test]
fn a_dry_run_writes_nothing_and_says_the_same() {
    let sandbox = Sandbox::new("dry");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    let before = tree(&sandbox.path("weather"));
    let planned = as_json(&sandbox, "weather", &["--dry-run"]);
    assert_eq!(planned["outcome"], "planned");
    let ran = sandbox.run(["adopt", "weather", "-n", "-v"]).succeeds();
    assert!(ran.stdout.contains("auth jwt, preset oidc"), "{ran:?}");
    assert!(ran.stdout.contains("src/auth/bearer.rs"), "{ran:?}");
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
    let adopted = as_json(&sandbox, "weather", &[]);
    assert_eq!(planned["files"], adopted["files"]);
    assert_eq!(planned["equivalent_command"], adopted["equivalent_command"]);
}

#[test]
fn what_is_said_holds_and_the_printed_command_says_it() {
    let sandbox = Sandbox::new("said");
    weather(&sandbox);
    lose_record(&sandbox, "weather");
    let flags = ["--preset", "auth0", "--set", "port=7000", "--dry-run"];
    let document = as_json(&sandbox, "weather", &flags);
    assert_eq!(document["answers"]["preset"], "auth0");
    assert_eq!(document["answers"]["port"], 7000);
    let command = document["equivalent_command"].as_str().unwrap();
    let words = shlex::split(command).unwrap();
    let again = sandbox.run(
        words[1..]
            .iter()
            .map(String::as_str)
            .chain(["--json", "-n"]),
    );
    assert_eq!(again.succeeds().json()["answers"], document["answers"]);

    adopt(&sandbox, "weather", &["--preset", "none"]).fails(2, &["--preset none"]);
    adopt(&sandbox, "weather", &["--set", "port=0", "--set", "x=y"])
        .fails(2, &["--set port=0", "--set x=y"]);
    adopt(&sandbox, "weather", &[]).succeeds();
    adopt(&sandbox, "weather", &["--auth", "github"]).fails(
        2,
        &["mcp-auth.toml can be read", "mcp-auth regenerate --set"],
    );
}

#[test]
fn a_link_in_the_place_of_the_record_is_refused() {
    #[cfg(unix)]
    {
        let sandbox = Sandbox::new("link");
        weather(&sandbox);
        lose_record(&sandbox, "weather");
        sandbox.write("elsewhere.toml", "theirs = true\n");
        std::os::unix::fs::symlink("../elsewhere.toml", sandbox.path("weather/mcp-auth.toml"))
            .unwrap();
        adopt(&sandbox, "weather", &[]).fails(1, &["mcp-auth.toml is a symbolic link"]);
        assert_eq!(sandbox.read("elsewhere.toml"), "theirs = true\n");
    }
}

#[cfg(unix)]
#[test]
fn at_a_terminal_it_is_asked_first() {
    let sandbox = Sandbox::new("terminal");
    weather(&sandbox);
    let whole = tree(&sandbox.path("weather"));
    lose_record(&sandbox, "weather");
    let before = tree(&sandbox.path("weather"));
    let mut person = person::Person::adopting(&sandbox, &["weather"]);
    person
        .sees("found out from the files")
        .sees("The same without questions")
        .sees("mcp-auth adopt weather --auth jwt --preset oidc");
    person
        .is_asked("Record this")
        .types("n")
        .types(person::ENTER);
    person.ends_with(130);
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
    let mut person = person::Person::adopting(&sandbox, &["weather"]);
    person.is_asked("Record this").types(person::ENTER);
    person.ends_with(0);
    assert_eq!(
        differences(&whole, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}
