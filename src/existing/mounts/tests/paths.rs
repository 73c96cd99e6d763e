//! Under which path a mount is reached.

use super::*;

#[test]
fn a_path_of_several_parts_is_put_together() {
    let path = |body: &str| {
        let text = format!(
            "const PATH: &str = \"/mcp\";\nfn app(service: rmcp::transport::StreamableHttpService<T, S>) {{ {body} }}"
        );
        found_in(&text).mounts.pop().unwrap().path
    };
    let known = |path: &str| MountPath::Known(path.to_owned());
    let router = "axum::Router::new()";
    assert_eq!(
        path(&format!("{router}.nest_service(PATH, service)")),
        known("/mcp")
    );
    assert_eq!(
        path(&format!(
            "let p = \"/x\"; {router}.route_service(p, service)"
        )),
        known("/x")
    );
    assert_eq!(
        path(&format!(
            "{router}.nest(\"/a\", {router}.nest(\"/b/\", {router}.nest_service(\"/c\", service)))"
        )),
        known("/a/b/c")
    );
    assert_eq!(
        path(&format!(
            "{router}.route_service(\"/mcp/{{*rest}}\", service)"
        )),
        known("/mcp")
    );
    assert_eq!(
        path(&format!("{router}.fallback_service(service)")),
        MountPath::Root
    );
    assert_eq!(
        path(&format!(
            "{router}.nest(\"/a\", {router}.nest_service(&config.path, service))"
        )),
        MountPath::Expression("&format!(\"/a{}\", &config.path)".to_owned())
    );
}
