use super::{add_twice, package};
use crate::manifest::existing::Merged;

const ADDITION: &str = "[dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"multipart\"] }\nbase64 = \"0.22\"\nreqwest = { version = \"0.13\", default-features = false, features = [\"rustls\"] }\ntokio = { version = \"1\", features = [\"rt\"] }\n\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"net\"] }\n";

fn in_workspace(member: &str, root: &str) -> Merged {
    add_twice(
        member,
        Some(root),
        &package("crates/x/Cargo.toml"),
        ADDITION,
        None,
    )
    .unwrap()
}

#[test]
fn versions_live_at_the_root_and_features_in_the_member() {
    let root = "[workspace]\nmembers = [\"crates/x\"]\n\n[workspace.dependencies]\naxum = { version = \"0.8\", default-features = false }\ntokio = { version = \"1\", features = [\"rt\"] }\n";
    let member = "[dependencies]\naxum = { workspace = true }\ntokio.workspace = true\n";
    let merged = in_workspace(member, root);
    assert_eq!(
        merged.workspace.unwrap(),
        "[workspace]\nmembers = [\"crates/x\"]\n\n[workspace.dependencies]\naxum = { version = \"0.8\", default-features = false }\nbase64 = \"0.22\"\nreqwest = { version = \"0.13\", default-features = false }\ntokio = { version = \"1\", features = [\"rt\"] }\n"
    );
    assert_eq!(
        merged.member,
        "[dependencies]\naxum = { workspace = true, features = [\"multipart\"] }\nbase64.workspace = true\nreqwest = { workspace = true, features = [\"rustls\"] }\ntokio.workspace = true\n\n[dev-dependencies]\ntokio = { workspace = true, features = [\"net\"] }\n"
    );
    assert!(!merged.contribution.contains("workspace.dependencies"));
    assert_eq!(
        merged.shared,
        "[workspace.dependencies]\nbase64 = \"0.22\"\nreqwest = { version = \"0.13\", default-features = false }\n"
    );
}

#[test]
fn features_are_added_behind_a_dotted_key() {
    let root = "[workspace.dependencies]\naxum = \"0.8\"\nbase64 = \"0.22\"\nreqwest = \"0.13\"\ntokio = \"1\"\n";
    let member = "[dependencies]\naxum.workspace = true\nbase64.workspace = true\nreqwest.workspace = true\ntokio.workspace = true\n";
    let merged = in_workspace(member, root);
    assert_eq!(merged.workspace.as_deref(), Some(root));
    assert!(merged.member.starts_with("[dependencies]\naxum.workspace = true\naxum.features = [\"multipart\"]\nbase64.workspace = true\nreqwest.workspace = true\n"), "{}", merged.member);
}

#[test]
fn what_the_root_offers_is_taken_from_there() {
    let root = "[workspace.dependencies]\naxum = \"0.8\"\nhttp-client = { package = \"reqwest\", version = \"0.13\", features = [\"rustls\"] }\nbase64 = { version = \"0.22\", default-features = false }\ntokio = \"1\"\n";
    let merged = in_workspace("[dependencies]\naxum.workspace = true\n", root);
    assert_eq!(merged.workspace.as_deref(), Some(root));
    assert!(
        merged.member.contains("http-client.workspace = true\n"),
        "{}",
        merged.member
    );
    assert!(
        merged
            .member
            .contains("base64 = { workspace = true, features = [\"std\"] }\n"),
        "{}",
        merged.member
    );
    assert_eq!(merged.renames["reqwest"], "http_client");
}

#[test]
fn another_version_at_the_root_stays_and_ours_stands_beside_it() {
    let root = "[workspace.dependencies]\naxum = \"0.8\"\nreqwest = \"0.12\"\ntokio = \"1\"\n";
    let merged = in_workspace("[dependencies]\naxum.workspace = true\n", root);
    let root = merged.workspace.unwrap();
    assert!(root.contains("auth-reqwest = { package = \"reqwest\", version = \"0.13\", default-features = false }\n"), "{root}");
    assert!(
        merged
            .member
            .contains("auth-reqwest = { workspace = true, features = [\"rustls\"] }\n"),
        "{}",
        merged.member
    );
    assert_eq!(merged.renames["reqwest"], "auth_reqwest");
}

#[test]
fn an_inherited_version_that_is_too_old_names_the_root() {
    let root = "[workspace.dependencies]\naxum = \"0.7\"\n";
    let member = "[dependencies]\naxum.workspace = true\n";
    let error = add_twice(
        member,
        Some(root),
        &package("crates/x/Cargo.toml"),
        ADDITION,
        None,
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "axum 0.7 is required in Cargo.toml; `src/auth` needs axum = \"0.8\""
    );
}

#[test]
fn a_member_that_inherits_nothing_gets_plain_dependencies() {
    let root = "[workspace.dependencies]\naxum = \"0.8\"\n";
    let merged = in_workspace("[dependencies]\naxum = \"0.8\"\n", root);
    assert_eq!(merged.workspace.as_deref(), Some(root));
    assert!(merged.member.contains("base64 = \"0.22\"\n"));
}

#[test]
fn a_root_package_that_inherits_from_itself_has_both_in_one_file() {
    let root = "[workspace]\n\n[workspace.dependencies]\naxum = \"0.8\"\ntokio = { version = \"1\", features = [\"net\", \"rt\"] }\n\n[package]\nname = \"x\"\n\n[dependencies]\naxum.workspace = true\ntokio.workspace = true\n";
    let merged = add_twice(root, None, &package("Cargo.toml"), ADDITION, None).unwrap();
    assert!(
        merged
            .member
            .contains("[workspace.dependencies]\naxum = \"0.8\"\nbase64 = \"0.22\"\n"),
        "{}",
        merged.member
    );
    assert!(merged.member.contains("[dependencies]\naxum.workspace = true\naxum.features = [\"multipart\"]\nbase64.workspace = true\n"), "{}", merged.member);
}
