//! Servers that speak stdio alone.

use super::*;

const STDIO: &str =
    "impl ServerHandler for Tools {}\nfn main() {\n    Tools.serve(stdio()).await;\n}\n";

fn find_in(project: &Project, wish: &Wish) -> Result<super::super::stdio::StdioSite> {
    find_stdio(&project.workspace(), wish, project)
}

#[track_caller]
fn refusal(project: &Project) -> String {
    let refusal = find_in(project, &Wish::default())
        .unwrap_err()
        .downcast::<Refusal>()
        .unwrap();
    format!(
        "{refusal} => {}",
        refusal.problems[0].hint.as_deref().unwrap_or_default()
    )
}

#[test]
fn it_is_a_site_without_mounts() {
    for stdio in [
        "serve(rmcp::transport::stdio())",
        "serve((stdin(), stdout()))",
    ] {
        let project = Project::of(&[("src/main.rs", &STDIO.replace("serve(stdio())", stdio))]);
        let found = find_in(&project, &Wish::default()).unwrap();
        assert_eq!(
            (found.stdio.file.as_str(), found.stdio.line),
            ("src/main.rs", 3)
        );
        assert!(found.site.mounts.is_empty() && !found.site.is_done);
        assert_eq!(
            (found.site.module.as_str(), found.http.as_str()),
            ("auth", "http")
        );
    }
}

#[test]
fn it_needs_no_axum_yet_but_no_old_one_either() {
    let project =
        |dependencies: &[Dependency]| Project::of(&[("src/main.rs", STDIO)]).with(dependencies);
    let rmcp = dependency("rmcp", "1.0.0");
    assert!(find_in(&project(std::slice::from_ref(&rmcp)), &Wish::default()).is_ok());
    let old = project(&[rmcp, dependency("axum", "0.7.9")]);
    assert!(refusal(&old).starts_with("Cargo.toml has axum 0.7.9, and 0.8 is needed"));
}

#[test]
fn a_module_that_is_taken_is_left_alone() {
    let project = Project::of(&[("src/main.rs", STDIO), ("src/http.rs", "")]);
    assert_eq!(
        find_in(&project, &Wish::default()).unwrap().http,
        "mcp_http"
    );
}

#[test]
fn what_serves_http_needs_no_more_of_it() {
    let both = format!("{STDIO}{}", MAIN.replace("main", "http"));
    let project = Project::of(&[("src/main.rs", &both)]);
    assert_eq!(
        refusal(&project),
        "src/main.rs:8 serves MCP over HTTP already => run this again without `--http`"
    );
}

#[test]
fn several_places_are_told_apart_by_place() {
    let project = Project::of(&[("src/main.rs", STDIO), ("src/bin/x/main.rs", "")]).package(
        "b/",
        "b",
        &[("src/main.rs", STDIO)],
    );
    assert_eq!(
        refusal(&project),
        "MCP is served over stdio in several places => choose one with `--at FILE:LINE`:\n  src/main.rs:3  in `server`\n  b/src/main.rs:3  in `b`"
    );
    let wish = Wish {
        at: vec!["b/src/main.rs:3".into()],
        ..Wish::default()
    };
    assert_eq!(find_in(&project, &wish).unwrap().site.package.name, "b");
}

#[test]
fn a_server_without_stdio_is_shown_how_to_mount_it() {
    let project = Project::of(&[(
        "src/main.rs",
        "impl ServerHandler for Tools {}\nfn main() {}",
    )]);
    assert!(refusal(&project).starts_with("no call such as `.serve(stdio())` was found => "));
}
