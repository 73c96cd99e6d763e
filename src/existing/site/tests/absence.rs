//! Why there is no site, and what to do instead.

use super::*;

const TOOLS: &str = "impl ServerHandler for Tools {}\n";

fn main_with(code: &str) -> Project {
    Project::of(&[("src/main.rs", code)])
}

#[test]
fn a_project_without_rmcp_is_shown_the_way_to_one() {
    main_with("fn main() {}")
        .with(&[])
        .refuses("Cargo.toml does not depend on rmcp", "mcp-auth new");
    let two = Project::default()
        .package("a/", "a", &[("src/main.rs", "")])
        .with(&[])
        .package("b/", "b", &[("src/main.rs", "")])
        .with(&[]);
    two.refuses("no package here depends on rmcp", "mcp-auth new");
}

#[test]
fn other_kits_are_named() {
    for kit in [
        "rust-mcp-sdk",
        "turbomcp",
        "pmcp",
        "tower-mcp",
        "mcp-attr",
        "mcp-server",
        "poem-mcpserver",
    ] {
        let project = main_with("fn main() {}").with(&[dependency(kit, "1.0.0")]);
        project.refuses(&format!("Cargo.toml has {kit}, not rmcp"), "mcp-auth new");
    }
}

#[test]
fn rmcp_for_tests_only_is_no_server() {
    let rmcp = Dependency {
        kind: DependencyKind::Dev,
        ..dependency("rmcp", "3.0.0")
    };
    main_with("fn main() {}")
        .with(&[rmcp])
        .refuses("Cargo.toml has rmcp for its tests only", "[dependencies]");
    main_with(
        "fn main() {}\n#[cfg(test)]\nmod tests { use rmcp::ServerHandler; fn x() { rmcp::a() } }",
    )
    .refuses(
        "no code of `server` uses rmcp outside of tests",
        "StreamableHttpService::new",
    );
}

#[test]
fn rmcp_in_a_member_for_tests_is_no_server() {
    let project = Project::default()
        .package("", "library", &[("src/lib.rs", "")])
        .with(&[dependency("axum", "0.8.0")])
        .package(
            "tests/conformance/",
            "conformance",
            &[("src/main.rs", MAIN)],
        );
    project.refuses(
        "tests/conformance/Cargo.toml has rmcp, but is there for tests or as an example",
        "--package conformance",
    );
}

#[test]
fn members_for_tests_are_no_matter_where_another_package_has_rmcp() {
    Project::default()
        .package("server/", "server", &[("src/main.rs", "fn main() {}")])
        .package(
            "tests/conformance/",
            "conformance",
            &[("src/main.rs", MAIN)],
        )
        .refuses(
            "no code of `server` uses rmcp outside of tests",
            "nest_service",
        );
}

#[test]
fn a_client_needs_nothing_of_this() {
    main_with("fn main() {\n    ().serve(TokioChildProcess::new(command));\n}")
        .refuses("src/main.rs:2 uses rmcp as a client", "feature `auth`");
    let rmcp = Dependency {
        features: vec!["client".into()],
        ..dependency("rmcp", "3.0.0")
    };
    main_with("fn main() { rmcp::x(); }")
        .with(&[rmcp])
        .refuses("Cargo.toml uses rmcp as a client", "");
}

#[test]
fn stdio_only_is_offered_http() {
    main_with(&format!(
        "{TOOLS}fn main() {{\n    Tools.serve(stdio()).await;\n}}"
    ))
    .refuses(
        "src/main.rs:3 serves over stdio only",
        "mcp-auth add --http",
    );
}

#[test]
fn the_old_sse_server_is_to_be_upgraded() {
    main_with(&format!(
        "{TOOLS}fn main() {{\n    SseServer::serve(address).await;\n}}"
    ))
    .refuses(
        "src/main.rs:3 serves over SSE (`SseServer`)",
        "upgrade rmcp",
    );
}

#[test]
fn actix_is_named() {
    for bridge in ["rmcp-actix-web", "actix-web"] {
        let dependencies = [dependency("rmcp", "0.9.0"), dependency(bridge, "1.0.0")];
        let code = format!("{TOOLS}fn main() {{ StreamableHttpService::builder(); }}");
        main_with(&code).with(&dependencies).refuses(
            &format!("Cargo.toml has {bridge}: the server runs on actix-web"),
            "axum::Router",
        );
    }
}

/// A server whose `main` makes a service in line 3, and then this.
fn serving(code: &str) -> Project {
    main_with(&format!(
        "{TOOLS}fn main() {{\n    let service = rmcp::transport::StreamableHttpService::new(new, manager, config);\n    {code}\n}}"
    ))
}

#[test]
fn an_accept_loop_gets_the_text_to_paste() {
    for (code, what, paste) in [
        (
            "f(TowerToHyperService::new(service));",
            "is served by hyper",
            "TowerToHyperService::new(axum::Router::new().merge(auth.routes())",
        ),
        (
            "service.handle(request).await;",
            "handed to the MCP service",
            "oneshot(app.clone(), request)",
        ),
        (
            "run! { serve service on 80 }",
            "inside `run!`",
            "auth.protect(service)",
        ),
    ] {
        let problems = serving(code).refusal(&Wish::default());
        assert!(problems[0].starts_with("src/main.rs:4 "), "{problems:#?}");
        assert!(
            problems[0].contains(what) && problems[0].contains(paste),
            "{problems:#?}"
        );
        assert!(problems[1].contains("copy them to src/"), "{problems:#?}");
        assert_eq!(problems.len(), 2);
    }
}

#[test]
fn what_is_served_by_hand_needs_axum_too() {
    let rmcp = dependency("rmcp", "1.0.0");
    let problems = serving("service.handle(request).await;")
        .with(&[rmcp])
        .refusal(&Wish::default());
    assert!(
        problems[1].contains("=> cargo add --package server axum@0.8"),
        "{problems:#?}"
    );
}

#[test]
fn a_route_of_ones_own_is_not_rmcps() {
    main_with(&format!(
        "{TOOLS}fn main() {{\n    Router::new().route(\n        \"/mcp\", post(answer));\n}}"
    ))
    .refuses(
        "src/main.rs:4 has a route `/mcp` that is no service of rmcp's",
        "nest_service(\"/mcp\", service)",
    );
}

#[test]
fn a_route_of_ones_own_needs_no_rmcp_to_be_named() {
    main_with("fn main() {\n    Router::new().route(\"/mcp\", post(answer));\n}")
        .with(&[dependency("axum", "0.8.0")])
        .refuses(
            "src/main.rs:2 has a route `/mcp`",
            "StreamableHttpService::new",
        );
}

#[test]
fn a_package_of_examples_is_no_server() {
    Project::of(&[("examples/x.rs", MAIN)]).refuses(
        "Cargo.toml has neither a library nor a program",
        "not into tests",
    );
}

#[test]
fn a_service_that_is_mounted_nowhere_is_named() {
    let problems = main_with(&format!(
        "{TOOLS}fn main() {{\n    let s = StreamableHttpService::new();\n}}"
    ))
    .refusal(&Wish::default());
    assert!(problems[0].starts_with("src/main.rs:3 "), "{problems:?}");
}

#[test]
fn a_server_without_transport_is_told_how_to_mount_one() {
    main_with(&format!("{TOOLS}fn main() {{}}"))
        .refuses("`server` serves no MCP over HTTP", "nest_service");
}
