//! A person's own template set in `new`, `add`, `list` and `regenerate`.

mod support;

use std::fs;

use support::{
    Ran, Sandbox, differences,
    existing::{self, server},
    templates::own,
    tree,
};

#[test]
fn the_same_templates_give_the_same_project_wherever_they_are() {
    let sandbox = Sandbox::new("same");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let words = ["--auth", "github", "--yes", "--without", "git"];
    let new = |dir: &'static str, more: &[&'static str]| {
        let all = ["new", dir, "--name", "weather"]
            .into_iter()
            .chain(words)
            .chain(more.iter().copied());
        sandbox.run(all).succeeds();
        tree(&sandbox.path(dir))
    };
    let (mut own, mut plain) = (new("own", &["--templates", "mine"]), new("plain", &[]));
    assert_eq!(plain, new("word", &["--templates", "embedded"]));
    let record = |tree: &mut support::Tree| {
        String::from_utf8(tree.remove("mcp-auth.toml").unwrap()).unwrap()
    };
    let (own_record, record) = (record(&mut own), record(&mut plain));
    assert_eq!(differences(&plain, &own), [""; 0]);
    assert_eq!(own_record, record.replace("\"embedded\"", "\"../mine\""));
    assert!(!record.contains("sha256 = \"\""), "{record}");
}

#[test]
fn an_option_of_ones_own_is_listed_made_and_recorded() {
    let sandbox = Sandbox::new("own");
    own(&sandbox);
    sandbox.run(["templates", "check", "mine"]).succeeds();
    let listed = sandbox
        .run(["list", "--templates", "mine"])
        .succeeds()
        .stdout;
    assert!(listed.contains("badge") && listed.contains("Badges without a picture"));

    let new = [
        "new",
        "weather",
        "--templates",
        "mine",
        "--auth",
        "badge",
        "--without",
        "git",
        "--yes",
    ];
    let ran = sandbox.run(new.iter().chain(&["--json"])).succeeds().json();
    assert_eq!(ran["answers"]["auth"], "badge");
    let command = ran["equivalent_command"].as_str().unwrap();
    assert!(
        command.contains(" --templates mine ") && command.contains("--auth badge"),
        "{command}"
    );
    assert_eq!(
        sandbox.read("weather/BADGES.md"),
        "# Badges of Weather\n\nDocker\n"
    );
    let record = sandbox.read("weather/mcp-auth.toml");
    for line in [
        "set = \"../mine\"",
        "auth = \"badge\"",
        "scopes = [\"door:open\"]",
        "\"BADGES.md\" = ",
    ] {
        assert!(record.contains(line), "{line}: {record}");
    }
}

#[test]
fn an_option_of_ones_own_is_added_and_known_again() {
    let sandbox = Sandbox::new("added");
    own(&sandbox);
    server(&sandbox, "work/dice");
    let add = [
        "add",
        "work/dice",
        "--templates",
        "mine",
        "--auth",
        "badge",
        "--yes",
        "--no-check",
    ];
    let ran = sandbox.run(add.iter().chain(&["--json"])).succeeds().json();
    let command = ran["equivalent_command"].as_str().unwrap();
    assert!(command.contains(" --templates mine "), "{command}");
    let record = sandbox.read("work/dice/mcp-auth.toml");
    assert!(
        record.contains("set = \"../../mine\"") && record.contains("auth = \"badge\""),
        "{record}"
    );
    assert!(sandbox.path("work/dice/BADGES.md").exists());
    let again = sandbox.run(["add", "work/dice", "--yes"]).succeeds();
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    fs::rename(sandbox.path("mine"), sandbox.path("gone")).unwrap();
    sandbox.run(["add", "work/dice", "--yes"]).fails(
        1,
        &[
            "the templates that this project was made from are not there: mine",
            "--templates embedded",
        ],
    );
    existing::undo(&sandbox, "work/dice").succeeds();
    assert!(!sandbox.path("work/dice/BADGES.md").exists());
}

