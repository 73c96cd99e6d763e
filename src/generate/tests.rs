use std::collections::BTreeSet;

use toml_edit::DocumentMut;

use super::*;
use crate::answers::{Extra, parse_scopes};

/// Every option with every preset.
pub fn all_answers(catalog: &Catalog) -> Vec<Answers> {
    let mut all = Vec::new();
    for entry in catalog.auths() {
        for preset in &entry.presets {
            all.push(Answers {
                name: "weather".parse().unwrap(),
                description: "What the *sky* does".parse().unwrap(),
                auth: catalog.auth_name(&entry.name).unwrap(),
                preset: entry.preset_name(&preset.name).unwrap(),
                scopes: parse_scopes("a:b c").unwrap(),
                port: "8123".parse().unwrap(),
                extras: Extra::ALL.into(),
            });
        }
    }
    all
}

pub fn embedded() -> (TemplateSet, Catalog) {
    let templates = TemplateSet::embedded().unwrap();
    let catalog = templates.catalog().unwrap();
    (templates, catalog)
}

fn first() -> (Answers, Generated) {
    let (templates, catalog) = embedded();
    let answers = all_answers(&catalog).remove(0);
    let generated = generate(&answers, &catalog, &templates).unwrap();
    (answers, generated)
}

fn text<'a>(generated: &'a Generated, path: &str) -> &'a str {
    &generated.files[&path.parse::<RelativePath>().unwrap()].text
}

#[test]
fn every_variable_of_a_template_is_a_key_of_the_context() {
    let (templates, catalog) = embedded();
    for answers in all_answers(&catalog) {
        let auth = catalog.auth(&answers.auth).unwrap();
        let preset = auth.preset(&answers.preset).unwrap();
        let context = context::context(
            &Choice {
                answers: &answers,
                auth,
                preset,
                place: context::Place::of_new(&catalog),
            },
            &catalog,
        );
        let names: Vec<&str> = templates
            .paths()
            .filter(|path| path.ends_with(".tera"))
            .collect();
        let renderer = templates.renderer(names.iter().copied()).unwrap();
        for name in names {
            let variables = renderer.variables(name).unwrap();
            let unknown: Vec<&&str> = variables
                .iter()
                .filter(|key| !context.contains_key(key))
                .collect();
            assert!(
                unknown.is_empty(),
                "{name} says {unknown:?}, which no answer defines"
            );
        }
    }
}

#[test]
fn nothing_is_left_to_render_in_any_output() {
    let (templates, catalog) = embedded();
    for answers in all_answers(&catalog) {
        for (path, output) in generate(&answers, &catalog, &templates).unwrap().files {
            // GitHub's own expressions are copied, and Rust may well hold `{{`
            let text = output.text.replace("${{", "");
            let left =
                text.contains("{%") || (text.contains("{{") && !path.as_str().ends_with(".rs"));
            assert!(
                !left,
                "{path} for {} {}",
                answers.auth.as_str(),
                answers.preset.as_str()
            );
        }
    }
}

#[test]
fn each_classified_path_is_generated_by_some_answers() {
    let (templates, catalog) = embedded();
    let mut generated = BTreeSet::new();
    for answers in all_answers(&catalog) {
        generated.extend(
            generate(&answers, &catalog, &templates)
                .unwrap()
                .files
                .into_keys(),
        );
        let placement = added::tests::at_home();
        let added = added::added(&answers, &catalog, &templates, &placement).unwrap();
        generated.extend(added.files.into_keys());
    }
    for path in catalog.classified_paths() {
        assert!(
            generated.contains(&path.parse().unwrap()),
            "[ownership] names {path}, which is never generated"
        );
    }
}

#[test]
fn the_pristine_copies_are_the_files_and_the_record_has_their_hashes() {
    let (_, generated) = first();
    let record: DocumentMut = text(&generated, state::FILE).parse().unwrap();
    let files = record["files"].as_table().unwrap();
    let own = |path: &&RelativePath| {
        !path.as_str().starts_with(state::BASE) && path.as_str() != state::FILE
    };
    let paths: Vec<&RelativePath> = generated.files.keys().filter(own).collect();
    assert_eq!(files.len(), paths.len());
    for path in paths {
        let text = &generated.files[path].text;
        assert_eq!(
            &generated.files[&copy_path(path).unwrap()].text,
            text,
            "{path}"
        );
        assert_eq!(
            files[path.as_str()]["sha256"].as_str(),
            Some(state::sha256(text).as_str()),
            "{path}"
        );
    }
    assert_eq!(files["src/main.rs"]["class"].as_str(), Some("merged"));
    assert_eq!(files["src/tools.rs"]["class"].as_str(), Some("seed"));
    assert_eq!(files["src/auth.rs"]["class"].as_str(), Some("owned"));
}

#[test]
fn the_record_holds_the_answers_but_not_what_is_done_once() {
    let (_, generated) = first();
    let record: DocumentMut = text(&generated, state::FILE).parse().unwrap();
    let answers = &record["answers"];
    assert_eq!(answers["name"].as_str(), Some("weather"));
    assert_eq!(answers["port"].as_integer(), Some(8123));
    let extras: Vec<&str> = answers["extras"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|extra| extra.as_str())
        .collect();
    assert_eq!(
        extras,
        ["ci", "docker"],
        "`git init` is not something a project has"
    );
}

#[test]
fn the_settings_hold_the_answers() {
    let (_, generated) = first();
    let settings = text(&generated, ".env.example");
    for line in [
        "BIND_ADDR=127.0.0.1:8123",
        "BASE_URL=http://localhost:8123",
        "AUTH_REQUIRED_SCOPES='a:b c'",
    ] {
        assert!(
            settings.lines().any(|found| found == line),
            "{line} is missing in:\n{settings}"
        );
    }
}

#[test]
fn the_server_reads_every_setting_that_is_offered() {
    let (templates, catalog) = embedded();
    for answers in all_answers(&catalog) {
        let generated = generate(&answers, &catalog, &templates).unwrap();
        let rust = generated
            .files
            .iter()
            .filter(|(path, _)| path.as_str().starts_with("src/"));
        let rust: String = rust.map(|(_, output)| output.text.as_ref()).collect();
        for line in text(&generated, ".env.example").lines() {
            let (name, _) = line
                .trim_start_matches("# ")
                .split_once('=')
                .unwrap_or_default();
            let is_name = !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            assert!(
                !is_name || rust.contains(&format!("\"{name}\"")),
                "nothing reads {name}"
            );
        }
    }
}

#[test]
fn the_manifest_has_the_sorted_dependencies_of_all_layers() {
    let (_, generated) = first();
    let manifest = text(&generated, "Cargo.toml");
    let document: toml_edit::DocumentMut = manifest.parse().unwrap();
    let dependencies = document["dependencies"].as_table().unwrap();
    let names: Vec<String> = dependencies
        .iter()
        .map(|(name, _)| name.to_owned())
        .collect();
    assert!(names.is_sorted(), "{names:?}");
    assert!(
        names.iter().any(|name| name == "rmcp") && names.iter().any(|name| name == "jsonwebtoken")
    );
    assert!(
        !manifest.contains("[workspace"),
        "a person may adopt the project as a member"
    );
}

#[test]
fn the_same_answers_give_the_same_bytes() {
    assert_eq!(first().1.files, first().1.files);
}
