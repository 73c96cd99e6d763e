use std::collections::BTreeSet;

use super::*;
use crate::{
    answers::{Auth, parse_scopes},
    templates::TemplateSet,
};

fn embedded() -> Catalog {
    TemplateSet::embedded().unwrap().catalog().unwrap()
}

fn variables(catalog: &Catalog) -> impl Iterator<Item = &Variable> {
    catalog
        .auths
        .iter()
        .flat_map(|auth| &auth.env)
        .chain(&catalog.server_env)
}

#[test]
fn has_an_entry_for_every_option_and_extra_and_no_other() {
    let catalog = embedded();
    assert!(catalog.auth_names().eq(Auth::ALL.map(Auth::name)));
    let names: BTreeSet<Extra> = catalog.extras.iter().map(|extra| extra.name).collect();
    assert_eq!(names, Extra::ALL.into());
}

#[test]
fn every_option_has_its_default_preset_and_no_preset_twice() {
    for auth in embedded().auths {
        let names: Vec<&str> = auth
            .presets
            .iter()
            .map(|preset| preset.name.as_str())
            .collect();
        assert!(
            auth.preset_name(&auth.default_preset).is_some(),
            "{}",
            auth.name
        );
        assert_eq!(
            names.len(),
            names.iter().collect::<BTreeSet<_>>().len(),
            "{}",
            auth.name
        );
    }
}

#[test]
fn the_jwt_option_knows_the_providers_that_people_ask_for() {
    let catalog = embedded();
    let jwt = catalog.auth(&Auth::Jwt.into()).unwrap();
    let wanted = [
        "oidc", "auth0", "okta", "entra", "keycloak", "cognito", "clerk", "workos", "supabase",
        "descope", "zitadel",
    ];
    for preset in wanted {
        assert!(jwt.preset_name(preset).is_some(), "{preset}");
    }
}

#[test]
fn presets_give_values_only_to_variables_that_their_option_has() {
    for auth in embedded().auths {
        let known: BTreeSet<&str> = auth
            .env
            .iter()
            .map(|variable| variable.name.as_str())
            .collect();
        let presets: BTreeSet<&String> = auth.presets.iter().map(|preset| &preset.name).collect();
        for preset in &auth.presets {
            for name in preset.env.keys() {
                assert!(
                    known.contains(name.as_str()),
                    "{} {}: {name}",
                    auth.name,
                    preset.name
                );
            }
        }
        for variable in &auth.env {
            let named = variable.presets.iter().flatten();
            assert!(
                named.clone().all(|preset| presets.contains(preset)),
                "{}",
                variable.name
            );
        }
    }
}

#[test]
fn secrets_have_no_value() {
    let catalog = embedded();
    for variable in variables(&catalog).filter(|variable| variable.secret) {
        assert_eq!(variable.value, "", "{}", variable.name);
        let given = catalog
            .auths
            .iter()
            .flat_map(|auth| &auth.presets)
            .any(|preset| preset.env.contains_key(&variable.name));
        assert!(!given, "a preset gives {} a value", variable.name);
    }
}

#[test]
fn every_suggested_scope_is_one() {
    let catalog = embedded();
    for preset in catalog.auths.iter().flat_map(|auth| &auth.presets) {
        let suggested = catalog.default_scopes(preset);
        assert_eq!(
            parse_scopes(&suggested.join(" ")).unwrap().len(),
            suggested.len(),
            "{}",
            preset.name
        );
    }
}

#[test]
fn every_text_fits_where_it_is_shown() {
    let catalog = embedded();
    for auth in &catalog.auths {
        for preset in &auth.presets {
            assert!(
                preset.title.len() <= 40,
                "{}: a prompt has one line for it",
                preset.title
            );
        }
        assert!(auth.title.len() <= 50, "{}", auth.title);
    }
    for variable in variables(&catalog) {
        assert!(
            !variable.doc.is_empty() && variable.doc.iter().all(|line| line.len() <= 120),
            "{}",
            variable.name
        );
    }
}

#[test]
fn an_unknown_key_is_an_error() {
    assert!(
        Catalog::parse("[project]\nlayers = []\nport = 1\nscopes = []\ncolour = 'red'\n").is_err()
    );
}
