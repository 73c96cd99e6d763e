//! The README keeps up with the program: options, presets, exit codes, dependencies, commands.

mod support;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use support::{Sandbox, repository};

fn readme() -> String {
    fs::read_to_string(repository().join("README.md")).unwrap()
}

#[test]
fn the_readme_names_every_option_and_preset() {
    let readme = readme();
    let list = Sandbox::new("readme-list")
        .run(["list", "--json"])
        .succeeds()
        .json();
    for option in list["options"].as_array().unwrap() {
        let name = option["name"].as_str().unwrap();
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{name}` |")))
            .unwrap_or_else(|| panic!("README.md has no row for the option `{name}`"));
        for preset in option["presets"].as_array().unwrap() {
            let preset = preset["name"].as_str().unwrap();
            assert!(
                row.contains(&format!("`{preset}`")),
                "README.md does not name the preset `{preset}` of `{name}`"
            );
        }
    }
}

#[test]
fn the_readme_gives_a_reason_for_every_dependency() {
    let readme = readme();
    let manifest = fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
    for table in ["dependencies", "dev-dependencies"] {
        for (name, _) in manifest[table].as_table().unwrap() {
            let is_named = readme
                .lines()
                .any(|line| line.starts_with("| `") && line.contains(&format!("`{name}`")));
            assert!(is_named, "README.md gives no reason for `{name}`");
        }
    }
}

#[test]
fn the_readme_lists_the_exit_codes_of_the_help() {
    let readme = readme();
    for code in ["0", "1", "2", "3", "4", "5", "130"] {
        assert!(
            readme.contains(&format!("\n| {code} | ")),
            "exit code {code}"
        );
    }
}

#[test]
fn the_commands_of_the_readme_work_in_a_shell() {
    let program = Path::new(env!("CARGO_BIN_EXE_mcp-auth")).parent().unwrap();
    let path = format!("{}:{}", program.display(), env::var("PATH").unwrap());
    let readme = readme();
    let commands = readme
        .lines()
        .filter(|line| line.starts_with("mcp-auth "))
        .filter(|line| !is_tried_elsewhere(line));
    assert_eq!(commands.clone().count(), 19);
    for command in commands {
        let (_sandbox, folder) = surroundings(command);
        // whether the project compiles afterwards is shown by tests/regenerate_generated.rs
        let command = match command.starts_with("mcp-auth regenerate") {
            true => command.replacen("regenerate", "regenerate --no-check", 1),
            false => command.to_owned(),
        };
        let output = Command::new("sh")
            .args(["-c", &command])
            .current_dir(&folder)
            .env("PATH", &path)
            .env("HOME", &folder)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command}: {told}");
    }
}

/// What asks is tried in a terminal, by tests/terminal.rs, tests/add_terminal.rs and tests/regenerate_terminal.rs; what takes
/// back, by tests/add_undo.rs and tests/regenerate.rs.
fn is_tried_elsewhere(command: &str) -> bool {
    let asks = ["mcp-auth new  ", "mcp-auth add  "];
    let takes_back = ["--undo", "--abort"];
    asks.iter().any(|start| command.starts_with(start))
        || takes_back.iter().any(|flag| command.contains(flag))
}

/// The folder that the command is for.
fn surroundings(command: &str) -> (Sandbox, PathBuf) {
    let sandbox = match command.starts_with("mcp-auth add") {
        true => support::add::copy("simple-main"),
        false => Sandbox::new("readme-command"),
    };
    let mut folder = sandbox.path("");
    if command.starts_with("mcp-auth regenerate") {
        folder = support::generate(&sandbox, "weather", &["--auth", "jwt"]);
    } else if command.contains(" my-templates") && !command.contains("export") {
        sandbox
            .run(["templates", "export", "my-templates"])
            .succeeds();
    }
    (sandbox, folder)
}
