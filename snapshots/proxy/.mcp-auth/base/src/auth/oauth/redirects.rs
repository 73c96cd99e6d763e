//! Where the answer to an authorization request may be sent: which redirect URIs a client may register, and
//! which registered one a request means (RFC 8252 sections 7 and 8, RFC 9700 section 2.1).
//! Pure. Decides by the text itself: what browsers make of odd spellings is refused, not guessed.

use std::net::Ipv4Addr;

use reqwest::Url;

/// The longest address that is accepted, in bytes.
const MAX_BYTES: usize = 512;

/// Schemes without a dot that MCP clients are known to use: programs of their own, and code editors, whose extensions
/// get the scheme of the editor. Others are names that anybody may take.
const KNOWN_SCHEMES: [&str; 15] = [
    "antigravity",
    "claude",
    "cursor",
    "grokbot",
    "jetbrains",
    "kiro",
    "mcpjam",
    "raycast",
    "trae",
    "vscode",
    "vscode-insiders",
    "vscodium",
    "warp",
    "windsurf",
    "zed",
];

/// What stands in an address besides letters and digits (RFC 3986 section 2), without `#` and `*`.
const PUNCTUATION: &[u8] = b"-._~:/?[]@!$&'()+,;=%";

/// What is added to an address with the answer (RFC 6749 section 4.1.2, RFC 9207), and must not stand there twice.
const ANSWER: [&str; 4] = ["code", "error", "iss", "state"];

/// Where a redirect URI leads, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To a web site on this host; names in other scripts as Punycode.
    Web(String),
    /// To a program on the user's own computer.
    Loopback(String),
    /// To whatever program claims this scheme.
    PrivateScheme(String),
}

/// A web address in pieces, exactly as written.
struct Web<'a> {
    scheme: &'a str,
    host: &'a str,
    /// Path and query.
    rest: &'a str,
}

/// Whether a client may register this redirect URI: https, http to the user's own computer, or a
/// private-use scheme. `own` is the origin of this server, which is nobody's redirect URI.
///
/// # Errors
/// What is wrong with it, as the end of a sentence that begins with the address.
pub fn ensure_acceptable(uri: &str, own: &str) -> Result<(), &'static str> {
    const SCHEME: &str =
        "must be https, http on a loopback address, or a private-use scheme with a dot in its name";
    ensure_plain(uri)?;
    let (scheme, rest) = uri.split_once(':').ok_or(SCHEME)?;
    if is_private_use(scheme) {
        return ensure_private_use(rest, uri);
    }
    if !matches!(scheme, "https" | "http") {
        return Err(SCHEME);
    }
    let web = web(uri).ok_or("must name a host, without a user name or an odd port")?;
    let url = Url::parse(uri).map_err(|_| "is not a URL")?;
    if url.host_str() != Some(&*web.host.to_ascii_lowercase()) || web.host.ends_with('.') {
        Err("must name its host in the usual way")
    } else if scheme == "http" && !is_loopback(web.host) {
        Err("must be https unless it is a loopback address")
    } else if is_own(&url, own) {
        Err("must not lead back to this server")
    } else {
        Ok(())
    }
}

/// Whether a request may use `presented` because `registered` is registered: they are the same, or differ
/// only in the port of a loopback address, which programs cannot choose ahead (RFC 8252 section 7.3).
pub fn matches(registered: &str, presented: &str) -> bool {
    if registered == presented {
        return true;
    }
    let (Some(one), Some(other)) = (web(registered), web(presented)) else {
        return false;
    };
    one.scheme == "http"
        && other.scheme == "http"
        && is_loopback(one.host)
        && one.host == other.host
        && one.rest == other.rest
}

/// Where an acceptable redirect URI leads.
pub fn kind(uri: &str) -> Target {
    match web(uri) {
        Some(web) if is_loopback(web.host) => Target::Loopback(web.host.to_ascii_lowercase()),
        Some(web) => Target::Web(web.host.to_ascii_lowercase()),
        None => Target::PrivateScheme(uri.split(':').next().unwrap_or_default().to_owned()),
    }
}