#[test]
fn an_option_that_the_templates_lack_is_refused_with_those_they_have() {
    let sandbox = Sandbox::new("unknown");
    own(&sandbox);
    let new = ["new", "weather", "--yes", "--auth"];
    sandbox.run(new.iter().chain(&["badge"])).fails(
        2,
        &["no option badge", "jwt, github, google, proxy, custom"],
    );
    sandbox
        .run(new.iter().chain(&["bagde", "--templates", "mine"]))
        .fails(
            2,
            &[
                "no option bagde",
                "jwt, github, google, proxy, custom, badge",
            ],
        );
    assert_eq!(sandbox.names(), ["mine"]);
}

#[test]
fn a_set_that_is_only_for_new_projects_is_refused_by_add() {
    let sandbox = Sandbox::new("new-only");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let catalog = sandbox.read("mine/catalog.toml");
    let catalog = catalog.replace("layers = [\"auth\", \"added\"]", "layers = []");
    sandbox.write("mine/catalog.toml", &catalog);
    server(&sandbox, "dice");
    let ran = existing::add(&sandbox, "dice", &["--templates", "mine"]);
    ran.fails(1, &["not made for `add`", "mine/catalog.toml"]);
}

/// The project `weather` with the option of one's own, in this folder of the sandbox.
fn weather(sandbox: &Sandbox, folder: &str) {
    own(sandbox);
    let dir = format!("{folder}weather");
    let new = ["new", &dir, "--templates", "mine", "--auth", "badge"];
    sandbox
        .run(new.iter().chain(&["--without", "git", "--yes"]))
        .succeeds();
}

fn regenerate(sandbox: &Sandbox, dir: &str, more: &[&str]) -> Ran {
    let words = ["regenerate", dir, "--yes", "--no-check"];
    sandbox.run(words.iter().chain(more))
}

#[test]
fn a_project_gets_what_changes_in_its_templates() {
    let sandbox = Sandbox::new("changed");
    weather(&sandbox, "");
    let before = tree(&sandbox.path("weather"));
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(
        differences(&before, &tree(&sandbox.path("weather"))),
        [""; 0]
    );
    sandbox.write("mine/rust/auth-badge/BADGES.md.tera", "# Badges\n");
    regenerate(&sandbox, "weather", &[]).succeeds();
    assert_eq!(sandbox.read("weather/BADGES.md"), "# Badges\n");
}

#[test]
fn a_project_finds_templates_that_are_moved_together_with_it_and_no_others() {
    let sandbox = Sandbox::new("moved");
    weather(&sandbox, "here/");
    fs::create_dir(sandbox.path("there")).unwrap();
    fs::rename(sandbox.path("here"), sandbox.path("there/here")).unwrap();
    fs::rename(sandbox.path("mine"), sandbox.path("there/mine")).unwrap();
    let dir = "there/here/weather";
    let unchanged = regenerate(&sandbox, dir, &[]).succeeds();
    assert!(unchanged.stderr.contains("nothing new"), "{unchanged:?}");

    fs::rename(sandbox.path("there/mine"), sandbox.path("mine")).unwrap();
    let said = [
        "the templates that this project was made from are not there: there/mine",
        "--templates <DIR>",
    ];
    regenerate(&sandbox, dir, &[]).fails(1, &said);
    regenerate(&sandbox, dir, &["--templates", "mine"]).succeeds();
    let record = sandbox.read("there/here/weather/mcp-auth.toml");
    assert!(record.contains("set = \"../../../mine\""), "{record}");
}

#[test]
fn a_project_goes_back_to_the_templates_of_the_program_with_one_of_their_options() {
    let sandbox = Sandbox::new("back");
    weather(&sandbox, "");
    let back = ["--templates", "embedded"];
    regenerate(&sandbox, "weather", &back).fails(2, &["no option badge", "--auth <jwt|github"]);
    let back = back
        .iter()
        .chain(&["--auth", "jwt", "--set", "scopes=mcp:tools"]);
    let back: Vec<&str> = back.copied().collect();
    regenerate(&sandbox, "weather", &back).succeeds();
    fs::remove_dir_all(sandbox.path("weather/.mcp-auth/undo")).unwrap();
    let (now, sandbox) = (tree(&sandbox.path("weather")), Sandbox::new("fresh"));
    let new = [
        "new",
        "weather",
        "--auth",
        "jwt",
        "--without",
        "git",
        "--yes",
    ];
    sandbox.run(new).succeeds();
    assert_eq!(differences(&tree(&sandbox.path("weather")), &now), [""; 0]);
}
