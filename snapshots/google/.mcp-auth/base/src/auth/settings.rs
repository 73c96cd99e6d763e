//! What every protected server needs to know about itself: its public address, its scopes, its browsers.
//! Reads through [`Env`]; touches nothing else.

use reqwest::Url;

use super::{Env, scopes::Scopes};

/// The settings shared by all kinds of authentication.
pub struct Settings {
    /// Scheme, host and port of the public address, without a trailing slash. Never taken from a request.
    pub base: String,
    /// Where the MCP service is mounted: empty for the whole server, else with a slash before it and none behind.
    pub path: String,
    /// Hosts that may stand in a request's `Host` header, for rmcp's DNS rebinding check.
    pub allowed_hosts: Vec<String>,
    /// Browser origins that may call this server, its own included.
    pub allowed_origins: Vec<String>,
    /// What every token must be allowed to do.
    pub required_scopes: Scopes,
    /// A page for developers, shown in the metadata.
    pub documentation: Option<String>,
}

impl Settings {
    /// Reads `BASE_URL`, `ALLOWED_HOSTS`, `ALLOWED_ORIGINS`, `AUTH_REQUIRED_SCOPES` and
    /// `SERVICE_DOCUMENTATION_URL`; `None` after recording a problem. `path` is where the MCP service is mounted.
    pub fn read(env: &mut Env, path: &str) -> Option<Self> {
        let base = base_url(env);
        let path = mount_path(env, path);
        let mut allowed_hosts = env.list("ALLOWED_HOSTS");
        let mut allowed_origins = Vec::new();
        for text in env.list("ALLOWED_ORIGINS") {
            match origin(&text) {
                Some(origin) => allowed_origins.push(origin),
                None => env.problem(format!(
                    "ALLOWED_ORIGINS: `{text}` is not an origin, for example ALLOWED_ORIGINS=https://app.example.com"
                )),
            }
        }
        let required_scopes = env.list("AUTH_REQUIRED_SCOPES").into_iter().collect();
        let documentation = env.get("SERVICE_DOCUMENTATION_URL");
        let (base, path) = (base?, path?);
        allowed_hosts.extend(authority(&base));
        allowed_origins.push(base.clone());
        Some(Self {
            base,
            path,
            allowed_hosts,
            allowed_origins,
            required_scopes,
            documentation,
        })
    }

    /// The resource identifier of this server: what the `aud` of its tokens names (RFC 8707).
    pub fn resource(&self) -> String {
        format!("{}{}", self.base, self.path)
    }
}

/// The mount path as it stands in addresses. What a wildcard at its end matches is below it, no part of it.
fn mount_path(env: &mut Env, path: &str) -> Option<String> {
    let fixed = path.split("/{*").next().unwrap_or_default();
    let fixed = match fixed.trim_matches('/') {
        "" => return Some(String::new()),
        inner => format!("/{inner}"),
    };
    let url = Url::parse(&format!("http://localhost{fixed}"));
    if !fixed.contains("//") && url.is_ok_and(|url| url.path() == fixed) {
        return Some(fixed);
    }
    env.problem(format!(
        "the MCP service is mounted at `{path}`, which is no fixed path of an address, for example /mcp"
    ));
    None
}

/// `BASE_URL` as an origin: https, or http on a loopback address, with nothing behind the port.
fn base_url(env: &mut Env) -> Option<String> {
    let text = env
        .get("BASE_URL")
        .unwrap_or_else(|| "http://localhost:8000".to_owned());
    let url = Url::parse(&text).ok().filter(Url::has_host);
    // The value is not repeated: an address may hold a password.
    let what = match &url {
        None => "is not a URL",
        Some(url) if !is_https_or_loopback(url) => "must be https unless it is a loopback address",
        Some(url) if !is_origin(url) => {
            "must be scheme, host and port alone: the MCP path is added to it"
        }
        Some(url) => return Some(url.origin().ascii_serialization()),
    };
    env.problem(format!(
        "BASE_URL {what}, for example BASE_URL=https://mcp.example.com"
    ));
    None
}

/// Whether there is nothing in a URL besides scheme, host and port.
fn is_origin(url: &Url) -> bool {
    matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// An origin as browsers write it (RFC 6454 section 6.2), those of browser extensions included.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(is_origin)?;
    let host = url.host_str().filter(|host| !host.is_empty())?;
    match url.origin() {
        origin if origin.is_tuple() => Some(origin.ascii_serialization()),
        _ => Some(format!("{}://{host}", url.scheme())),
    }
}

/// Whether a URL may carry tokens or keys: https anywhere, http only to this machine.
pub fn is_https_or_loopback(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(|host| {
            let address = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost"
                || address
                    .parse()
                    .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }),
        _ => false,
    }
}

/// The host of an origin, and, on a loopback address, its other spellings.
fn authority(base: &str) -> Vec<String> {
    let Some(url) = Url::parse(base).ok() else {
        return Vec::new();
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    match url.scheme() {
        "http" => vec![host, "localhost".into(), "127.0.0.1".into(), "::1".into()],
        _ => vec![host],
    }
}
