//! `mcp-auth adopt` with several template sets: the nearest one is found, and no fix is taken for granted.

mod support;

use std::fs;

use serde_json::Value;
use support::{
    Sandbox,
    adoption::{adopt, as_json, edit, file, has_nothing_to_do, lose_copies, lose_record, weather},
    differences, generate,
    generations::next_folder,
    regenerate::{regenerate, renew},
    tree,
};

#[test]
fn the_nearest_set_is_found() {
    let sandbox = Sandbox::new("nearest");
    let next = next_folder();
    for (project, set) in [("weather", "embedded"), ("traffic", next.as_str())] {
        generate(&sandbox, project, &["--auth", "jwt", "--templates", set]);
        let before = tree(&sandbox.path(project));
        lose_record(&sandbox, project);
        lose_copies(&sandbox, project);
        let document = as_json(&sandbox, project, &["--templates", &next]);
        let files = document["files"].as_array().unwrap();
        assert!(files.iter().all(|file| file["sureness"] == "exact"));
        assert_eq!(differences(&before, &tree(&sandbox.path(project))), [""; 0]);
        has_nothing_to_do(&sandbox, project);
    }
}

#[test]
fn the_recorded_set_is_compared_with_too_and_its_folder_must_be_there() {
    let sandbox = Sandbox::new("recorded");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let flags = ["--auth", "jwt", "--templates", "mine"];
    generate(&sandbox, "weather", &flags);
    let before = tree(&sandbox.path("weather"));
    lose_copies(&sandbox, "weather");
    adopt(&sandbox, "weather", &[]).succeeds();
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );

    lose_copies(&sandbox, "weather");
    fs::rename(sandbox.path("mine"), sandbox.path("moved")).unwrap();
    adopt(&sandbox, "weather", &[]).fails(1, &["are not there", "--templates"]);
    adopt(&sandbox, "weather", &["--templates", "moved"]).succeeds();
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
}

#[test]
fn a_file_of_an_older_set_is_replaced_by_the_next_regeneration() {
    let sandbox = Sandbox::new("older");
    weather(&sandbox);
    renew(&sandbox, "weather", &[]).succeeds();
    let newest = sandbox.read("weather/src/auth/body.rs");
    // one file stayed as it was
    generate(&sandbox, "first", &["--auth", "jwt", "--port", "9000"]);
    let oldest = sandbox.read("first/src/auth/body.rs");
    assert_ne!(oldest, newest);
    sandbox.write("weather/src/auth/body.rs", &oldest);
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    let next = next_folder();
    let document = as_json(&sandbox, "weather", &["--templates", &next]);
    let body = file(&document, "src/auth/body.rs");
    assert_eq!(
        (&body["sureness"], &body["set"]),
        (&"exact".into(), &"embedded".into())
    );
    assert_eq!(body["revision"], 0);
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(sandbox.read("weather/src/auth/body.rs"), newest);
}

#[test]
fn what_is_not_certain_may_lack_every_fix() {
    let sandbox = Sandbox::new("fixes");
    let next = next_folder();
    generate(
        &sandbox,
        "weather",
        &["--auth", "jwt", "--templates", &next],
    );
    let advisories = || {
        let ran = sandbox.run(["regenerate", "weather", "--check", "--json"]);
        let document: Value = ran.json();
        let list = document["advisories"].as_array().unwrap().len();
        (ran.code, list)
    };
    assert_eq!(advisories(), (Some(0), 0));
    edit(&sandbox, "weather/src/auth/body.rs", |text| {
        text + "\n// mine\n"
    });
    lose_record(&sandbox, "weather");
    lose_copies(&sandbox, "weather");
    adopt(&sandbox, "weather", &["--templates", &next]).succeeds();
    let (code, count) = advisories();
    assert!(code == Some(5) && count > 0, "{code:?} {count}");
}
