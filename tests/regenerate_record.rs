//! `mcp-auth regenerate` and what the project remembers: answers, the record, the pristine copies.

mod support;

use std::fs;

use support::{
    Sandbox,
    conflict::{NEW, described},
    differences, generate,
    regenerate::{project, regenerate},
    tree,
};

#[test]
fn everything_wrong_with_the_answers_is_told_at_once() {
    let sandbox = Sandbox::new("answers");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let before = tree(&sandbox.path("weather"));
    let flags = ["--auth", "magic", "--set", "port=0", "--set", "colour=red"];
    regenerate(&sandbox, "weather", &flags).fails(2, &["magic", "port=0", "colour"]);
    assert_eq!(tree(&sandbox.path("weather")), before);
}

#[test]
fn each_answer_can_be_changed() {
    let sandbox = Sandbox::new("each");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let sets = [
        "name=rain",
        "description=Rain and wind",
        "auth=custom",
        "preset=introspection",
        "scopes=rain:read",
        "port=9000",
        "extras=ci",
    ];
    let flags: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    regenerate(&sandbox, "weather", &flags).succeeds();
    let args = [
        "--name",
        "rain",
        "--description",
        "Rain and wind",
        "--auth",
        "custom",
        "--preset",
        "introspection",
        "--scopes",
        "rain:read",
        "--port",
        "9000",
        "--without",
        "docker",
    ];
    let expected = tree(&generate(&sandbox, "wanted", &args));
    let mut is = tree(&sandbox.path("weather"));
    is.retain(|path, _| !path.starts_with(".git/") && !path.starts_with(".mcp-auth/undo/"));
    assert_eq!(differences(&expected, &is), [""; 0]);
    // by hand in the record it is the same
    let record = sandbox.read("weather/mcp-auth.toml");
    sandbox.write(
        "weather/mcp-auth.toml",
        &record.replace("port = 9000", "port = 9001"),
    );
    regenerate(&sandbox, "weather", &["--allow-dirty"]).succeeds();
    assert!(sandbox.read("weather/.env.example").contains("9001"));
}

#[test]
fn a_record_that_cannot_be_read_is_told_with_its_line() {
    let sandbox = Sandbox::new("record");
    project(&sandbox, "weather", &["--auth", "jwt"]);
    let record = sandbox.read("weather/mcp-auth.toml");
    let with = |from: &str, to: &str| {
        sandbox.write("weather/mcp-auth.toml", &record.replace(from, to));
        regenerate(&sandbox, "weather", &[])
    };
    with("port = 8000", "port = \"x\"").fails(1, &["mcp-auth.toml, line ", "column"]);
    with("auth = \"jwt\"", "auth = \"magic\"").fails(1, &["mcp-auth.toml", "magic"]);
    with("schema = 1", "schema = 99").fails(1, &["newer", "cargo install mcp-auth"]);
    with("\"src/auth.rs\"", "\"../auth.rs\"").fails(1, &["../auth.rs"]);
    with(
        &format!("generator = \"{}\"", env!("CARGO_PKG_VERSION")),
        "generator = \"99.0.0\"",
    )
    .fails(1, &["cargo install mcp-auth --version 99.0.0"]);
}

#[test]
fn a_pristine_copy_that_is_gone_is_made_again_if_it_can_be_proved() {
    let sandbox = Sandbox::new("base");
    generate(&sandbox, "weather", &["--auth", "jwt"]);
    let copy = sandbox.path("weather/.mcp-auth/base/README.md");
    let before = fs::read(&copy).unwrap();
    // its owner's file is what was generated
    fs::remove_file(&copy).unwrap();
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(fs::read(&copy).unwrap(), before);
    // what is generated now is what was generated then
    described(&sandbox);
    fs::write(&copy, "edited").unwrap();
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(fs::read(&copy).unwrap(), before);
    // nobody knows
    fs::write(&copy, "edited").unwrap();
    regenerate(&sandbox, "weather", &NEW).fails(1, &["base/README.md", "mcp-auth adopt"]);
}
