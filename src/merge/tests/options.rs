//! A project moves from one option to another: what its owner changed in the three files that differ between options
//! is what is changed in the new ones too.

use super::*;
use crate::{
    answers::{Answers, Auth, Extra, parse_scopes},
    catalog::AuthName,
    generate::{Generated, generate},
    templates::TemplateSet,
};

fn every_option() -> Vec<Generated> {
    let templates = TemplateSet::embedded().unwrap();
    let catalog = templates.catalog().unwrap();
    let answers = |auth| {
        let name = AuthName::from(auth);
        let entry = catalog.auth(&name).unwrap();
        Answers {
            name: "weather".parse().unwrap(),
            description: "What the sky does".parse().unwrap(),
            preset: entry.preset_name(&entry.presets[0].name).unwrap(),
            auth: name,
            scopes: parse_scopes("a:b c").unwrap(),
            port: "8123".parse().unwrap(),
            extras: Extra::ALL.into(),
        }
    };
    let all = Auth::ALL.into_iter().map(answers);
    all.map(|answers| generate(&answers, &catalog, &templates).unwrap())
        .collect()
}

/// For each pair of options: the old text edited, merged with the new one, is the new text edited.
fn moves(name: &str, edit: impl Fn(&str) -> String) {
    let options = every_option();
    let text = |option: &Generated| option.files[&path(name)].text.to_string();
    for (from, to) in options
        .iter()
        .flat_map(|from| options.iter().map(move |to| (from, to)))
    {
        let (base, new) = (text(from), text(to));
        let user = edit(&base);
        assert_ne!(user, base);
        assert_eq!(merged(name, &base, &user, &new), edit(&new));
    }
}

#[test]
fn the_dependencies_that_its_owner_added_go_with_the_project() {
    moves("Cargo.toml", |text| {
        let own =
            "sqlx = \"0.8\" # the store\ntokio = { version = \"1\", features = [\"fs\", \"macros\"";
        let text = text.replacen("tokio = { version = \"1\", features = [\"macros\"", own, 1);
        let own = "strip = true\nlto = \"thin\"\n\n[profile.dev]\ndebug = 1\n";
        text.replace("0.1.0", "0.2.0")
            .replace("strip = true\n", own)
    });
}

#[test]
fn the_variables_that_its_owner_added_go_with_the_project() {
    moves(".env.example", |text| {
        let text = text.replace("# RUST_LOG=info,rmcp=warn", "RUST_LOG=debug");
        text + "\n# Where the forecast comes from.\nFORECAST_URL=https://forecast.example.com\n"
    });
}

#[test]
fn the_chapter_that_its_owner_added_goes_with_the_project() {
    moves("README.md", |text| {
        let (title, rest) = text.split_once('\n').unwrap();
        format!("{title}\n\nThis one is mine.\n{rest}")
    });
}
