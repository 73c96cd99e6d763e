mod record;

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use toml_edit::DocumentMut;

use super::*;
use crate::{
    answers::Auth,
    catalog::Class,
    generate::tests::{all_answers, embedded},
};

pub fn at_home() -> Placement {
    Placement {
        package: String::new(),
        folder: "src/".into(),
        module: "auth".into(),
        mcp_path: "/mcp".into(),
        env_file: ".env.example".into(),
        renames: BTreeMap::new(),
        http: None,
        features: Vec::new(),
        gate: None,
        dependencies: String::new(),
        workspace: BTreeMap::new(),
    }
}

pub fn in_a_workspace() -> Placement {
    let renames = ["base64", "http_body_util", "redis", "reqwest", "tower"];
    Placement {
        package: "crates/x/".into(),
        folder: "crates/x/src/".into(),
        module: "mcp_auth".into(),
        mcp_path: "/api/mcp".into(),
        env_file: ".env.sample".into(),
        renames: renames
            .map(|name| (name.into(), format!("auth_{name}")))
            .into(),
        http: None,
        features: Vec::new(),
        gate: None,
        dependencies: String::new(),
        workspace: BTreeMap::new(),
    }
}

fn files(placement: &Placement) -> Vec<(Answers, Added)> {
    let (templates, catalog) = embedded();
    let all = all_answers(&catalog).into_iter();
    all.map(|answers| {
        let added = added(&answers, &catalog, &templates, placement).unwrap();
        (answers, added)
    })
    .collect()
}

#[test]
fn the_module_goes_to_the_crate_and_the_rest_to_the_package() {
    for (answers, added) in files(&in_a_workspace()) {
        for path in added.files.keys().map(RelativePath::as_str) {
            let fits = path == "crates/x/src/mcp_auth.rs"
                || path == "crates/x/AUTHENTICATION.md"
                || path.starts_with("crates/x/src/mcp_auth/")
                || path.starts_with("crates/x/examples/");
            assert!(fits, "{path} of {}", answers.auth.as_str());
        }
        let has = |path: &str| {
            added
                .files
                .contains_key(&path.parse::<RelativePath>().unwrap())
        };
        assert!(has("crates/x/src/mcp_auth.rs") && has("crates/x/src/mcp_auth/scope_table.rs"));
    }
}

#[test]
fn no_old_name_is_left_and_all_of_it_parses() {
    let placement = in_a_workspace();
    let mut seen = BTreeSet::new();
    for (_, added) in files(&placement) {
        for (path, output) in &added.files {
            if !seen.insert(output.text.clone()) {
                continue;
            }
            for word in ["src/auth/", "src/auth.rs", "`src/auth`", "crate::auth::"] {
                assert!(!output.text.contains(word), "{path} says {word}");
            }
            if path.as_str().ends_with(".rs") {
                syn::parse_file(&output.text).unwrap();
                let tokens: TokenStream = output.text.parse().unwrap();
                for name in placement.renames.keys() {
                    assert!(!names(&tokens, name), "{path} names {name}");
                }
            }
        }
    }
}

/// Whether `name::` begins a path anywhere, in macros too.
fn names(tokens: &TokenStream, name: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_colon = |at: Option<usize>| matches!(at.and_then(|at| tokens.get(at)), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(ident) => {
            let begins = !is_colon(at.checked_sub(1)) || !is_colon(at.checked_sub(2));
            ident == name && begins && is_colon(Some(at + 1)) && is_colon(Some(at + 2))
        }
        TokenTree::Group(group) => names(&group.stream(), name),
        _ => false,
    })
}

#[test]
fn in_the_usual_place_the_rust_files_are_those_of_a_new_project_and_stay_borrowed() {
    for (_, added) in files(&at_home()) {
        for (path, output) in &added.files {
            let is_rust = path.as_str().ends_with(".rs");
            assert!(
                !is_rust || matches!(output.text, Cow::Borrowed(_)),
                "{path}"
            );
        }
    }
}

#[test]
fn the_document_and_the_settings_say_where_the_service_is() {
    for mcp_path in ["/api/v1", ""] {
        let placement = Placement {
            mcp_path: mcp_path.into(),
            ..at_home()
        };
        let address = format!("http://localhost:8123{mcp_path}");
        for (_, added) in files(&placement) {
            let document = &added.files[&"AUTHENTICATION.md".parse::<RelativePath>().unwrap()].text;
            assert!(document.contains(&address), "{document}");
            for text in [document.as_ref(), &added.env_example] {
                for left in ["{%", "{{", "{mcp_path", "{source}"] {
                    assert!(!text.contains(left), "{left} is in {text}");
                }
                assert!(!text.contains("localhost:8123/mcp"), "{text}");
            }
        }
    }
}

#[test]
fn the_settings_are_those_that_the_module_reads() {
    for (answers, added) in files(&at_home()) {
        let rust: String = added
            .files
            .values()
            .map(|output| output.text.as_ref())
            .collect();
        let mut names = 0;
        for line in added.env_example.lines() {
            let (name, _) = line
                .trim_start_matches("# ")
                .split_once('=')
                .unwrap_or_default();
            if !name.is_empty()
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            {
                names += 1;
                assert!(
                    rust.contains(&format!("\"{name}\"")),
                    "nothing reads {name}"
                );
            }
        }
        assert!(
            names > 3,
            "{}: {}",
            answers.auth.as_str(),
            added.env_example
        );
        assert!(added.env_example.starts_with("# ") && added.env_example.ends_with('\n'));
        assert!(added.gitignore.contains("/.env\n") && added.gitignore.ends_with('\n'));
        let has_logins = !matches!(answers.auth.builtin(), Some(Auth::Jwt | Auth::Custom));
        assert_eq!(
            added.gitignore.contains("/data\n"),
            has_logins,
            "{}",
            added.gitignore
        );
        assert_eq!(
            added.gitignore.contains("/keys\n"),
            answers.auth == Auth::Jwt.into()
        );
        assert!(
            !added.env_example.contains("\n\n\n"),
            "{}",
            added.env_example
        );
    }
}

#[test]
fn the_dependencies_name_the_examples_and_leave_the_server_out() {
    let (templates, catalog) = embedded();
    for answers in all_answers(&catalog) {
        let texts = dependencies(&answers, &catalog, &templates, None).unwrap();
        let all: String = texts.iter().map(|(_, text)| text.as_ref()).collect();
        assert!(all.contains("\naxum = ") && !all.contains("\nrmcp = "));
        let example = match answers.auth.builtin() {
            Some(Auth::Jwt) => Some("mint-token"),
            Some(Auth::Custom) => None,
            _ => Some("dev-provider"),
        };
        let named = example.map(|name| format!("[[example]]\nname = \"{name}\"\n\n"));
        assert_eq!(texts.last().unwrap().1, named.unwrap_or_default());
    }
}

#[test]
fn a_crate_root_outside_of_the_package_is_an_error() {
    let placement = Placement {
        folder: "shared/".into(),
        ..in_a_workspace()
    };
    assert!(placement.source().is_err());
}
