use std::collections::BTreeMap;

use super::{AXUM, add_twice, locked, member, merged, package, problems, problems_of};

const REQWEST: &str = "[dependencies]\nreqwest = { version = \"0.13\", default-features = false, features = [\"rustls\"] }\n\n[dev-dependencies]\nreqwest = { version = \"0.13\", default-features = false, features = [\"form\"] }\n";

fn renamed(to: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("reqwest".into(), to.into())])
}

#[test]
fn an_older_axum_stops_with_the_exact_requirement() {
    let [(what, hint)] = &problems("[dependencies]\naxum = \"0.7\"\n", AXUM)[..] else {
        panic!()
    };
    assert_eq!(
        what,
        "axum 0.7 is required in crates/x/Cargo.toml; `src/auth` needs axum = \"0.8\""
    );
    assert_eq!(
        hint,
        "raise axum to 0.8 in crates/x/Cargo.toml, make the project compile, then run this command again"
    );
}

#[test]
fn a_locked_version_that_is_too_old_stops_with_the_update_to_make() {
    let package = locked(package("Cargo.toml"), "tokio", "1.20.1");
    let tokio = "[dependencies]\ntokio = { version = \"1.40\" }\n";
    let [(what, hint)] = &problems_of("[dependencies]\ntokio = \"1\"\n", &package, tokio, None)[..]
    else {
        panic!()
    };
    assert_eq!(
        what,
        "tokio 1 (locked at 1.20.1) is required in Cargo.toml; `src/auth` needs tokio = \"1.40\""
    );
    assert_eq!(hint, "run `cargo update -p tokio`, then this command again");
}

#[test]
fn a_pinned_older_version_stops_and_all_problems_come_at_once() {
    let theirs = "[dependencies]\naxum = \"0.7\"\ntokio = \"=1.20\"\nbase64 = \"=0.22.0\"\n";
    let ours = "[dependencies]\naxum = \"0.8\"\nbase64 = \"0.22.1\"\ntokio = \"1.40\"\n";
    assert_eq!(problems(theirs, ours).len(), 3);
}

#[test]
fn another_version_of_other_crates_is_added_beside_under_another_name() {
    let theirs =
        "[dependencies]\naxum = \"0.8\"\nreqwest = { version = \"0.12\", features = [\"json\"] }\n";
    let merged = merged(theirs, REQWEST);
    assert_eq!(
        merged.member,
        "[dependencies]\nauth-reqwest = { package = \"reqwest\", version = \"0.13\", default-features = false, features = [\"rustls\"] }\naxum = \"0.8\"\nreqwest = { version = \"0.12\", features = [\"json\"] }\n\n[dev-dependencies]\nauth-reqwest = { package = \"reqwest\", version = \"0.13\", default-features = false, features = [\"form\"] }\n"
    );
    assert_eq!(merged.renames, renamed("auth_reqwest"));
    assert_eq!(
        merged.notes,
        [
            "reqwest 0.12 stays as it is; `src/auth` uses 0.13 beside it, under the name auth-reqwest (`cargo fmt` sorts its imports)"
        ]
    );
}

#[test]
fn a_dependency_under_another_name_is_found() {
    let theirs = "[dependencies]\nhttp-client = { package = \"reqwest\", version = \"0.13.1\" }\n";
    let merged = merged(theirs, REQWEST);
    assert!(merged.member.starts_with("[dependencies]\nhttp-client = { package = \"reqwest\", version = \"0.13.1\", features = [\"rustls\"] }\n"), "{}", merged.member);
    assert_eq!(merged.renames, renamed("http_client"));
}

#[test]
fn a_fitting_version_wins_over_an_older_one_beside_it() {
    let theirs = "[dependencies]\nreqwest = \"0.12\"\nreqwest13 = { package = \"reqwest\", version = \"0.13\", features = [\"form\", \"rustls\"] }\n";
    let merged = merged(theirs, REQWEST);
    assert_eq!(merged.member, theirs);
    assert_eq!(merged.renames, renamed("reqwest13"));
}

#[test]
fn a_name_that_means_another_crate_is_not_taken() {
    let theirs =
        "[dependencies]\nreqwest = { package = \"reqwest-middleware\", version = \"0.4\" }\n";
    let merged = merged(theirs, REQWEST);
    assert!(
        merged
            .member
            .contains("auth-reqwest = { package = \"reqwest\","),
        "{}",
        merged.member
    );
    assert_eq!(merged.renames, renamed("auth_reqwest"));
}

#[test]
fn an_old_version_among_the_dev_dependencies_is_not_met_either() {
    let theirs = "[dev-dependencies]\nreqwest = \"0.12\"\n";
    let merged = merged(theirs, REQWEST);
    assert_eq!(merged.renames, renamed("auth_reqwest"));
    assert!(merged.member.contains("reqwest = \"0.12\"\n"));
}

#[test]
fn crates_whose_macros_say_their_name_must_have_it() {
    let theirs = "[dependencies]\nserde1 = { package = \"serde\", version = \"1\" }\n";
    let [(what, hint)] = &problems(theirs, "[dependencies]\nserde = \"1\"\n")[..] else {
        panic!()
    };
    assert_eq!(
        what,
        "serde is called `serde1` in crates/x/Cargo.toml, but its macros write `serde` into the code of `src/auth`"
    );
    assert_eq!(hint, "call it serde there");
}

#[test]
fn a_dependency_of_one_target_is_added_for_all() {
    let theirs = "[dependencies]\n\n[target.'cfg(unix)'.dependencies]\naxum = { version = \"0.8\", features = [\"ws\"] }\n";
    let edited = member(theirs, AXUM);
    assert_eq!(edited, theirs.replace("[dependencies]\n\n", "[dependencies]\naxum = { version = \"0.8\", default-features = false, features = [\"multipart\"] }\n\n"));
    let renamed = "[package]\n\n[target.'cfg(unix)'.dependencies]\nweb = { package = \"axum\", version = \"0.8\" }\n";
    let ours = "[package]\n\n[dependencies]\nweb = { package = \"axum\", version = \"0.8\", default-features = false,";
    assert!(member(renamed, AXUM).starts_with(ours));
}

#[test]
fn tests_do_not_ask_a_registry_for_a_crate_that_comes_from_git() {
    let theirs = "[dependencies]\nreqwest = { git = \"https://example.com/reqwest\" }\n";
    let edited = member(theirs, REQWEST);
    assert_eq!(
        edited,
        "[dependencies]\nreqwest = { git = \"https://example.com/reqwest\", features = [\"form\", \"rustls\"] }\n"
    );
}

#[test]
fn versions_are_never_raised() {
    let theirs = "[dependencies]\naxum = \">=0.7, <0.9\"\n";
    let edited = add_twice(
        theirs,
        None,
        &locked(package("Cargo.toml"), "axum", "0.8.1"),
        AXUM,
        None,
    )
    .unwrap();
    assert_eq!(
        edited.member,
        "[dependencies]\naxum = { version = \">=0.7, <0.9\", features = [\"multipart\"] }\n"
    );
}
