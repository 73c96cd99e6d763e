//! What the commands say and do without a terminal: help, errors, exit codes, documents, refused overwrites.

mod support;

use std::{fs, process::Stdio};

use support::{Ran, Sandbox, tree};

const YES: [&str; 7] = [
    "new",
    "weather",
    "--auth",
    "jwt",
    "--without",
    "git",
    "--yes",
];

fn new(sandbox: &Sandbox, more: &[&str]) -> Ran {
    sandbox.run(YES.iter().chain(more))
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let sandbox = Sandbox::new("help");
    let help = sandbox.run(["--help"]).succeeds();
    assert!(
        help.stdout.contains("Examples:") && help.stdout.contains("Exit codes:"),
        "{}",
        help.stdout
    );
    for command in ["new", "list", "completions", "man"] {
        let help = sandbox.run([command, "--help"]).succeeds();
        assert!(help.stdout.contains("Usage: mcp-auth"), "{command}");
        assert!(help.stderr.is_empty());
    }
    assert_eq!(
        sandbox.run(["--version"]).succeeds().stdout,
        format!("mcp-auth {}\n", env!("CARGO_PKG_VERSION"))
    );
    sandbox.run([""; 0]).fails(2, &["Usage"]);
}

#[test]
fn new_writes_a_project_and_says_what_to_do_next() {
    let sandbox = Sandbox::new("new");
    let ran = new(&sandbox, &[]).succeeds();
    assert_eq!(ran.stdout, "", "there is no result to print");
    for words in [
        "created weather",
        "cd weather",
        "cp .env.example .env",
        "cargo run",
    ] {
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    assert!(!ran.stderr.contains('\u{1b}'), "colours without a terminal");
    assert_eq!(sandbox.names(), ["weather"]);
    assert!(
        sandbox
            .read("weather/Cargo.toml")
            .contains("name = \"weather\"")
    );
}

#[test]
fn missing_answers_are_listed_together_with_their_flags() {
    let sandbox = Sandbox::new("missing");
    for yes in [&["new"][..], &["new", "--yes"]] {
        sandbox.run(yes).fails(
            2,
            &[
                "the folder is missing",
                "mcp-auth new <DIR>",
                "--auth <jwt|custom>",
            ],
        );
    }
    sandbox
        .run(["new", "weather", "--yes"])
        .fails(2, &["--auth <jwt|custom>", "mcp-auth list"]);
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
fn the_folder_gives_the_name_unless_it_is_given() {
    let sandbox = Sandbox::new("folder");
    let yes = ["--auth", "jwt", "--without", "git", "--yes"];
    sandbox
        .run(["new", "a/b/weather-api/"].iter().chain(&yes))
        .succeeds();
    assert!(
        sandbox
            .read("a/b/weather-api/Cargo.toml")
            .contains("name = \"weather-api\"")
    );
    sandbox
        .run(["new", "My Server", "--name", "mine"].iter().chain(&yes))
        .succeeds();
    assert!(
        sandbox
            .read("My Server/Cargo.toml")
            .contains("name = \"mine\"")
    );
    sandbox
        .run(["new", "--name", "bare"].iter().chain(&yes))
        .succeeds();
    assert!(sandbox.path("bare/Cargo.toml").exists());
    fs::create_dir(sandbox.path("here")).unwrap();
    let mut inside = sandbox.command();
    inside
        .current_dir(sandbox.path("here"))
        .args(["new", "."])
        .args(yes);
    Ran::of(&inside.output().unwrap()).succeeds();
    assert!(sandbox.read("here/Cargo.toml").contains("name = \"here\""));
    sandbox
        .run(["new", "missing/../x"].iter().chain(&yes))
        .fails(2, &["goes up"]);
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

#[test]
fn an_empty_folder_is_filled() {
    let sandbox = Sandbox::new("empty");
    fs::create_dir(sandbox.path("weather")).unwrap();
    new(&sandbox, &[]).succeeds();
    assert!(sandbox.path("weather/src/main.rs").exists());
    assert_eq!(sandbox.names(), ["weather"]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let sandbox = Sandbox::new("links");
    sandbox.write("elsewhere/main.rs", "theirs");
    fs::create_dir(sandbox.path("weather")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", sandbox.path("weather/src")).unwrap();
    std::os::unix::fs::symlink("nowhere", sandbox.path("dangling")).unwrap();
    new(&sandbox, &["--force"]).fails(1, &["src is not a folder"]);
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
fn a_dry_run_shows_everything_and_writes_nothing() {
    let sandbox = Sandbox::new("dry-run");
    let listed = new(&sandbox, &["--dry-run"]).succeeds();
    assert!(
        listed.stdout.contains("+ src/main.rs") && listed.stdout.contains("+ .mcp-auth/base/  ")
    );
    assert!(listed.stderr.contains("nothing was written"));
    let diff = new(&sandbox, &["--dry-run", "--diff"]).succeeds().stdout;
    assert!(diff.contains("--- /dev/null\n+++ b/Cargo.toml\n"), "{diff}");
    let every = new(&sandbox, &["--dry-run", "-v"]).succeeds().stdout;
    assert!(every.contains("+ .mcp-auth/base/src/main.rs"), "{every}");
    assert_eq!(sandbox.names(), [""; 0]);
}

#[test]
fn the_json_of_a_dry_run_is_the_plan() {
    let sandbox = Sandbox::new("json");
    let planned = new(&sandbox, &["--dry-run", "--json", "--diff"])
        .succeeds()
        .json();
    assert_eq!(
        (planned["schema"].as_u64(), planned["outcome"].as_str()),
        (Some(1), Some("planned"))
    );
    assert_eq!(sandbox.names(), [""; 0]);
    let created = new(&sandbox, &["--json"]).succeeds().json();
    assert_eq!(
        (created["outcome"].as_str(), created["git"].as_str()),
        (Some("created"), Some("not wanted"))
    );
    let paths = |document: &serde_json::Value| -> Vec<String> {
        document["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["path"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(paths(&planned), paths(&created));
    assert_eq!(
        paths(&created),
        tree(&sandbox.path("weather"))
            .into_keys()
            .collect::<Vec<_>>()
    );
    let main = planned["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["path"] == "src/main.rs")
        .unwrap();
    assert_eq!(
        (main["kind"].as_str(), main["class"].as_str()),
        (Some("create"), Some("merged"))
    );
    assert!(main["diff"].as_str().unwrap().contains("+++ b/src/main.rs"));
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

#[test]
fn the_equivalent_command_gives_the_same_project() {
    let sandbox = Sandbox::new("equivalent");
    let flags = [
        "new",
        "it's here",
        "--name",
        "x",
        "--auth",
        "jwt",
        "--preset",
        "keycloak",
        "--scopes",
        "a:b (c)",
        "--port",
        "81",
        "--description",
        "don't $HOME `id` \"x\"\n!",
        "--without",
        "docker,git",
        "--with",
        "ci",
    ];
    let planned = sandbox
        .run(flags.iter().chain(&["--dry-run", "--json"]))
        .succeeds()
        .json();
    let command = planned["equivalent_command"].as_str().unwrap();
    let binary = env!("CARGO_BIN_EXE_mcp-auth");
    let script = command.replacen("mcp-auth", &format!("'{binary}'"), 1) + " --json";
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(sandbox.path(""))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let created = Ran::of(&output).succeeds().json();
    assert_eq!(created["answers"], planned["answers"]);
    assert_eq!(created["changes"], planned["changes"]);
    assert_eq!(sandbox.names(), ["it's here"]);
}

#[test]
fn extras_can_be_added_and_left_out() {
    let sandbox = Sandbox::new("extras");
    let create = |name: &str, flags: &[&str]| {
        sandbox
            .run(["new", name, "--auth", "jwt", "--yes"].iter().chain(flags))
            .succeeds()
    };
    create("all", &[]);
    create("none", &["--without", "docker,ci", "--without", "git"]);
    for path in ["Dockerfile", ".dockerignore", ".github/workflows/ci.yml"] {
        assert!(sandbox.path("all").join(path).exists(), "{path}");
        assert!(!sandbox.path("none").join(path).exists(), "{path}");
    }
    sandbox
        .run([
            "new",
            "x",
            "--auth",
            "jwt",
            "--with",
            "ci",
            "--without",
            "ci",
        ])
        .fails(2, &["exclude each other"]);
}

#[test]
fn git_is_initialised_unless_there_is_a_repository_or_no_git() {
    // the sandbox itself is inside a repository, so this one is in the system's temporary folder
    let root = std::env::temp_dir().join(format!("mcp-auth-git-{}", std::process::id()));
    fs::create_dir_all(&root).unwrap();
    let sandbox = Sandbox::new("git");
    let run = |name: &str, path: Option<&str>| {
        let mut command = sandbox.command();
        command
            .current_dir(&root)
            .args(["new", name, "--auth", "jwt", "--yes", "--json"]);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        Ran::of(&command.output().unwrap()).succeeds().json()["git"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(run("outer", None), "made");
    assert!(root.join("outer/.git/HEAD").exists());
    assert_eq!(run("outer/inner", None), "already there");
    assert_eq!(run("without", Some("/nonexistent")), "failed");
    fs::remove_dir_all(&root).unwrap();
}

#[test]
fn a_workspace_around_the_project_is_mentioned() {
    let sandbox = Sandbox::new("workspace");
    sandbox.write("Cargo.toml", "[workspace]\nmembers = []\n");
    let ran = new(&sandbox, &[]).succeeds();
    assert!(ran.stderr.contains("is a workspace"), "{}", ran.stderr);
}

#[test]
fn list_shows_every_option_and_preset() {
    let sandbox = Sandbox::new("list");
    let table = sandbox.run(["list"]).succeeds().stdout;
    let document = sandbox.run(["list", "--json"]).succeeds().json();
    for option in document["options"].as_array().unwrap() {
        assert!(table.contains(option["name"].as_str().unwrap()));
        for preset in option["presets"].as_array().unwrap() {
            assert!(table.contains(preset["name"].as_str().unwrap()), "{preset}");
        }
    }
    assert!(table.contains("auth0") && table.contains("api-keys *") && table.contains("docker"));
}

#[test]
fn completions_and_manual_pages_come_from_the_same_words() {
    let sandbox = Sandbox::new("pages");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(["completions", shell]).succeeds().stdout;
        assert!(script.contains("dry-run"), "{shell}");
    }
    assert!(sandbox.run(["man"]).succeeds().stdout.starts_with(".ie"));
    sandbox.run(["man", "--dir", "pages"]).succeeds();
    assert!(sandbox.read("pages/mcp-auth-new.1").contains("preset"));
}

#[test]
fn quiet_says_nothing_but_errors() {
    let sandbox = Sandbox::new("quiet");
    let ran = new(&sandbox, &["-q"]).succeeds();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    new(&sandbox, &["-q"]).fails(1, &["not empty"]);
}

#[test]
fn colours_can_be_forced_and_forbidden() {
    let sandbox = Sandbox::new("colours");
    assert!(
        sandbox
            .run(["list", "--color", "always"])
            .succeeds()
            .stdout
            .contains("\u{1b}[")
    );
    assert!(!sandbox.run(["list"]).succeeds().stdout.contains('\u{1b}'));
    assert!(
        !sandbox
            .run(["list", "--color", "never"])
            .succeeds()
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn a_closed_reader_is_no_panic() {
    let sandbox = Sandbox::new("pipe");
    for args in [
        &["list"][..],
        &["list", "--json"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
    ] {
        let mut child = sandbox
            .command()
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{args:?}"
        );
    }
}

#[test]
fn the_same_answers_give_the_same_bytes_wherever_and_whenever() {
    let (one, two) = (Sandbox::new("same"), Sandbox::new("same"));
    new(&one, &[]).succeeds();
    let mut elsewhere = two.command();
    elsewhere.args(YES).envs([
        ("TZ", "Asia/Tokyo"),
        ("LANG", "tr_TR.UTF-8"),
        ("HOME", "/nonexistent"),
        ("CI", "1"),
    ]);
    Ran::of(&elsewhere.output().unwrap()).succeeds();
    assert_eq!(tree(&one.path("weather")), tree(&two.path("weather")));
}
