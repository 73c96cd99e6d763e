//! Which package, which program, which mount.

use super::*;

fn two_packages() -> Project {
    Project::default()
        .package("crates/a/", "a", &[("src/main.rs", MAIN)])
        .package("crates/b/", "b", &[("src/main.rs", MAIN)])
        .package("crates/c/", "c", &[("src/main.rs", "fn main() {}")])
}

fn wish_package(name: &str) -> Wish {
    Wish {
        package: Some(name.into()),
        ..Wish::default()
    }
}

fn wish_at(at: &str, folder: &str) -> Wish {
    Wish {
        at: vec![at.into()],
        folder: folder.into(),
        ..Wish::default()
    }
}

#[test]
fn several_packages_are_listed_with_their_mounts() {
    two_packages().refuses(
        "several packages serve MCP",
        "`--package NAME`:\n  crates/a/src/main.rs:4  nest_service in `a`\n  crates/b/src/main.rs:4  nest_service in `b`",
    );
}

#[test]
fn a_package_is_chosen_by_name_by_folder_or_by_place() {
    let project = two_packages();
    let of = |wish: &Wish| project.find(wish).unwrap().package.name;
    assert_eq!(of(&wish_package("b")), "b");
    for folder in ["crates/b/", "crates/b/src/"] {
        assert_eq!(
            of(&Wish {
                folder: folder.into(),
                ..Wish::default()
            }),
            "b"
        );
    }
    for at in [
        "crates/b/src/main.rs:4",
        "./crates/b/src/main.rs:4",
        "b/src/main.rs:4",
        "/home/x/crates/b/src/main.rs:4",
    ] {
        assert_eq!(of(&wish_at(at, "")), "b", "{at}");
    }
    assert_eq!(of(&wish_at("b/src/main.rs:4", "crates/")), "b");
}

#[test]
fn a_package_that_is_not_there_is_refused_with_those_that_are() {
    let problems = two_packages().refusal(&wish_package("d"));
    assert_eq!(problems, ["no package is called `d` => one of: a, b, c"]);
}

#[test]
fn a_place_without_a_mount_is_refused_with_those_that_have_one() {
    let problems = two_packages().refusal(&wish_at("crates/a/src/main.rs:5", ""));
    assert!(
        problems[0].starts_with(
            "no mount is at crates/a/src/main.rs:5 => one of these:\n  crates/a/src/main.rs:4"
        ),
        "{problems:?}"
    );
}

#[test]
fn members_for_tests_are_no_candidates_unless_they_are_named() {
    let project = Project::default()
        .package("server/", "server", &[("src/main.rs", MAIN)])
        .package(
            "tests/conformance/",
            "conformance",
            &[("src/main.rs", MAIN)],
        )
        .package("helper/", "helper", &[("src/lib.rs", MAIN)]);
    let mut project = project;
    let helper = Dependency {
        kind: DependencyKind::Dev,
        is_published: false,
        ..dependency("helper", "0.1.0")
    };
    project.packages[0].dependencies.push(helper);
    assert_eq!(project.site().package.name, "server");
    assert_eq!(
        project
            .find(&wish_package("conformance"))
            .unwrap()
            .package
            .name,
        "conformance"
    );
}

#[test]
fn several_programs_of_one_package_are_told_apart_by_place() {
    let project = Project::of(&[("src/main.rs", MAIN), ("src/lib.rs", MAIN)]);
    project.refuses(
        "several programs of `server` serve MCP",
        "choose with `--at FILE:LINE`",
    );
    let site = project.find(&wish_at("src/main.rs:4", "")).unwrap();
    assert_eq!(site.sources.root.file.as_str(), "src/main.rs");
}

#[test]
fn a_file_of_two_crates_has_to_become_one_crates_first() {
    let files = [
        ("src/lib.rs", "pub mod http;"),
        ("src/main.rs", "mod http;\nfn main() {}"),
        ("src/http.rs", MAIN),
    ];
    Project::of(&files).refuses(
        "src/http.rs:4 is compiled twice: src/lib.rs and src/main.rs both have `mod http;`",
        "delete `mod http;` from src/main.rs and say `use server::http;` there",
    );
}

#[test]
fn mounts_that_are_not_named_stay_open_and_are_told() {
    let two = MAIN.replace(
        "service);",
        "service)\n        .nest_service(\"/v2\", service.clone());",
    );
    let site = Project::of(&[("src/main.rs", &two)])
        .find(&wish_at("src/main.rs:5", ""))
        .unwrap();
    assert_eq!((site.mounts.len(), site.mounts[0].line), (1, 5));
    assert_eq!(
        site.notes,
        ["src/main.rs:4 stays open, as `--at` does not name it"]
    );
}

#[test]
fn a_mount_in_tests_is_none() {
    let tests = format!("fn main() {{}}\n#[cfg(test)]\nmod tests {{\n{MAIN}}}\n");
    let project = Project::default()
        .package("a/", "a", &[("src/main.rs", MAIN)])
        .package("b/", "b", &[("src/main.rs", &tests)]);
    assert_eq!(project.site().package.name, "a");
}

#[test]
fn a_file_that_is_no_rust_stops_everything() {
    let broken = "fn main() {\n    let StreamableHttpService = ;\n}";
    Project::of(&[("src/main.rs", broken)])
        .refuses("src/main.rs:2 cannot be parsed: expected", "cargo check");
}
