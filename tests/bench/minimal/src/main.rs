//! The measure for generated servers: an MCP server behind JSON Web Tokens with the same libraries,
//! written by hand in a hundred lines. It verifies each token on each request against keys that it
//! fetched at its start, and leaves out most of what the MCP specification demands besides.

use std::{
    collections::HashMap,
    env,
    error::Error,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use rmcp::{
    ServerHandler,
    handler::server::{router::tool::ToolRouter, wrapper::Parameters},
    model::{ServerCapabilities, ServerConfig},
    schemars::{self, JsonSchema},
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde::Deserialize;

#[derive(Clone)]
struct Tools;

static ROUTER: LazyLock<ToolRouter<Tools>> = LazyLock::new(Tools::tool_router);

#[derive(Deserialize, JsonSchema)]
struct Input {
    data: String,
}

#[tool_router]
impl Tools {
    #[tool(description = "Processes data for any authenticated caller")]
    async fn protected_action(&self, Parameters(input): Parameters<Input>) -> String {
        format!("Processed: {}", input.data)
    }
}

#[tool_handler(router = ROUTER)]
impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }
}

#[derive(Clone)]
struct Verifier {
    keys: Arc<HashMap<String, DecodingKey>>,
    validation: Arc<Validation>,
    challenge: Arc<str>,
}

#[derive(Clone, Deserialize)]
#[allow(dead_code, reason = "a real server's tools would read them")]
struct Claims {
    sub: String,
    scope: Option<String>,
}

impl Verifier {
    fn verify(&self, request: &Request) -> Option<Claims> {
        let header = request
            .headers()
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?;
        let token = header.strip_prefix("Bearer ")?;
        let kid = decode_header(token).ok()?.kid?;
        Some(
            decode::<Claims>(token, self.keys.get(&kid)?, &self.validation)
                .ok()?
                .claims,
        )
    }
}

async fn check(State(verifier): State<Verifier>, mut request: Request, next: Next) -> Response {
    let Some(claims) = verifier.verify(&request) else {
        let challenge = [(header::WWW_AUTHENTICATE, verifier.challenge.to_string())];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    };
    request.extensions_mut().insert(claims);
    next.run(request).await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let base = env::var("BASE_URL")?;
    let published: JwkSet = reqwest::get(env::var("AUTH_JWKS_URL")?)
        .await?
        .json()
        .await?;
    let mut keys = HashMap::new();
    for key in &published.keys {
        keys.insert(
            key.common.key_id.clone().unwrap_or_default(),
            DecodingKey::from_jwk(key)?,
        );
    }
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_issuer(&[env::var("AUTH_ISSUER")?]);
    validation.set_audience(&[format!("{base}/mcp")]);
    let metadata = format!("{base}/.well-known/oauth-protected-resource");
    let verifier = Verifier {
        keys: Arc::new(keys),
        validation: Arc::new(validation),
        challenge: format!("Bearer resource_metadata=\"{metadata}\"").into(),
    };
    let document = format!(
        r#"{{"resource":"{base}/mcp","authorization_servers":["{}"]}}"#,
        env::var("AUTH_ISSUER")?
    );
    let config = StreamableHttpServerConfig::default().with_json_response(true);
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Tools), sessions, config);
    let router = Router::new()
        .route_service("/mcp", service)
        .layer(from_fn_with_state(verifier, check))
        .route(
            "/.well-known/oauth-protected-resource",
            get(async || document),
        );
    let listener = tokio::net::TcpListener::bind(env::var("BIND_ADDR")?).await?;
    Ok(axum::serve(listener, router).await?)
}
