//! What is refused, with which words and exit code, and that nothing was written then; hostile answers.

mod support;

use std::fs;

use support::{Sandbox, new, tree};

#[test]
fn missing_answers_are_listed_together_with_their_flags() {
    let sandbox = Sandbox::new("missing");
    for yes in [&["new"][..], &["new", "--yes"]] {
        sandbox.run(yes).fails(
            2,
            &[
                "the folder is missing",
                "mcp-auth new <DIR>",
                "--auth <jwt|github|google|proxy|custom>",
            ],
        );
    }
    sandbox.run(["new", "weather", "--yes"]).fails(
        2,
        &["--auth <jwt|github|google|proxy|custom>", "mcp-auth list"],
    );
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn several_problems_are_reported_together() {
    let sandbox = Sandbox::new("several");
    let flags = [
        "new",
        "Test",
        "--port",
        "0",
        "--scopes",
        "a\"b",
        "--preset",
        "nope",
        "--auth",
        "jwt",
        "--description",
        "",
    ];
    sandbox.run(flags).fails(
        2,
        &[
            "`Test` cannot be",
            "--name test-server",
            "--port 0",
            "--scopes",
            "no preset nope",
            "auth0",
            "--description ''",
        ],
    );
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn names_that_cannot_be_are_explained_and_a_valid_one_is_suggested() {
    let sandbox = Sandbox::new("names");
    let long = "a".repeat(65);
    let cases = [
        ("1x", "start with a letter", "--name x"),
        ("test", "comes with Rust", "--name test-server"),
        ("async", "keyword", "--name async-server"),
        ("../x", "not a path", "--name x"),
        ("/etc/passwd", "not a path", "--name etc-passwd"),
        (
            "tokio",
            "depends on a package of that name",
            "--name tokio-server",
        ),
        ("天気", "`天`", "--name my-mcp-server"),
        ("a\nb", "control character", "--name a-b"),
        (&long, "longer than 64", "--name aaaa"),
    ];
    for (name, why, suggestion) in cases {
        new(&sandbox, &["--name", name]).fails(2, &[why, suggestion]);
    }
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn hostile_descriptions_are_text_and_nothing_else() {
    let sandbox = Sandbox::new("descriptions");
    let descriptions = [
        "it's \"quoted\" \\ {{ name }} {% raw %} {# x #} ${{ y }}",
        "two\nlines\twith a tab\r\n# and no heading",
        "🌦 [package]\nname = \"evil\"",
        "'''\"\"\"\n```\n<script>alert(1)</script>",
        "$(touch pwned) `touch pwned` ; touch pwned",
    ];
    for (number, description) in descriptions.iter().enumerate() {
        let name = format!("w{number}");
        sandbox
            .run([
                "new",
                &name,
                "--auth",
                "jwt",
                "--yes",
                "--without",
                "git",
                "--description",
                description,
            ])
            .succeeds();
        let manifest: toml_edit::DocumentMut =
            sandbox.read(&format!("{name}/Cargo.toml")).parse().unwrap();
        assert_eq!(
            manifest["package"]["description"].as_str().unwrap(),
            description.replace("\r\n", "\n")
        );
        assert_eq!(manifest["package"]["name"].as_str(), Some(name.as_str()));
        let state: toml_edit::DocumentMut = sandbox
            .read(&format!("{name}/mcp-auth.toml"))
            .parse()
            .unwrap();
        assert_eq!(
            state["answers"]["description"].as_str(),
            manifest["package"]["description"].as_str()
        );
    }
    for (number, description) in ["nul\u{1}", "\u{1b}[31mred", "\u{202e}gpj.exe"]
        .iter()
        .enumerate()
    {
        let name = format!("x{number}");
        new(&sandbox, &["--name", &name, "--description", description])
            .fails(2, &["--description", "control character"]);
    }
    assert_eq!(sandbox.names().len(), descriptions.len());
}

#[test]
fn a_folder_that_is_not_empty_is_refused_naming_what_is_there() {
    let sandbox = Sandbox::new("occupied");
    sandbox.write("weather/notes.txt", "mine");
    sandbox.write("weather/src/main.rs", "fn main() {}");
    let before = tree(&sandbox.path("weather"));
    new(&sandbox, &[]).fails(1, &["weather is not empty", "notes.txt, src", "--force"]);
    assert_eq!(tree(&sandbox.path("weather")), before);
    assert_eq!(sandbox.names(), ["weather"]);
}

#[test]
fn force_touches_only_what_the_plan_names_and_says_what_it_replaces() {
    let sandbox = Sandbox::new("force");
    sandbox.write("weather/notes.txt", "mine");
    sandbox.write("weather/src/main.rs", "fn main() {}");
    let shown = new(&sandbox, &["--force", "--dry-run"]).succeeds().stdout;
    assert!(
        shown.contains("~ src/main.rs  replaced") && shown.contains("+ Cargo.toml"),
        "{shown}"
    );
    assert!(!shown.contains("notes.txt"));
    let ran = new(&sandbox, &["--force"]).succeeds();
    assert!(ran.stderr.contains("1 replaced"), "{}", ran.stderr);
    assert_eq!(sandbox.read("weather/notes.txt"), "mine");
    assert!(
        sandbox
            .read("weather/src/main.rs")
            .contains("async fn main")
    );
    assert_eq!(sandbox.names(), ["weather"]);
    let again = new(&sandbox, &["--force"]).succeeds();
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    assert!(!sandbox.path("weather/.mcp-auth-edit").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let sandbox = Sandbox::new("links");
    sandbox.write("elsewhere/main.rs", "theirs");
    fs::create_dir(sandbox.path("weather")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", sandbox.path("weather/src")).unwrap();
    std::os::unix::fs::symlink("nowhere", sandbox.path("dangling")).unwrap();
    new(&sandbox, &["--force"]).fails(1, &["src is a symbolic link"]);
    assert_eq!(sandbox.read("elsewhere/main.rs"), "theirs");
    assert_eq!(tree(&sandbox.path("elsewhere")).len(), 1);
    sandbox
        .run(["new", "dangling", "--auth", "jwt", "--yes"])
        .fails(1, &["link to something that is not there"]);
    std::os::unix::fs::symlink("Cargo.toml.old", sandbox.path("weather/Cargo.toml")).unwrap();
    fs::remove_file(sandbox.path("weather/src")).unwrap();
    new(&sandbox, &["--force"]).fails(1, &["Cargo.toml is a symbolic link"]);
    assert_eq!(fs::read_dir(sandbox.path("weather")).unwrap().count(), 1);
}

#[test]
fn a_file_in_the_way_is_named() {
    let sandbox = Sandbox::new("file");
    sandbox.write("weather", "a file");
    new(&sandbox, &[]).fails(1, &["in the way", "weather"]);
    sandbox
        .run(["new", "weather/inner", "--auth", "jwt", "--yes"])
        .fails(1, &["in the way"]);
    assert_eq!(sandbox.read("weather"), "a file");
}

#[test]
fn failures_are_one_document_too() {
    let sandbox = Sandbox::new("json-errors");
    sandbox.write("weather/x", "");
    for (flags, exit, words) in [
        (&["new", "weather", "--json"][..], 1, "not empty"),
        (&["new", "--json"], 2, "--auth has no default"),
        (&["new", "x", "--json", "--auth", "ldap"], 2, "ldap"),
        (&["new", "x", "--json", "--nonsense"], 2, "--nonsense"),
        (&["list", "--json", "extra"], 2, "extra"),
    ] {
        let ran = sandbox.run(flags);
        assert_eq!(ran.code, Some(exit), "{flags:?}");
        let document = ran.json();
        assert_eq!(document["schema"], 1);
        assert_eq!(document["error"]["exit"], exit);
        assert!(
            document["error"]["message"]
                .as_str()
                .unwrap()
                .contains(words),
            "{document:#}"
        );
    }
}
