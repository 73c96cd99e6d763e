//! Mounts of something unknown beside those that are protected: never silently.

use super::*;

const SERVICE: &str = "rmcp::transport::StreamableHttpService<T, S>";

fn strangers(body: &str) -> Vec<usize> {
    let text = format!(
        "use rmcp::transport::StreamableHttpService;\nfn app() -> axum::Router {{\nlet service = StreamableHttpService::new(a, b, c);\nlet mut app = axum::Router::new().nest_service(\"/mcp\", service.clone());\n{body}\napp\n}}"
    );
    let found = found_in(&text);
    assert_eq!(found.mounts.len(), 1, "{:?}", found.mounts);
    found.strangers.iter().map(|it| it.line).collect()
}

#[test]
fn services_out_of_lists_statics_and_other_crates_are_told() {
    for body in [
        "for (path, each) in [(\"/b\", service.clone()), (\"/c\", service)] {\napp = app.nest_service(path, each); }",
        "\napp = app.nest_service(\"/b\", OTHER.clone());",
        "\napp = app.route_service(\"/b\", tools::service());",
        "\napp = app.fallback_service(all[0].clone());",
        "\nlet app = list.into_iter().fold(app, |app, each| app.nest_service(\"/b\", each));",
    ] {
        assert_eq!(strangers(body), [6], "{body}");
    }
}

#[test]
fn files_and_what_is_protected_are_no_strangers() {
    for body in [
        "app = app.nest_service(\"/files\", ServeDir::new(\"files\"));",
        "let files = tower_http::services::ServeDir::new(\"files\");\napp = app.fallback_service(files);",
        "app = app.nest_service(\"/b\", auth.protect(OTHER.clone()));",
        "app = app.nest_service(\"/b\", axum::Router::new());",
    ] {
        assert_eq!(strangers(body), [0; 0], "{body}");
    }
}

#[test]
fn a_macro_that_mounts_is_told() {
    let text = "macro_rules! mount { ($app:expr) => { $app.nest_service(\"/x\", rmcp::transport::StreamableHttpService::new(a, b, c)) } }";
    let found = found_in(text);
    assert_eq!((found.mounts.len(), found.strangers.len()), (0, 1));
}

#[test]
fn a_function_that_several_call_does_not_merge_the_routes_twice() {
    let text = format!(
        "fn attach(router: axum::Router, path: &str, service: {SERVICE}) -> axum::Router {{\n    router.nest_service(path, service)\n}}\nfn app() {{\n    let router = axum::Router::new();\n    let router = attach(router, \"/a\", one());\n    let router = attach(router, \"/b\", two());\n}}\n"
    );
    let (before, found) = (sources(&[("src/main.rs", &text)]), found_in(&text));
    let wiring = wire(&before, &names(), &found.mounts, AUTH);
    let edited = insertion::insert(&text, &wiring.edits[0].insertions);
    assert!(!edited.contains("merge"), "{edited}");
    assert!(
        edited.contains("router.nest_service(path, auth.protect(service))"),
        "{edited}"
    );
    assert_eq!(wiring.remaining.len(), 1, "{:?}", wiring.remaining);
}

#[test]
fn a_path_with_effects_is_not_evaluated_twice() {
    for (path, is_kept) in [
        ("&config.path", true),
        ("config.path.as_str()", true),
        ("&format!(\"/{}/mcp\", config.prefix)", true),
        ("&next_path()", false),
        ("&std::env::var(\"MCP_PATH\")?", false),
        ("path().await", false),
    ] {
        let text = format!(
            "fn app(config: Config, service: {SERVICE}) -> axum::Router {{\n    axum::Router::new().nest_service({path}, service)\n}}\n"
        );
        assert_eq!(
            wired(&text).contains(&format!("from_env_or_exit({path})")),
            is_kept,
            "{path}"
        );
    }
}
