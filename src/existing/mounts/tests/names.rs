//! What counts as an MCP service, however it is called.

use super::*;

const MOUNT: &str = "fn app() { axum::Router::new().nest_service(\"/mcp\", SERVICE); }";

fn counts(before: &str, service: &str) -> bool {
    let text = format!("{before}\n{}", MOUNT.replace("SERVICE", service));
    !found_in(&text).mounts.is_empty()
}

#[test]
fn a_service_of_rmcp_by_any_name() {
    let new = "::new(tools, sessions, config)";
    for (before, service) in [
        ("", format!("rmcp::transport::StreamableHttpService{new}")),
        (
            "use rmcp::transport::StreamableHttpService;",
            format!("StreamableHttpService{new}"),
        ),
        (
            "use rmcp::transport::StreamableHttpService as Mcp;",
            format!("Mcp{new}"),
        ),
        (
            "use rmcp::transport as t;",
            format!("t::StreamableHttpService::<A, B>{new}"),
        ),
        (
            "use rmcp::{transport::{self, stdio}};",
            format!("transport::StreamableHttpService{new}"),
        ),
        (
            "use rmcp::transport::*;",
            format!("StreamableHttpService{new}"),
        ),
        (
            "mod p { pub use rmcp::transport::*; }\nuse p::*;",
            format!("StreamableHttpService{new}"),
        ),
        (
            "mod p { pub mod q { pub use rmcp::transport::StreamableHttpService as S; } }\nuse crate::p::q;",
            format!("q::S{new}"),
        ),
        (
            "type Mcp = rmcp::transport::StreamableHttpService<A, B>;",
            format!("Mcp{new}"),
        ),
        (
            "fn make() -> Result<rmcp::transport::StreamableHttpService<A, B>, E> { todo!() }",
            "make().unwrap()".to_owned(),
        ),
        (
            "fn make() -> impl Service { rmcp::transport::StreamableHttpService::new(a, b, c) }",
            "make()".to_owned(),
        ),
        (
            "struct App; impl App { fn make(&self) -> rmcp::transport::StreamableHttpService<A, B> { todo!() } }",
            "app.make()".to_owned(),
        ),
    ] {
        assert!(counts(before, &service), "{before} {service}");
    }
}

#[test]
fn a_service_of_something_else_is_none() {
    for before in [
        "",
        "use rmcp_actix_web::transport::StreamableHttpService;",
        "struct StreamableHttpService;",
        "mod own { pub struct StreamableHttpService; }\nuse own::*;",
        "use own::StreamableHttpService;\nmod own;",
    ] {
        assert!(
            !counts(before, "StreamableHttpService::new(a, b, c)"),
            "{before}"
        );
    }
}

#[test]
fn a_service_is_followed_through_fields_tuples_and_functions() {
    let found = found_in(
        r#"
use rmcp::transport::StreamableHttpService;
struct Server { mcp: StreamableHttpService<T, S>, other: ServeDir }
impl Server {
    fn router(&self) -> axum::Router {
        let Self { mcp, other } = self;
        axum::Router::new()
            .nest_service("/field", self.mcp.clone())
            .nest_service("/pattern", mcp.clone())
            .nest_service("/files", other.clone())
    }
}
fn pair() -> (StreamableHttpService<T, S>, Token) { todo!() }
fn tuple() {
    let (service, token) = pair();
    axum::Router::new().nest_service("/tuple", service).nest_service("/token", token);
}
fn outer() {
    inner(1, StreamableHttpService::new(a, b, c));
}
fn inner<X: Service>(n: usize, service: X) {
    axum::Router::new().nest_service("/argument", service);
}
fn hidden(service: StreamableHttpService<T, S>) {
    let service = ServeDir::new("assets");
    axum::Router::new().nest_service("/hidden", service);
}
fn macros(service: StreamableHttpService<T, S>) {
    tokio::select! {
        biased;
        _ = stop() => {}
        r = serve(axum::Router::new().nest_service("/select", service)), if on => { r.unwrap(); }
    }
}
"#,
    );
    let paths: Vec<MountPath> = found.mounts.into_iter().map(|mount| mount.path).collect();
    let known = ["/field", "/pattern", "/tuple", "/argument", "/select"];
    assert_eq!(paths, known.map(|path| MountPath::Known(path.to_owned())));
    assert_eq!(found.by_hand, []);
}

#[test]
fn copies_in_tests_comments_strings_and_macro_rules_are_none() {
    let found = found_in(
        r##"
// axum::Router::new().nest_service("/mcp", rmcp::transport::StreamableHttpService::new(a, b, c))
const TEXT: &str = r#"axum::Router::new().nest_service("/mcp", StreamableHttpService::new(a, b, c))"#;
macro_rules! app {
    () => { axum::Router::new().nest_service("/mcp", rmcp::transport::StreamableHttpService::new(a, b, c)) };
}
#[cfg(all(test, feature = "http"))]
mod tests {
    fn app() { axum::Router::new().nest_service("/mcp", rmcp::transport::StreamableHttpService::new(a, b, c)); }
}
#[tokio::test]
async fn serves() { axum::Router::new().nest_service("/mcp", rmcp::transport::StreamableHttpService::new(a, b, c)); }
"##,
    );
    assert!(found.mounts.is_empty() && found.by_hand.is_empty());
}

#[test]
fn crates_may_have_other_names() {
    let names = Names {
        rmcp: "mcp".into(),
        axum: "web".into(),
    };
    let text = r#"
use web::{Router, routing::*};
fn app(service: mcp::transport::StreamableHttpService<T, S>) -> Router {
    Router::new().route("/mcp", any_service(service))
}"#;
    let found = find(&sources(&[("src/main.rs", text)]), &names);
    assert_eq!(
        mounts(&found),
        [r#"src/main.rs:4 any_service Known("/mcp")"#]
    );
}
