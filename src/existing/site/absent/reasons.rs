//! Why a package that depends on rmcp has no mount.
//! Pure.

use crate::{
    existing::{
        code,
        modules::SourceFile,
        package::Package,
        site::{authentication, look::Look},
    },
    refusal::Problem,
};

/// What to write where there is no mount yet.
pub const MOUNT: &str = "serve it over streamable HTTP with axum 0.8, then run this again:\n\
    let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(\n\
    \x20   || Ok(MyServer::new()),\n\
    \x20   rmcp::transport::streamable_http_server::session::local::LocalSessionManager::default().into(),\n\
    \x20   Default::default(),\n\
    );\n\
    let router = axum::Router::new().nest_service(\"/mcp\", service);";
const SERVER: [&str; 5] = [
    "ServerHandler",
    "RoleServer",
    "tool_router",
    "tool_handler",
    "StreamableHttpService",
];
const CLIENT: [&str; 5] = [
    "TokioChildProcess",
    "StreamableHttpClientTransport",
    "SseClientTransport",
    "ClientHandler",
    "RoleClient",
];

/// What was seen; if nothing was and `must_say`, what was not seen.
pub fn reasons(look: &Look<'_>, must_say: bool) -> Vec<Problem> {
    let seen = [
        sse(look),
        actix(look),
        hyper(look),
        hand_written(look),
        stdio(look),
        client(look),
    ];
    let foreign = look.crates.iter().flat_map(authentication::foreign);
    let mut problems: Vec<Problem> = foreign.chain(seen.into_iter().flatten()).collect();
    if problems.is_empty() && must_say {
        problems.push(nothing(look));
    }
    problems
}

/// `file:line` of the first of these names.
fn first(look: &Look<'_>, words: &[&str]) -> Option<String> {
    look.files().find_map(|file| {
        let lines = code::lines_with(&file.text, words);
        Some(format!("{}:{}", file.path, lines.first()?))
    })
}

fn sse(look: &Look<'_>) -> Option<Problem> {
    let at = first(look, &["SseServer"])?;
    Some(
        Problem::new(format!(
            "{at} serves over SSE (`SseServer`), which MCP and rmcp gave up"
        ))
        .hint(format!(
            "upgrade rmcp (0.6 or later has streamable HTTP), and {MOUNT}"
        )),
    )
}

fn actix(look: &Look<'_>) -> Option<Problem> {
    let Package { manifest, .. } = look.package;
    let bridge = ["rmcp-actix-web", "actix-web"]
        .into_iter()
        .find(|bridge| look.package.depends_on(bridge))?;
    Some(
        Problem::new(format!(
            "{manifest} has {bridge}: the server runs on actix-web, not on axum"
        ))
        .hint(MOUNT),
    )
}

/// An accept loop of one's own: said by the search for mounts, unless the service could not be followed.
fn hyper(look: &Look<'_>) -> Option<Problem> {
    if look.crates.iter().any(|it| !it.by_hand.is_empty()) {
        return None;
    }
    let at = first(look, &["TowerToHyperService"])?;
    Some(
        Problem::new(format!(
            "{at} accepts connections with hyper, without a router"
        ))
        .hint(
            "add axum 0.8, and put a router around the service:\n\
             let router = axum::Router::new().nest_service(\"/mcp\", service);\n\
             TowerToHyperService::new(router)\n\
             then run this again",
        ),
    )
}

fn hand_written(look: &Look<'_>) -> Option<Problem> {
    if !look.package.depends_on("axum") || first(look, &["StreamableHttpService"]).is_some() {
        return None;
    }
    let at = first_route(look.files())?;
    Some(hand_written_at(&at))
}

pub fn hand_written_at(at: &str) -> Problem {
    Problem::new(format!(
        "{at} has a route `/mcp` that is no service of rmcp's"
    ))
    .hint(format!("let rmcp answer there: {MOUNT}"))
}

/// `file:line` of the first route `/mcp`.
pub fn first_route<'a>(files: impl IntoIterator<Item = &'a SourceFile>) -> Option<String> {
    files.into_iter().find_map(|file| {
        let lines = code::lines_with_route(&file.text, "/mcp");
        Some(format!("{}:{}", file.path, lines.first()?))
    })
}

fn stdio(look: &Look<'_>) -> Option<Problem> {
    let at = first(look, &["stdio", "stdin"])?;
    first(look, &SERVER)?;
    if first(look, &["StreamableHttpService", "SseServer"]).is_some() {
        return None;
    }
    Some(
        Problem::new(format!(
            "{at} serves over stdio only, and authentication needs HTTP"
        ))
        .hint("`mcp-auth add --http` serves streamable HTTP beside a plain `.serve(stdio())`"),
    )
}

fn client(look: &Look<'_>) -> Option<Problem> {
    let at = match first(look, &CLIENT) {
        Some(at) => at,
        None if is_client_by_features(look) && !look.crates.is_empty() => {
            look.package.manifest.to_string()
        }
        None => return None,
    };
    first(look, &SERVER).is_none().then(|| {
        Problem::new(format!(
            "{at} uses rmcp as a client, and nothing here is a server"
        ))
        .hint("this adds authentication to servers; rmcp's feature `auth` is for clients")
    })
}

fn is_client_by_features(look: &Look<'_>) -> bool {
    let has = |feature: &str| look.rmcp.features.iter().any(|it| it == feature);
    has("client") && !has("server")
}

fn nothing(look: &Look<'_>) -> Problem {
    let Package { name, manifest, .. } = look.package;
    if look.crates.is_empty() {
        return Problem::new(format!("{manifest} has neither a library nor a program"))
            .hint("authentication goes into a server, not into tests and examples");
    }
    match first(look, &["StreamableHttpService"]) {
        Some(at) => Problem::new(format!(
            "{at} makes a StreamableHttpService, but no router of `{name}` was found to mount it"
        ))
        .hint("mount it with `.nest_service(\"/mcp\", service)` on an axum router, then run this again"),
        None if first(look, &[&look.rmcp.code_name()]).is_none() && first(look, &SERVER).is_none() => {
            Problem::new(format!("no code of `{name}` uses rmcp outside of tests")).hint(MOUNT)
        }
        None => Problem::new(format!("`{name}` serves no MCP over HTTP")).hint(MOUNT),
    }
}
