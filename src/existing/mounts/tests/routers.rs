//! Routers that go from function to function, and how their paths and the public routes follow them.

use super::*;

#[test]
fn a_router_that_is_returned_and_served_as_it_is() {
    let found = found(&[
        (
            "src/main.rs",
            "mod http;\nasync fn main() { axum::serve(listener, http::router(state)).await; }",
        ),
        (
            "src/http.rs",
            r#"
            pub fn router(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
                axum::Router::new().nest_service("/mcp", service)
            }"#,
        ),
    ]);
    assert_eq!(
        mounts(&found),
        [r#"src/http.rs:3 nest_service Known("/mcp")"#]
    );
    assert!(!found.mounts[0].leaves_function);
}

#[test]
fn a_router_that_nobody_in_the_crate_serves_leaves() {
    let found = found_in(
        r#"
        pub fn router(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
            axum::Router::new().nest_service("/mcp", service)
        }"#,
    );
    assert!(found.mounts[0].leaves_function);
}

#[test]
fn a_router_that_another_function_nests_gets_its_path_and_its_routes_there() {
    let files = [
        (
            "src/main.rs",
            r#"mod http;

fn app() -> axum::Router {
    axum::Router::new()
        .route("/", get(index))
        .nest("/api", http::router(service()))
}

async fn main() {
    axum::serve(listener, app()).await;
}
"#,
        ),
        (
            "src/http.rs",
            r#"pub fn router(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    axum::Router::new().nest_service("/mcp", service)
}
"#,
        ),
    ];
    let found = found(&files);
    assert_eq!(
        mounts(&found),
        [r#"src/http.rs:2 nest_service Known("/api/mcp")"#]
    );
    assert!(!found.mounts[0].leaves_function);
    assert_eq!(
        wired_file(&files, "src/main.rs"),
        r#"mod auth;
mod http;

fn app() -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/api/mcp");
    axum::Router::new()
        .merge(auth.routes())
        .route("/", get(index))
        .nest("/api", http::router(service()))
}

async fn main() {
    axum::serve(listener, app()).await;
}
"#
    );
    assert_eq!(
        wired_file(&files, "src/http.rs"),
        r#"pub fn router(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("/api/mcp");
    axum::Router::new().nest_service("/mcp", auth.protect(service))
}
"#
    );
}

#[test]
fn routers_of_two_functions_that_meet_get_the_routes_once() {
    becomes(
        r#"
fn first(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    axum::Router::new().nest_service("/a", service)
}
fn second(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    axum::Router::new().nest_service("/b", service)
}
fn app() -> axum::Router {
    axum::Router::new().merge(first(one())).merge(second(two())).layer(cors)
}
fn main() {
    serve(app())
}
"#,
        r#"
fn first(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("");
    axum::Router::new().nest_service("/a", auth.protect(service))
}
fn second(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("");
    axum::Router::new().nest_service("/b", auth.protect(service))
}
fn app() -> axum::Router {
    let auth = crate::auth::Auth::from_env_or_exit("");
    axum::Router::new()
        .merge(auth.routes())
        .merge(first(one()))
        .merge(second(two()))
        .layer(cors)
}
fn main() {
    serve(app())
}
"#,
    );
}

#[test]
fn a_trait_that_routers_implement() {
    becomes(
        r#"
trait Mcp {
    fn with_mcp(self) -> Self;
}
impl Mcp for axum::Router<State> {
    fn with_mcp(self) -> Self {
        if !enabled() {
            return self;
        }
        let service = rmcp::transport::StreamableHttpService::new(tools, sessions, config);
        self.nest_service("/mcp", service)
    }
}
async fn main() {
    let app = axum::Router::new().with_mcp().with_state(state);
    axum::serve(listener, app).await;
}
"#,
        r#"
trait Mcp {
    fn with_mcp(self) -> Self;
}
impl Mcp for axum::Router<State> {
    fn with_mcp(self) -> Self {
        if !enabled() {
            return self;
        }
        let service = rmcp::transport::StreamableHttpService::new(tools, sessions, config);
        let auth = crate::auth::Auth::from_env_or_exit("/mcp");
        self.merge(auth.routes())
            .nest_service("/mcp", auth.protect(service))
    }
}
async fn main() {
    let app = axum::Router::new().with_mcp().with_state(state);
    axum::serve(listener, app).await;
}
"#,
    );
}

#[test]
fn a_router_that_a_function_adds_to_and_gives_back() {
    let files = |serve: &str| {
        let text = format!(
            r#"
fn add(router: axum::Router, service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {{
    router.nest_service("/mcp", service)
}}
fn main() {{
    let app = add(axum::Router::new(), service());
    {serve}
}}"#
        );
        let mount = found_in(&text).mounts.remove(0);
        (mount.path, mount.leaves_function)
    };
    let known = |path: &str| MountPath::Known(path.to_owned());
    assert_eq!(files("axum::serve(listener, app);"), (known("/mcp"), false));
    assert_eq!(
        files("axum::serve(listener, axum::Router::new().nest(\"/api\", app));"),
        (known("/api/mcp"), false)
    );
}
