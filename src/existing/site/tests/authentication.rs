//! Authentication that is there already.

use super::*;

/// The server with something before, in and behind its chain.
fn server(before: &str, first: &str, last: &str) -> Project {
    let main = MAIN
        .replace(
            "axum::Router::new()",
            &format!("axum::Router::new(){first}"),
        )
        .replace("service);", &format!("service){last};"));
    Project::of(&[("src/main.rs", &format!("{before}\n{main}"))])
}

#[test]
fn layers_that_sound_like_authentication_are_obstacles() {
    for layer in [
        ".layer(from_fn(require_auth))",
        ".route_layer(middleware::from_fn_with_state(state, bearer::check))",
        ".layer(AuthLayer::new(keys))",
        ".layer(option_layer(oauth))",
        ".layer(ValidateRequestHeaderLayer::bearer(\"x\"))",
        ".layer(from_fn(check_api_key))",
        ".layer(ServiceBuilder::new().layer(TokenStore::layer()))",
        ".layer(from_fn(verify_jwt))",
        ".layer(Extension(authorizer))",
    ] {
        let project = server("", "", layer);
        project.refuses(
            "src/main.rs:5 has authentication already: .nest_service(",
            "--force",
        );
        assert!(
            project
                .find(&Wish {
                    force: true,
                    ..Wish::default()
                })
                .is_ok()
        );
    }
}

#[test]
fn a_call_around_the_router_may_be_authentication() {
    for call in ["with_auth(", "with_auth!(", "Bearer::protect_all("] {
        let main = MAIN
            .replace("axum::Router", &format!("{call}axum::Router"))
            .replace("service);", "service), config);");
        let found = Project::of(&[("src/main.rs", &main)]).find(&Wish::default());
        assert_eq!(found.is_err(), call.contains("auth"), "{call}");
    }
}

#[test]
fn headers_that_are_read_are_obstacles() {
    let guard = "async fn guard(request: Request) { request.headers().get(AUTHORIZATION); }";
    server(guard, "", "").refuses(
        "src/main.rs:1 has authentication already: async fn guard(",
        "",
    );
    let guard = "async fn guard(request: Request) { request.headers().get(\"Authorization\"); }";
    server(guard, "", "").refuses(
        "src/main.rs:1 has authentication already: async fn guard(",
        "",
    );
}

#[test]
fn metadata_anywhere_in_the_package_is_an_obstacle() {
    let main = format!("mod routes;\n{MAIN}");
    let routes = "// oauth-protected-resource\n/// oauth-protected-resource\npub const PATH: &str = \"/.well-known/oauth-protected-resource/mcp\";";
    Project::of(&[("src/main.rs", &main), ("src/routes.rs", routes)]).refuses(
        "src/routes.rs:3 has authentication already: pub const PATH",
        "",
    );
}

#[test]
fn what_only_names_the_header_is_none() {
    for harmless in [
        ".layer(CorsLayer::new().allow_headers([CONTENT_TYPE, AUTHORIZATION]).allow_origin(Any))",
        ".layer(SetSensitiveRequestHeadersLayer::new([AUTHORIZATION]))",
        ".layer(from_fn(author_of_request))",
        ".layer(TraceLayer::new_for_http())",
    ] {
        server("use http::header::AUTHORIZATION;", "", harmless).site();
    }
    let client = "// auth\nfn call() { client.get(url).header(AUTHORIZATION, key).bearer_auth(key).send(); }";
    server(client, "", "").site();
}

#[test]
fn tests_and_other_files_may_name_the_header() {
    let tests = "mod client;\n#[cfg(test)]\nmod tests { fn x() { headers.get(AUTHORIZATION); app.layer(from_fn(auth)); } }";
    let main = format!("{tests}\n{MAIN}");
    let client = "fn x(headers: H) { headers.get(AUTHORIZATION); }";
    Project::of(&[("src/main.rs", &main), ("src/client.rs", client)]).site();
}

#[test]
fn a_layer_before_the_mount_is_said_not_to_cover_it() {
    server("", "\n        .layer(from_fn(auth))", "").refuses(
        "src/main.rs:5 adds a layer that does not cover the mount in line 6: .layer(from_fn(auth))",
        "move it behind line 6",
    );
}

#[test]
fn our_own_authentication_is_no_obstacle() {
    let main = "\
mod auth;
fn main() {
    let service = rmcp::transport::StreamableHttpService::new(new, manager, Default::default());
    let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");
    let router = axum::Router::new()
        .merge(auth.routes())
        .nest_service(\"/a\", auth.protect(service.clone()))
        .nest_service(\"/b\", service);
}
";
    let ours = "mod guard;\npub use env::Env;\npub use guard::Auth;";
    let guard = "const X: &str = \"oauth-protected-resource\";";
    let project = Project::of(&[
        ("src/main.rs", main),
        ("src/auth.rs", ours),
        ("src/auth/guard.rs", guard),
    ]);
    assert_eq!(project.site().mounts.len(), 1);
}

#[test]
fn our_own_authentication_of_another_program_is_no_obstacle() {
    let protected = "mod auth;\nfn main() { let router = axum::Router::new(); }";
    let ours = "mod guard;\npub use env::Env;\npub use guard::Auth;";
    let guard = "const X: &str = \"oauth-protected-resource\";";
    for module in ["src/bin/a/auth.rs", "src/bin/a/auth/mod.rs"] {
        let mut project = Project::of(&[
            ("src/bin/a/main.rs", protected),
            (module, ours),
            ("src/bin/a/auth/guard.rs", guard),
            ("src/bin/b/main.rs", MAIN),
        ]);
        for name in ["a", "b"] {
            project.packages[0].crates.push(CrateRoot {
                kind: CrateKind::Binary,
                name: name.into(),
                file: format!("src/bin/{name}/main.rs").parse().unwrap(),
            });
        }
        assert_eq!(project.site().mounts.len(), 1, "{module}");
    }
}

#[test]
fn a_layer_for_other_origins_is_told_to_come_second() {
    let site = server("use x::CorsLayer;", "", ".layer(CorsLayer::permissive())").site();
    let is_told = |note: &String| note.starts_with("src/main.rs:5 web pages of other origins");
    assert!(site.notes.iter().any(is_told), "{:?}", site.notes);
}

#[test]
fn a_file_of_two_programs_is_told_once() {
    let main = MAIN.replace("service);", "service).layer(auth);");
    let shared = "pub const X: &str = \"/.well-known/oauth-protected-resource\";";
    let lib = "pub mod shared;";
    let main = format!("mod shared;\n{main}");
    let project = Project::of(&[
        ("src/main.rs", &main),
        ("src/lib.rs", lib),
        ("src/shared.rs", shared),
    ]);
    let problems = project.refusal(&Wish::default());
    assert_eq!(problems.len(), 2, "{problems:#?}");
    assert!(problems[0].starts_with("src/main.rs:"), "{problems:#?}");
    assert!(
        problems[0].ends_with(" => ") && problems[1].contains("--force"),
        "{problems:#?}"
    );
}
