use std::{collections::BTreeMap, path::Path};

use super::*;
use crate::{catalog::Catalog, templates::TemplateSet};

#[test]
fn what_is_set_wins_over_what_is_emptied_and_nothing_of_other_options_is_said() {
    let catalog = TemplateSet::embedded().unwrap().catalog().unwrap();
    let scopes = ["mcp:tools", "mcp:admin"].map(|scope| scope.parse().unwrap());
    let verify = Verify {
        root: Path::new("/"),
        package: "weather",
        features: &[],
        run: "",
        url: None,
        port: 8000,
        mcp_path: Some("/mcp"),
        auth: &Auth::Jwt.into(),
        preset: "oidc",
        scopes: &scopes,
        catalog: &catalog,
    };
    let target = Target::new(None, 8000, Some("/mcp")).unwrap();
    let interrupt = Interrupt::watch().unwrap();
    let credentials = Credentials::prepare(&verify, &target, &interrupt, &mut |_| ()).unwrap();
    let set: BTreeMap<_, _> = credentials.variables.into_iter().collect();
    let value = |name: &str| set.get(name).map(String::as_str);
    assert_eq!(value("BASE_URL"), Some("http://localhost:8000"));
    assert_eq!(value("BIND_ADDR"), Some("127.0.0.1:8000"));
    assert_eq!(value("AUTH_REQUIRED_SCOPES"), Some("mcp:tools mcp:admin"));
    assert_eq!(value("JWT_SECRET").map(str::len), Some(44));
    assert_eq!(value("JWT_SECRET_FILE"), Some(""));
    assert_eq!(value("JWT_PUBLIC_KEY"), Some(""));
    assert_eq!(value("AUTH_AUDIENCE"), Some(""));
    assert_eq!(value("AUTH_SIGNING_KEY"), None);
    assert_eq!(value("RUST_LOG"), None);
}

#[test]
fn an_option_of_a_persons_own_gets_no_token_and_keeps_its_own_settings() {
    let catalog = "[project]\nlayers = []\nport = 8000\nscopes = []\n[[auth]]\nname = \"badge\"\ntitle = \"\"\nsummary = \"\"\nlayers = []\ndefault_preset = \"x\"\n[[auth.env]]\nname = \"BADGES\"\ndoc = []\n[[auth.preset]]\nname = \"x\"\ntitle = \"\"\nsummary = \"\"\n";
    let catalog = Catalog::parse(catalog).unwrap();
    let verify = Verify {
        root: Path::new("/"),
        package: "weather",
        features: &[],
        run: "",
        url: None,
        port: 8000,
        mcp_path: Some("/mcp"),
        auth: &catalog.auth_name("badge").unwrap(),
        preset: "x",
        scopes: &[],
        catalog: &catalog,
    };
    let target = Target::new(None, 8000, Some("/mcp")).unwrap();
    let interrupt = Interrupt::watch().unwrap();
    let credentials = Credentials::prepare(&verify, &target, &interrupt, &mut |_| ()).unwrap();
    let names: Vec<_> = credentials
        .variables
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["BASE_URL", "BIND_ADDR", "AUTH_REQUIRED_SCOPES"]);
    assert_eq!(credentials.issuers, None);
    let client = Client::new();
    for token in [
        credentials.good_token(&verify, &client, &target),
        credentials.other_token(&verify),
    ] {
        assert_eq!(token.unwrap_err(), NO_TOKENS);
    }
}
