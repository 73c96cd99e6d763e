//! The files of a project that the matrix of `regenerate` is about: one of each ownership class, and how owners edit them.

use std::thread;

use super::{
    CASES, Tree, differences,
    owner::{Project, new_from_next},
};

/// A file that the second generation changes.
pub struct Subject {
    pub path: &'static str,
    /// Where it is then.
    pub new_path: &'static str,
    pub is_seed: bool,
    /// What its owner writes far from what the templates change, and at the same place.
    pub far: (&'static str, &'static str),
    pub near: (&'static str, &'static str),
}

pub const OWNED: Subject = Subject {
    path: "src/serve.rs",
    new_path: "src/serve.rs",
    is_seed: false,
    far: ("info!(\"stopping\")", "info!(\"goodbye\")"),
    near: ("from_secs(30)", "from_secs(60)"),
};
pub const MERGED: Subject = Subject {
    path: "src/main.rs",
    new_path: "src/main.rs",
    is_seed: false,
    far: ("set BIND_ADDR to a free address", "who else listens there?"),
    near: ("\"info,rmcp=warn\"", "\"debug\""),
};
const MOVED: Subject = Subject {
    path: "src/server.rs",
    new_path: "src/routes.rs",
    is_seed: false,
    far: ("Other paths are a plain 404.", "Nothing else."),
    near: ("get(async || \"ok\")", "get(async || \"fine\")"),
};
pub const MANIFEST: Subject = Subject {
    path: "Cargo.toml",
    new_path: "Cargo.toml",
    is_seed: false,
    far: ("version = \"0.1.0\"", "version = \"0.2.0\""),
    near: ("anyhow = \"1\"", "anyhow = \"1.0.3\""),
};
pub const SEED: Subject = Subject {
    path: "src/tools.rs",
    new_path: "src/tools.rs",
    is_seed: true,
    far: ("Processed: {}", "Done: {}"),
    near: ("data for any authenticated caller", "data for friends"),
};
pub const SUBJECTS: [Subject; 5] = [OWNED, MERGED, MOVED, MANIFEST, SEED];

/// Every option: its project with what was done to it, and the project that is made anew.
pub fn in_each_case(thing: &str, look: impl Fn(&str, &Project, &Tree) + Sync) {
    thread::scope(|scope| {
        for (case, flags) in CASES {
            let look = &look;
            scope.spawn(move || {
                let project = Project::new(&format!("{thing}-{case}"), flags);
                look(case, &project, &new_from_next(flags));
            });
        }
    });
}

/// All files are those of a project that is made anew.
#[track_caller]
pub fn is_as_new(case: &str, project: &Project, new: &Tree) {
    let actual = project.tree();
    assert_eq!(differences(new, &actual), [""; 0], "{case}");
}
