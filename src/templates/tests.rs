#![expect(
    clippy::disallowed_methods,
    reason = "compares the embedded templates with the disk"
)]

use std::{collections::BTreeSet, fs, path::Path};

use walkdir::WalkDir;

use super::*;
use crate::{existing::stdio, relative::RelativePath};

impl TemplateSet {
    pub fn of(files: &[(&str, &'static str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Text::Borrowed(*text)));
        Self::new(files.collect(), Home::Program, "test")
    }

    /// Where a path is there twice, the last one counts.
    pub fn of_owned(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = files.into_iter();
        let files = files.map(|(path, text)| (path, Text::Owned(text)));
        Self::new(files.collect(), Home::Program, "test")
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn embedded() -> TemplateSet {
    TemplateSet::embedded().unwrap()
}

#[test]
fn the_binary_holds_exactly_the_files_on_disk() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let on_disk = WalkDir::new(&root)
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file());
    let on_disk: BTreeMap<String, String> = on_disk
        .map(|entry| {
            let path = entry
                .path()
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let embedded: BTreeMap<String, String> = embedded()
        .files
        .into_iter()
        .map(|(path, text)| (path, text.into_owned()))
        .collect();
    assert_eq!(
        embedded.keys().collect::<Vec<_>>(),
        on_disk.keys().collect::<Vec<_>>()
    );
    assert!(embedded == on_disk, "a template changed since the build");
}

#[test]
fn no_rust_file_is_a_template() {
    let set = embedded();
    let offenders: Vec<&str> = set
        .paths()
        .filter(|path| path.ends_with(".rs.tera"))
        .collect();
    assert_eq!(
        offenders, [""; 0],
        "Rust is copied, never rendered: choose a file, not a branch"
    );
}

#[test]
fn no_template_is_called_cargo_toml() {
    let set = embedded();
    assert!(
        !set.paths().any(|path| path.ends_with("Cargo.toml")),
        "cargo package would leave its folder out"
    );
}

#[test]
fn every_template_parses() {
    let set = embedded();
    set.renderer(set.paths().filter(|path| path.ends_with(SUFFIX)))
        .unwrap();
}

#[test]
fn every_file_is_text_with_unix_line_ends() {
    for (path, text) in &embedded().files {
        assert!(!text.contains('\r'), "{path}");
        assert!(
            text.is_empty() || text.ends_with('\n'),
            "{path} does not end with a line end"
        );
    }
}

#[test]
fn every_layer_exists_and_some_answers_reach_it() {
    let set = embedded();
    let catalog = set.catalog().unwrap();
    let common = catalog.project.layers.iter().chain(&catalog.added.layers);
    let mut named: BTreeSet<String> = common.cloned().collect();
    for rmcp in ["0.9.1", "3.11.0"] {
        named.extend(stdio::layers(rmcp).map(str::to_owned));
    }
    for entry in catalog.auths() {
        named.extend(entry.layers.iter().cloned());
        named.extend(
            entry
                .presets
                .iter()
                .flat_map(|preset| preset.layers.iter().cloned()),
        );
    }
    for extra in catalog.extras() {
        named.extend(extra.layers.iter().cloned());
    }
    let folders = set.paths().filter_map(|path| {
        path.strip_prefix("rust/")?
            .split('/')
            .next()
            .map(str::to_owned)
    });
    assert_eq!(folders.collect::<BTreeSet<_>>(), named);
}

#[test]
fn a_file_without_suffix_is_copied_and_one_with_it_is_rendered() {
    let set = TemplateSet::of(&[
        ("rust/a/x.yml", "${{ x }}\n"),
        ("rust/a/.env.example.tera", "{{ name }}\n"),
    ]);
    let composition = set.compose(&["a"]).unwrap();
    let outputs: Vec<&str> = composition
        .outputs
        .keys()
        .map(RelativePath::as_str)
        .collect();
    assert_eq!(outputs, [".env.example", "x.yml"]);
    let sources: Vec<bool> = composition
        .outputs
        .values()
        .map(|source| matches!(source, Source::Rendered(_)))
        .collect();
    assert_eq!(sources, [true, false]);
}

#[test]
fn two_layers_with_the_same_file_are_a_mistake() {
    let set = TemplateSet::of(&[("rust/a/x.md.tera", ""), ("rust/b/x.md", "")]);
    let error = set.compose(&["a", "b"]).err().unwrap();
    assert!(
        error.to_string().contains("templates/rust/b/x.md"),
        "{error}"
    );
}

#[test]
fn files_that_cannot_be_side_by_side_are_a_mistake() {
    let problems = |files: &[(&str, &'static str)]| {
        let (_, problems) = TemplateSet::of(files).compose_all(&["a"]);
        problems
    };
    assert_eq!(
        problems(&[("rust/a/README.md", ""), ("rust/a/readme.md.tera", "")]),
        [
            "templates/rust/a/README.md and templates/rust/a/readme.md.tera differ only in large and small letters"
        ]
    );
    assert_eq!(
        problems(&[
            ("rust/a/src/X", ""),
            ("rust/a/src/x.rs", ""),
            ("rust/a/src/x/y.rs", "")
        ]),
        ["templates/rust/a/src/X is a file where templates/rust/a/src/x/y.rs needs a folder"]
    );
}

#[test]
fn a_layer_that_is_not_there_is_a_mistake() {
    let error = TemplateSet::of(&[("rust/ab/x", "")])
        .compose(&["a"])
        .err()
        .unwrap();
    assert!(error.to_string().contains("no layer `a`"), "{error}");
}

#[test]
fn dependencies_and_partials_are_never_output() {
    let set = TemplateSet::of(&[
        ("partials/p.md", "p"),
        ("rust/a/deps.toml", ""),
        ("rust/a/x", ""),
    ]);
    let composition = set.compose(&["a"]).unwrap();
    assert_eq!(composition.outputs.len(), 1);
    assert_eq!(composition.dependencies.len(), 1);
}

#[test]
fn an_undefined_variable_is_an_error() {
    let set = TemplateSet::of(&[("rust/a/x.tera", "{{ nmae }}")]);
    let renderer = set.renderer(["rust/a/x.tera"]).unwrap();
    assert!(
        renderer
            .render("rust/a/x.tera", &tera::Context::new())
            .is_err()
    );
}

#[test]
fn a_template_may_include_partials() {
    let set = TemplateSet::of(&[
        ("partials/p.md", "{{ name }}!"),
        ("rust/a/x.tera", "{% include \"partials/p.md\" %}"),
    ]);
    let mut context = tera::Context::new();
    context.insert("name", "ok");
    let renderer = set.renderer(["rust/a/x.tera"]).unwrap();
    assert_eq!(renderer.render("rust/a/x.tera", &context).unwrap(), "ok!");
}

#[test]
fn no_project_can_be_called_what_it_depends_on() {
    for (path, text) in embedded().files {
        if !path.ends_with("deps.toml") {
            continue;
        }
        let deps: toml_edit::DocumentMut = text.parse().unwrap();
        for table in ["dependencies", "dev-dependencies"] {
            let table = deps.get(table).and_then(|table| table.as_table());
            for (name, _) in table.into_iter().flatten() {
                let taken = name.parse::<crate::answers::ProjectName>();
                assert!(taken.is_err(), "{name} of {path} must be in `reserved`");
            }
        }
    }
}
