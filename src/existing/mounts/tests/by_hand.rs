//! Services that are served in a way that cannot be edited: where, and what to do.

use super::*;

fn by_hand(body: &str) -> ByHand {
    let text =
        format!("use rmcp::transport::StreamableHttpService;\nasync fn main() {{\n{body}\n}}");
    let mut found = found_in(&text);
    assert_eq!(found.by_hand.len(), 1, "{:?}", found.by_hand);
    found.by_hand.remove(0)
}

const AUTH: &str = r#"let auth = crate::auth::Auth::from_env_or_exit("/mcp");"#;
const APP: &str =
    "axum::Router::new().merge(auth.routes()).fallback_service(auth.protect(service.clone()))";

#[test]
fn hyper_gets_a_router_around_the_service() {
    let found = by_hand(
        "let service = StreamableHttpService::new(a, b, c);\nloop {\nlet s = hyper_util::service::TowerToHyperService::new(service.clone());\n}",
    );
    assert_eq!(found.line, 5);
    assert_eq!(
        found.steps,
        [
            format!("before the loop that accepts connections: {AUTH}"),
            format!(
                "instead of `hyper_util::service::TowerToHyperService::new(service.clone())`: `hyper_util::service::TowerToHyperService::new({APP})`"
            ),
        ]
    );
}

#[test]
fn requests_that_are_handed_over_go_through_a_router() {
    let found = by_hand(
        "let service = StreamableHttpService::new(a, b, c);\nlet f = service_fn(move |request| {\nlet service = service.clone();\nasync move { Ok(service.handle(request).await) }\n});",
    );
    assert_eq!(found.line, 6);
    assert!(found.steps[2].ends_with("`tower::ServiceExt::oneshot(app.clone(), request)`"));
}

#[test]
fn something_unknown_gets_a_router() {
    let found = by_hand(
        "let service = StreamableHttpService::new(a, b, c);\nother::run(8, service).await;",
    );
    assert_eq!(found.line, 4);
    assert!(found.why.contains("`other::run`"), "{}", found.why);
}

#[test]
fn a_macro_that_cannot_be_read() {
    let found =
        by_hand("let service = StreamableHttpService::new(a, b, c);\nserve! { /mcp => service; }");
    assert_eq!(found.line, 4);
    assert!(found.why.contains("`serve!`"), "{}", found.why);
}

#[test]
fn a_service_that_goes_nowhere() {
    let found = by_hand("let service = StreamableHttpService::new(a, b, c);");
    assert_eq!(found.line, 3);
}

#[test]
fn what_is_mounted_after_being_wrapped_is_no_step() {
    let found = found_in(
        r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let service = Limited::new(service, 5);
    axum::Router::new().route_service("/mcp", service)
}"#,
    );
    assert_eq!((found.mounts.len(), found.by_hand.len()), (1, 0));
}

#[test]
fn what_is_protected_is_told_and_not_edited() {
    let text = r#"
fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    axum::Router::new().merge(auth.routes()).nest_service("/mcp", auth.protect(service))
}"#;
    let found = found_in(text);
    assert_eq!((found.mounts.len(), found.by_hand.len()), (0, 0));
    assert_eq!(
        found.wired.iter().map(|it| it.line).collect::<Vec<_>>(),
        [4]
    );
    assert!(wiring(&[("src/main.rs", text)]).edits.is_empty());
}

#[test]
fn a_struct_of_the_crate_around_the_service_is_mounted_in_its_place() {
    let found = found_in(
        r#"
struct Gate<S> { inner: S }
impl<S> Gate<S> {
    fn new(inner: S, token: String) -> Self { Self { inner } }
}
struct Wrapper { inner: std::sync::Arc<rmcp::transport::StreamableHttpService<T, S>> }
impl tower::Service<Request> for Wrapper {
    fn call(&mut self, request: Request) -> Future { self.inner.handle(request) }
}
fn limited(inner: rmcp::transport::StreamableHttpService<T, S>) -> impl tower::Service<Request> + Clone {
    tower::service_fn(move |request| inner.clone().call_slowly(request))
}
fn app(service: rmcp::transport::StreamableHttpService<T, S>, wrapper: Wrapper) -> axum::Router {
    let rewrite = |service| tower::service_fn(move |request| service.clone().oneshot(request));
    axum::Router::new()
        .route_service("/a", Gate::new(service.clone(), token()))
        .route_service("/b", wrapper)
        .route_service("/c", rewrite(service.clone()))
        .route_service("/d", limited(service))
}"#,
    );
    assert_eq!((found.mounts.len(), found.by_hand), (4, vec![]));
}

#[test]
fn a_service_in_the_state_of_a_handler() {
    let found = found_in(
        r#"
async fn mcp(State(service): State<std::sync::Arc<rmcp::transport::StreamableHttpService<T, S>>>, request: Request) {
    service.handle(request).await
}"#,
    );
    assert_eq!((found.mounts.len(), found.by_hand.len()), (0, 1));
}
