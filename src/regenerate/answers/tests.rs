use super::*;
use crate::{answers::Auth, templates::TemplateSet};

fn catalog() -> Catalog {
    TemplateSet::embedded().unwrap().catalog().unwrap()
}

fn recorded(catalog: &Catalog) -> Answers {
    let auth = AuthName::from(Auth::Jwt);
    let entry = catalog.auth(&auth).unwrap();
    let preset = entry.preset_name(&entry.default_preset).unwrap();
    let name = "weather".parse().unwrap();
    Answers {
        description: default_description(&name).unwrap(),
        name,
        scopes: default_scopes(catalog, &auth, &preset).unwrap(),
        auth,
        preset,
        port: "8000".parse().unwrap(),
        extras: BTreeSet::from([Extra::Ci, Extra::Docker]),
    }
}

fn both(catalog: &Catalog) -> Catalogs<'_> {
    Catalogs {
        before: catalog,
        now: catalog,
    }
}

fn with(sets: &[&str]) -> Result<Answers> {
    let catalog = catalog();
    let typed = cli::Regenerate {
        set: sets.iter().map(|&set| set.to_owned()).collect(),
        ..cli::Regenerate::default()
    };
    answers(&typed, &recorded(&catalog), &both(&catalog))
}

fn problems(sets: &[&str]) -> Vec<String> {
    let error = with(sets).unwrap_err();
    let refusal = error.downcast::<Refusal>().unwrap();
    assert_eq!(refusal.exit, Exit::Usage);
    refusal.problems.into_iter().map(|it| it.what).collect()
}

fn scopes(answers: &Answers) -> Vec<&str> {
    answers.scopes.iter().map(Scope::as_str).collect()
}

#[test]
fn without_flags_the_answers_are_the_recorded_ones() {
    assert_eq!(with(&[]).unwrap(), recorded(&catalog()));
    assert_eq!(with(&["auth=jwt"]).unwrap(), recorded(&catalog()));
}

#[test]
fn what_was_a_default_follows() {
    let google = with(&["auth=google"]).unwrap();
    assert_eq!(
        (google.auth.as_str(), google.preset.as_str()),
        ("google", "google")
    );
    assert_eq!(scopes(&google), ["mcp:tools"]);
    let entra = with(&["preset=entra"]).unwrap();
    let catalog = catalog();
    let preset = catalog.auth(&entra.auth).unwrap().preset(&entra.preset);
    assert_eq!(scopes(&entra), catalog.default_scopes(preset.unwrap()));
    let named = with(&["name=rain-radar"]).unwrap();
    assert!(named.description.as_str().starts_with("Rain Radar:"));
}

#[test]
fn what_was_chosen_stays() {
    let mut chosen = recorded(&catalog());
    chosen.scopes = parse_scopes("rain").unwrap();
    chosen.description = "Rain".parse().unwrap();
    let typed = cli::Regenerate {
        auth: Some("github".to_owned()),
        set: vec!["name=rain".to_owned()],
        ..cli::Regenerate::default()
    };
    let now = answers(&typed, &chosen, &both(&catalog())).unwrap();
    assert_eq!(
        (scopes(&now), now.description.as_str()),
        (vec!["rain"], "Rain")
    );
    assert_eq!(now.preset.as_str(), "github");
}

#[test]
fn extras_are_all_that_the_project_is_to_have() {
    let extras = |set: &str| with(&[set]).unwrap().extras;
    assert_eq!(extras("extras=docker"), BTreeSet::from([Extra::Docker]));
    assert_eq!(extras("extras="), BTreeSet::new());
    assert_eq!(
        problems(&["extras=ci,git"]),
        ["--set extras=ci,git cannot be used: `git` is none of ci, docker"]
    );
}

#[test]
fn everything_that_is_wrong_is_told_together() {
    let wrong = problems(&[
        "port=0",
        "name=1x",
        "colour=red",
        "auth=magic",
        "auth=jwt",
        "auth",
        "preset=magic",
    ]);
    assert_eq!(wrong.len(), 7, "{wrong:#?}");
    assert_eq!(
        wrong[2],
        "--set colour=red: there is no answer of this name"
    );
    assert_eq!(wrong[4], "--set auth=jwt is a second answer for auth");
    assert_eq!(wrong[6], "the option jwt has no preset magic");
}

#[test]
fn other_templates_need_not_have_what_is_replaced() {
    let now = catalog();
    let text = TemplateSet::embedded().unwrap();
    let text = &text.files()["catalog.toml"];
    let before = text
        .replace("name = \"jwt\"", "name = \"badge\"")
        .replace("scopes = [\"mcp:tools\"]", "scopes = [\"badge\"]");
    let before = Catalog::parse(&before).unwrap();
    let auth = before.auth_name("badge").unwrap();
    let mut badge = recorded(&now);
    badge.scopes = default_scopes(&before, &auth, &badge.preset).unwrap();
    badge.auth = auth;
    let catalogs = Catalogs {
        before: &before,
        now: &now,
    };
    let typed = |auth: Option<&str>| cli::Regenerate {
        auth: auth.map(str::to_owned),
        ..cli::Regenerate::default()
    };
    let github = answers(&typed(Some("github")), &badge, &catalogs).unwrap();
    assert_eq!(scopes(&github), ["mcp:tools"], "the default follows");
    let error = answers(&typed(None), &badge, &catalogs).unwrap_err();
    assert_eq!(error.to_string(), "the templates have no option badge");
}
