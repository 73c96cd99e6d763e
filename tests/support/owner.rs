//! A generated project that its owner changes, and that is regenerated.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command, sync::Once};

use serde_json::Value;

use super::{Ran, Sandbox, Tree, generate, generations::next_folder, tree};

/// The project `weather` in a folder of its own.
pub struct Project {
    pub sandbox: Sandbox,
}

/// The name of its folder.
pub const NAME: &str = "weather";
/// Where the kept edit is, for `--abort`.
const KEPT: &str = ".mcp-auth/undo/";

impl Project {
    /// As the embedded templates make it.
    pub fn new(name: &str, flags: &[&str]) -> Self {
        Self::within(Sandbox::new(name), flags)
    }

    pub fn within(sandbox: Sandbox, flags: &[&str]) -> Self {
        in_a_repository(&sandbox);
        generate(&sandbox, NAME, flags);
        Self { sandbox }
    }

    pub fn path(&self, inner: &str) -> PathBuf {
        self.sandbox.path(NAME).join(inner)
    }

    pub fn read(&self, inner: &str) -> String {
        self.sandbox.read(&format!("{NAME}/{inner}"))
    }

    pub fn write(&self, inner: &str, text: &str) {
        self.sandbox.write(&format!("{NAME}/{inner}"), text);
    }

    pub fn exists(&self, inner: &str) -> bool {
        fs::symlink_metadata(self.path(inner)).is_ok()
    }

    pub fn delete(&self, inner: &str) {
        fs::remove_file(self.path(inner)).unwrap();
    }

    pub fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Its owner writes this instead of that.
    #[track_caller]
    pub fn edit(&self, inner: &str, find: &str, replace: &str) {
        let text = self.read(inner);
        assert!(text.contains(find), "{inner} does not have {find:?}");
        self.write(inner, &text.replace(find, replace));
    }

    /// `regenerate` without questions and without the compiler.
    pub fn regenerate(&self, more: &[&str]) -> Ran {
        let fixed = ["regenerate", NAME, "--yes", "--no-check"];
        self.sandbox.run(fixed.iter().chain(more))
    }

    /// To the second generation of the templates.
    pub fn renew(&self, more: &[&str]) -> Ran {
        self.regenerate(&[&["--templates", &next_folder()], more].concat())
    }

    /// The same; what it says as data.
    #[track_caller]
    pub fn renewed(&self, more: &[&str]) -> Document {
        let ran = self.renew(&[&["--json"], more].concat());
        Document {
            code: ran.code,
            json: ran.json(),
        }
    }

    /// A second run of the same changes nothing, and says so.
    #[track_caller]
    pub fn is_settled(&self, more: &[&str]) {
        let before = tree(&self.path(""));
        let again = self.renewed(more);
        assert_eq!(again.code, Some(0), "{:#}", again.json);
        assert_eq!(again.json["outcome"], "unchanged", "{:#}", again.json);
        let differing = super::differences(&before, &tree(&self.path("")));
        assert_eq!(differing, [""; 0], "a second run changed something");
    }

    /// All files but the kept edit.
    pub fn tree(&self) -> Tree {
        let mut tree = tree(&self.path(""));
        tree.retain(|path, _| !path.starts_with(KEPT));
        tree
    }

    /// All files that are neither the kept edit nor what a project remembers.
    pub fn files(&self) -> Tree {
        let mut tree = self.tree();
        tree.retain(|path, _| !path.starts_with(".mcp-auth/") && path != "mcp-auth.toml");
        tree
    }
}

pub struct Document {
    pub code: Option<i32>,
    pub json: Value,
}

impl Document {
    /// What becomes of this file.
    pub fn action(&self, path: &str) -> &str {
        let changes = self.json["changes"].as_array().unwrap();
        let change = changes.iter().find(|change| change["path"] == path);
        let change = change.unwrap_or_else(|| panic!("{path} is not in {:#}", self.json));
        change["action"].as_str().unwrap()
    }

    /// Of every file.
    pub fn actions(&self) -> BTreeMap<&str, &str> {
        let changes = self.json["changes"].as_array().unwrap().iter();
        let words = changes.map(|change| (change["path"].as_str(), change["action"].as_str()));
        words
            .map(|(path, action)| (path.unwrap(), action.unwrap()))
            .collect()
    }
}

/// What is typed after `new` for an option, as `regenerate` has it.
pub fn later<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    match flags {
        ["--auth", auth] => vec!["--auth", *auth],
        ["--auth", auth, "--preset", "api-keys"] => {
            vec!["--auth", *auth, "--set", "preset=api-keys"]
        }
        ["--auth", auth, "--preset", "introspection"] => {
            vec!["--auth", *auth, "--set", "preset=introspection"]
        }
        _ => panic!("{flags:?}"),
    }
}

/// The whole project as the second generation makes it anew.
pub fn new_from_next(flags: &[&str]) -> Tree {
    let sandbox = Sandbox::new("anew");
    let next = next_folder();
    let flags = [flags, &["--templates", &next]].concat();
    tree(&generate(&sandbox, NAME, &flags))
}

/// In a repository that does not know its files: the same wherever the tests are built.
fn in_a_repository(sandbox: &Sandbox) {
    static MADE: Once = Once::new();
    MADE.call_once(|| {
        let mut init = Command::new("git");
        init.args(["init", "--quiet"])
            .current_dir(sandbox.path(".."));
        assert!(init.status().unwrap().success());
    });
}

pub fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