/// Refuses what has no place in any address here, or what two readers could read differently.
fn ensure_plain(uri: &str) -> Result<(), &'static str> {
    if uri.len() > MAX_BYTES {
        return Err("is too long");
    }
    for byte in uri.bytes() {
        match byte {
            b'#' => return Err("must not have a fragment"),
            b'*' => return Err("must not hold a wildcard"),
            _ if byte.is_ascii_alphanumeric() || PUNCTUATION.contains(&byte) => {}
            _ => return Err("holds a character that must not stand in an address"),
        }
    }
    for encoded in uri.split('%').skip(1) {
        let byte = encoded.get(..2).map(|hex| u8::from_str_radix(hex, 16));
        match byte {
            Some(Ok(byte)) if !byte.is_ascii_control() && !encoded.starts_with('+') => {}
            _ => return Err("holds a wrong percent-encoding or an encoded control character"),
        }
    }
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    if has_dot_segments(path) {
        return Err("must not hold dot segments");
    }
    if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| ANSWER.contains(&&*name)) {
        return Err("must not hold parameters of the answer, such as code or state");
    }
    Ok(())
}

/// Dots that mean a folder to some server or proxy on the way: encoded, encoded twice, behind an encoded
/// slash, before a path parameter.
fn has_dot_segments(path: &str) -> bool {
    let mut path = path.to_ascii_lowercase();
    while path.contains("%25") {
        path = path.replace("%25", "%");
    }
    path.replace("%2e", ".")
        .replace("%2f", "/")
        .replace("%5c", "/")
        .replace("%3b", ";")
        .split('/')
        .map(|segment| segment.split(';').next().unwrap_or_default())
        .any(|segment| matches!(segment, "." | ".."))
}

/// RFC 8252 section 7.1: the reverse of a domain name, in lower case as it stands in links.
fn is_private_use(scheme: &str) -> bool {
    let is_label = |label: &str| {
        label.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && label
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'+'))
    };
    KNOWN_SCHEMES.contains(&scheme)
        || (scheme.starts_with(|first: char| first.is_ascii_lowercase())
            && scheme.contains('.')
            && scheme.split('.').all(is_label))
}

/// `rest` is what follows the colon. Without a slash there, `example.com:8080/` would be a scheme.
fn ensure_private_use(rest: &str, uri: &str) -> Result<(), &'static str> {
    if !rest.starts_with('/') || Url::parse(uri).is_err() {
        return Err("must have a path behind its scheme");
    }
    let authority = rest.strip_prefix("//").unwrap_or_default();
    if authority
        .split(['/', '?'])
        .next()
        .unwrap_or_default()
        .contains('@')
    {
        return Err("must not hold a user name");
    }
    Ok(())
}

/// `None` for other schemes, user names, and ports that are not plain numbers.
fn web(uri: &str) -> Option<Web<'_>> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    let host_end = match authority.strip_prefix('[') {
        Some(address) => address.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(host_end);
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    let is_web = matches!(scheme, "https" | "http");
    (is_web && is_port && !host.is_empty() && !host.contains('@')).then_some(Web {
        scheme,
        host,
        rest,
    })
}

fn is_port(digits: &str) -> bool {
    let port: Result<u16, _> = digits.parse();
    port.is_ok_and(|port| port != 0 && port.to_string() == digits)
}

/// A host that is the computer of whoever reads the address.
fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
}

/// Loopback addresses are one computer, whatever they are called.
fn is_own(url: &Url, own: &str) -> bool {
    let Ok(own) = Url::parse(own) else {
        return true;
    };
    let is_here = |url: &Url| url.host_str().is_some_and(is_loopback);
    url.origin() == own.origin()
        || (is_here(url)
            && is_here(&own)
            && url.port_or_known_default() == own.port_or_known_default())
}
