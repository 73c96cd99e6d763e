//! The site that is found, and what belongs to it.

use super::*;

const OURS: &str = "mod env;\nmod guard;\npub use env::Env;\npub use guard::Auth;\n";
const PROTECTED: &str = "\
mod auth;
fn main() {
    let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(new, manager, config());
    let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");
    let router = axum::Router::new()
        .merge(auth.routes())
        .nest_service(\"/mcp\", auth.protect(service));
}
";

#[test]
fn the_simple_server_is_a_site() {
    let site = Project::of(&[("src/main.rs", MAIN)]).site();
    assert_eq!(
        (site.module.as_str(), site.module_folder.as_str()),
        ("auth", "src/")
    );
    assert_eq!((site.mounts.len(), site.mounts[0].line), (1, 4));
    assert_eq!((site.rmcp.as_str(), site.is_done), ("3.1.4", false));
    assert!(site.notes.is_empty());
}

#[test]
fn a_name_that_is_taken_is_left_alone() {
    let taken: [&[(&str, &str)]; 7] = [
        &[("src/main.rs", MAIN), ("src/auth.rs", "")],
        &[("src/main.rs", MAIN), ("src/auth/mod.rs", "")],
        &[("src/main.rs", &format!("mod auth {{}}\n{MAIN}"))],
        &[(
            "src/main.rs",
            &format!("use crate::x::{{y, auth}};\n{MAIN}"),
        )],
        &[(
            "src/main.rs",
            &format!("use crate::auth::{{self, b}};\n{MAIN}"),
        )],
        &[("src/main.rs", &format!("use crate::x as auth;\n{MAIN}"))],
        &[("src/main.rs", &format!("fn auth() {{}}\n{MAIN}"))],
    ];
    for files in taken {
        assert_eq!(Project::of(files).site().module, "mcp_auth", "{files:?}");
    }
    let free = format!("use crate::auth::Login;\n{MAIN}");
    assert_eq!(Project::of(&[("src/main.rs", &free)]).site().module, "auth");
    let dependencies = ["rmcp", "axum", "auth"]
        .map(|name| dependency(name, if name == "axum" { "0.8.1" } else { "1.0.0" }));
    let project = Project::of(&[("src/main.rs", MAIN)]).with(&dependencies);
    assert_eq!(project.site().module, "mcp_auth");
}

#[test]
fn with_both_names_taken_there_is_no_site() {
    let files = [
        ("src/main.rs", MAIN),
        ("src/auth.rs", ""),
        ("src/mcp_auth/mod.rs", ""),
    ];
    let problems = Project::of(&files).refusal(&Wish::default());
    assert!(
        problems[0].starts_with("the name `auth` is taken by src/auth"),
        "{problems:?}"
    );
    assert!(problems[1].contains("rename one of them"), "{problems:?}");
}

#[test]
fn wiring_of_our_own_is_recognised() {
    let site = Project::of(&[("src/main.rs", PROTECTED), ("src/auth.rs", OURS)]).site();
    assert!(site.is_done && site.mounts.is_empty());
    assert_eq!(site.module, "auth");
}

#[test]
fn wiring_that_is_half_there_is_completed() {
    let half = format!("{PROTECTED}{}", MAIN.replace("main", "other"));
    let site = Project::of(&[("src/main.rs", &half), ("src/auth.rs", OURS)]).site();
    assert!(!site.is_done);
    assert_eq!((site.mounts.len(), site.module.as_str()), (1, "auth"));
}

#[test]
fn a_module_that_is_no_longer_declared_is_to_be_declared() {
    let undeclared = PROTECTED.replace("mod auth;\n", "");
    Project::of(&[("src/main.rs", &undeclared), ("src/auth.rs", OURS)]).refuses(
        "src/main.rs does not declare the module `auth`",
        "add `mod auth;` to src/main.rs",
    );
}

#[test]
fn somebody_elses_protect_is_not_ours() {
    let files = [
        ("src/main.rs", PROTECTED),
        ("src/auth.rs", "pub struct Auth;"),
    ];
    Project::of(&files).refuses(
        "src/main.rs:7 has authentication already: .nest_service(",
        "--force",
    );
}

#[test]
fn a_program_without_a_folder_of_its_own_is_moved_by_hand() {
    let main = format!("mod tools;\n{MAIN}");
    let project = Project::of(&[("src/bin/x.rs", &main), ("src/bin/tools.rs", "")]);
    project.refuses(
        "src/bin/x.rs has no folder of its own",
        "git mv src/bin/x.rs src/bin/x/main.rs\n",
    );
    project.refuses("", "move src/bin/tools.rs along into src/bin/x/");
}

#[test]
fn axum_must_be_0_8_and_the_packages_own() {
    let server = || Project::of(&[("src/main.rs", MAIN)]);
    let rmcp = dependency("rmcp", "1.2.0");
    server().with(std::slice::from_ref(&rmcp)).refuses(
        "Cargo.toml has no axum among its dependencies",
        "cargo add --package server axum@0.8",
    );
    server()
        .with(&[rmcp.clone(), dependency("axum", "0.7.9")])
        .refuses(
            "Cargo.toml has axum 0.7.9, and 0.8 is needed",
            "cargo add --package server axum@0.8",
        );
    for (requirement, is_fine) in [
        ("^0.8", true),
        ("=0.8.0", true),
        (">=0.7, <0.9", true),
        ("^0.7", false),
        ("^0.9", false),
    ] {
        let axum = Dependency {
            requirement: requirement.into(),
            locked: None,
            ..dependency("axum", "0.8.0")
        };
        let found = server().with(&[rmcp.clone(), axum]).find(&Wish::default());
        assert_eq!(found.is_ok(), is_fine, "{requirement}");
    }
}

#[test]
fn an_old_edition_is_to_be_left_first() {
    for (edition, is_fine) in [("2018", false), ("2021", true), ("2024", true)] {
        let mut project = Project::of(&[("src/main.rs", MAIN)]);
        project.packages[0].edition = edition.into();
        assert_eq!(project.find(&Wish::default()).is_ok(), is_fine, "{edition}");
    }
}

#[test]
fn an_rmcp_of_ones_own_needs_force() {
    let rmcp = Dependency {
        is_published: false,
        ..dependency("rmcp", "1.2.0")
    };
    let project = Project::of(&[("src/main.rs", MAIN)]).with(&[rmcp, dependency("axum", "0.8.0")]);
    project.refuses("Cargo.toml has an rmcp of its own", "--force");
    assert!(
        project
            .find(&Wish {
                force: true,
                ..Wish::default()
            })
            .is_ok()
    );
}

#[test]
fn hosts_are_a_step_that_remains_from_rmcp_1_4() {
    let steps = |rmcp: &str, main: &str| {
        let dependencies = [dependency("rmcp", rmcp), dependency("axum", "0.8.4")];
        Project::of(&[("src/main.rs", main)])
            .with(&dependencies)
            .site()
            .remaining
    };
    let remaining = steps("1.4.0", MAIN);
    assert_eq!(
        (remaining[0].file.as_str(), remaining[0].line),
        ("src/main.rs", 7)
    );
    assert!(remaining[0].steps[1].contains(".with_allowed_hosts(auth.allowed_hosts())"));
    assert!(steps("1.3.0", MAIN).is_empty());
    assert!(steps("0.16.0", MAIN).is_empty());
    assert!(
        steps(
            "3.1.0",
            &MAIN.replace("default()", "default().disable_allowed_hosts()")
        )
        .is_empty()
    );
}

#[test]
fn programs_that_share_a_library_are_named() {
    let uses = "fn main() { server::run() }";
    let files = [
        ("src/lib.rs", MAIN),
        ("src/main.rs", uses),
        ("src/bin/other.rs", uses),
        ("src/bin/third.rs", "fn main() {}"),
    ];
    let site = Project::of(&files).site();
    assert_eq!(site.sources.root.file.as_str(), "src/lib.rs");
    assert_eq!(
        site.notes,
        [
            "the mount is in the library src/lib.rs: every program that serves it gets authentication: server, other"
        ]
    );
}
