//! Mounts under `#[cfg]`, and in closures that take their variables.

use super::*;

#[test]
fn one_mount_under_a_feature_leaves_the_rest_as_it_is_without_it() {
    becomes(
        r#"
async fn main() {
    let app = axum::Router::new().route("/", get(index));
    #[cfg(feature = "mcp")]
    let app = app.nest_service("/mcp", crate::mcp::service());
    axum::serve(listener, app).await;
}
#[cfg(feature = "mcp")]
mod mcp {
    use rmcp::transport::streamable_http_server::*;
    pub fn service() -> StreamableHttpService<T, S> {
        StreamableHttpService::new(tools, sessions, config)
    }
}
"#,
        r#"
async fn main() {
    let app = axum::Router::new().route("/", get(index));
    #[cfg(feature = "mcp")]
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    #[cfg(feature = "mcp")]
    let app = app
        .merge(auth.routes())
        .nest_service("/mcp", auth.protect(crate::mcp::service()));
    axum::serve(listener, app).await;
}
#[cfg(feature = "mcp")]
mod mcp {
    use rmcp::transport::streamable_http_server::*;
    pub fn service() -> StreamableHttpService<T, S> {
        StreamableHttpService::new(tools, sessions, config)
    }
}
"#,
    );
}

#[test]
fn conditions_are_those_of_everything_around_a_mount() {
    let found = found_in(
        r#"
        #[cfg(unix)]
        mod http {
            struct App;
            #[cfg(feature = "http")]
            impl App {
                #[cfg(not(feature = "slim"))]
                fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {
                    match kind {
                        #[cfg(feature = "a")]
                        Kind::A => {
                            #[cfg(feature = "b")]
                            return axum::Router::new().fallback_service(service);
                        }
                    }
                }
            }
        }"#,
    );
    let cfgs: Vec<&str> = found.mounts[0].cfgs.iter().map(String::as_str).collect();
    assert_eq!(
        cfgs,
        [
            "unix",
            r#"feature = "http""#,
            r#"not(feature = "slim")"#,
            r#"feature = "a""#,
            r#"feature = "b""#
        ]
    );
}

#[test]
fn closures_that_move_get_a_variable_each() {
    becomes(
        r#"
fn start(service: rmcp::transport::StreamableHttpService<T, S>) {
    let other = service.clone();
    spawn(async move {
        let app = axum::Router::new().nest_service("/a", service);
        axum::serve(listener, app).await;
    });
    spawn(async move {
        let app = axum::Router::new().nest_service("/a", other);
        axum::serve(listener, app).await;
    });
}
"#,
        r#"
fn start(service: rmcp::transport::StreamableHttpService<T, S>) {
    let other = service.clone();
    spawn(async move {
        let auth = crate::auth::Auth::from_env_or_exit("/a");
        let app = axum::Router::new()
            .merge(auth.routes())
            .nest_service("/a", auth.protect(service));
        axum::serve(listener, app).await;
    });
    spawn(async move {
        let auth = crate::auth::Auth::from_env_or_exit("/a");
        let app = axum::Router::new()
            .merge(auth.routes())
            .nest_service("/a", auth.protect(other));
        axum::serve(listener, app).await;
    });
}
"#,
    );
}
