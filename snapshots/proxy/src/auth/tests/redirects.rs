//! Redirect URIs: what may be registered, what a request may use, what people are shown.

use reqwest::Url;

use crate::auth::oauth::redirects::{Target, ensure_acceptable, kind, matches};

const OWN: &str = "https://mcp.example.com";

#[test]
fn the_redirect_uris_of_real_clients_are_acceptable() {
    for uri in [
        "https://claude.ai/api/mcp/auth_callback",
        "https://chatgpt.com/connector_platform_oauth_redirect",
        "https://vscode.dev/redirect",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://127.0.0.1:33418",
        "http://127.0.0.1:33418/",
        "http://127.0.0.1/callback",
        "http://localhost/callback",
        "http://localhost:6274/oauth/callback/debug",
        "http://[::1]:8000/callback",
        "http://127.8.8.8:1/",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "vscode://saoudrizwan.claude-dev/callback",
        "vscode-insiders://vscode.github-authentication/did-authenticate",
        "windsurf://codeium.windsurf/oauth",
        "warp://mcp/oauth2callback",
        "grokbot://mcp/oauth/callback",
        "kiro://saoudrizwan.claude-dev/mcp-auth/callback/0a1b",
        "raycast://oauth?package_name=Extension",
        "com.raycast:/oauth?package_name=Extension",
        "com.example.app:/oauth2redirect",
        "com.example.app:///oauth2redirect",
        "https://example.com/cb?flag",
        "https://example.com/cb?a=1&b=%2F..%2F",
        "https://example.com/a..b/.well-known/...",
        "https://xn--bcher-kva.example/cb",
        "https://[2606:4700::1111]/cb",
        "https://Example.com/cb",
        "https://localhost:8443/cb",
        "https://mcp.example.com.evil.example/cb",
        "https://mcp.example.com:8443/cb",
    ] {
        assert_eq!(ensure_acceptable(uri, OWN), Ok(()), "{uri}");
    }
}

#[test]
fn dangerous_redirect_uris_are_refused() {
    for uri in [
        "",
        "/callback",
        "//example.com/cb",
        "example.com/cb",
        "example.com:8080/cb",
        // Schemes.
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "data://example.com/x",
        "file:///etc/passwd",
        "vbscript:x",
        "blob:https://example.com/x",
        "about:blank",
        "view-source:https://example.com/",
        "ftp://example.com/cb",
        "ws://example.com/cb",
        "intent://example.com/cb",
        "ms-msdt:/id",
        "myapp://callback",
        "CURSOR://callback",
        "cursor:callback",
        "Com.example.app:/cb",
        ".com:/cb",
        "com.:/cb",
        "com..example:/cb",
        "1com.example:/cb",
        "com.example.app:cb",
        "com.example.app:",
        "HTTPS://example.com/cb",
        // Clear text to elsewhere.
        "http://example.com/cb",
        "http://10.0.0.1/cb",
        "http://0.0.0.0/cb",
        "http://localhost.evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://evil.localhost/cb",
        "http://localhost./cb",
        "http://[::ffff:127.0.0.1]/cb",
        // Hosts that are not what they look like.
        "https:/example.com/cb",
        "https:example.com/cb",
        "https:///example.com/cb",
        "https://",
        "https:///cb",
        "https://?x",
        "https://good.com@evil.com/cb",
        "https://good.com:80@evil.com/cb",
        "https://user:pass@example.com/cb",
        "https://@example.com/cb",
        "https://good.com%40evil.com/cb",
        "https://%65vil.com/cb",
        "https://evil.com\\@good.com/cb",
        "https://evil.com\\.good.com/cb",
        "https://example.com./cb",
        "https://bücher.example/cb",
        "https://ex\u{ff0e}ample.com/cb",
        "https://xn--/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0x7f.0.0.1/cb",
        "http://0177.0.0.1/cb",
        "http://[0:0:0:0:0:0:0:1]/cb",
        "http://[::1/cb",
        "http://[::1]x/cb",
        "cursor://user@host/cb",
        "com.example.app://user:pass@host",
        // Ports.
        "https://example.com:/cb",
        "https://example.com:0/cb",
        "https://example.com:065/cb",
        "https://example.com:+443/cb",
        "https://example.com:65536/cb",
        "http://localhost:80:80/cb",
        "http://localhost:x/cb",
        // Fragments and wildcards.
        "https://example.com/cb#",
        "https://example.com/cb#x",
        "cursor://host/cb#x",
        "https://*.example.com/cb",
        "https://example.com/*",
        "https://*/",
        "*",
        // Dot segments.
        "https://example.com/.",
        "https://example.com/a/../cb",
        "https://example.com/a/./cb",
        "https://example.com/a/..",
        "https://example.com/a/..?x",
        "https://example.com/%2e%2e/cb",
        "https://example.com/.%2E/cb",
        "https://example.com/%252e%252e/cb",
        "https://example.com/%25252e./cb",
        "https://example.com/a/..%2fcb",
        "https://example.com/a%2F..%5Ccb",
        "https://example.com/a/..;x=1/cb",
        "https://example.com/a/..%3bx/cb",
        "cursor://host/../cb",
        "com.example.app:/%2e%2e/cb",
        // Characters.
        "https://example.com/c b",
        " https://example.com/cb",
        "https://example.com/cb ",
        "https://example.com/cb\n",
        "https://exam\tple.com/cb",
        "https://example.com/cb\r\nSet-Cookie:x=y",
        "https://example.com/cb%0d%0aSet-Cookie:x=y",
        "https://example.com/cb?x=%00",
        "https://example.com/cb%7f",
        "https://example.com/cb\0",
        "https://example.com/\u{202e}cb",
        "https://example.com/\"><script>",
        "https://example.com/`x`",
        "https://example.com/{x}",
        "https://example.com/a|b",
        "https://example.com/a^b",
        "https://example.com/%",
        "https://example.com/%4",
        "https://example.com/%zz",
        "https://example.com/%+4",
    ] {
        assert!(ensure_acceptable(uri, OWN).is_err(), "{uri:?}");
    }
    let long = |length: usize| format!("https://example.com/{}", "x".repeat(length - 20));
    assert_eq!(ensure_acceptable(&long(512), OWN), Ok(()));
    assert!(ensure_acceptable(&long(513), OWN).is_err());
}

#[test]
fn nobody_is_sent_back_to_this_server() {
    for (own, uri) in [
        (OWN, "https://mcp.example.com"),
        (OWN, "https://mcp.example.com/auth/callback"),
        (OWN, "https://MCP.example.com:443/consent"),
        (OWN, "https://mcp.example.com./auth/callback"),
        (
            "https://mcp.example.com:8443",
            "https://mcp.example.com:8443/x",
        ),
        (
            "http://localhost:8000",
            "http://localhost:8000/auth/callback",
        ),
        (
            "http://localhost:8000",
            "http://127.0.0.1:8000/auth/callback",
        ),
        ("http://127.0.0.1:8000", "http://[::1]:8000/auth/callback"),
        ("nonsense", "https://example.com/cb"),
    ] {
        assert!(ensure_acceptable(uri, own).is_err(), "{own} {uri}");
    }
    let other = ensure_acceptable("http://localhost:8001/callback", "http://localhost:8000");
    assert_eq!(other, Ok(()));
}

#[test]
fn what_is_acceptable_is_read_the_same_way_by_browsers() {
    let pieces = [
        "https://",
        "http://",
        "https:",
        "cursor://",
        "com.x:/",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "good.com",
        "evil.com",
        "@",
        ":",
        ":80",
        "/",
        "\\",
        "?",
        "#",
        ".",
        "..",
        "%2e",
        "%40",
        "cb",
    ];
    for uri in random_texts(&pieces, 200_000) {
        if ensure_acceptable(&uri, OWN).is_err() {
            continue;
        }
        let url = Url::parse(&uri).unwrap();
        assert!(
            url.username().is_empty() && url.password().is_none(),
            "{uri}"
        );
        let host = url.host_str().unwrap_or_default().to_owned();
        match kind(&uri) {
            Target::Web(shown) => assert_eq!((shown, url.scheme()), (host, "https"), "{uri}"),
            Target::Loopback(shown) => {
                assert_eq!(shown, host, "{uri}");
                assert!(
                    ["localhost", "127.0.0.1", "[::1]"].contains(&&*shown),
                    "{uri}"
                );
            }
            Target::PrivateScheme(shown) => assert_eq!(shown, url.scheme(), "{uri}"),
        }
    }
}

#[test]
fn a_request_may_use_what_is_registered_and_other_ports_of_loopback_addresses() {
    for (registered, presented) in [
        ("https://example.com/cb", "https://example.com/cb"),
        ("https://example.com/cb?flag", "https://example.com/cb?flag"),
        ("cursor://host/cb", "cursor://host/cb"),
        ("http://localhost/cb", "http://localhost:3118/cb"),
        ("http://localhost:1/cb", "http://localhost:65535/cb"),
        ("http://localhost:1/cb", "http://localhost/cb"),
        ("http://127.0.0.1/", "http://127.0.0.1:33418/"),
        ("http://127.0.0.1", "http://127.0.0.1:33418"),
        ("http://[::1]/cb?flag", "http://[::1]:5000/cb?flag"),
    ] {
        assert!(matches(registered, presented), "{registered} {presented}");
    }
}

#[test]
fn a_request_may_use_nothing_else() {
    for (registered, presented) in [
        ("https://good.com/cb", "https://good.com:8443/cb"),
        ("https://good.com/cb", "https://good.com:443/cb"),
        ("https://good.com/cb", "http://good.com/cb"),
        ("http://good.com/cb", "http://good.com:81/cb"),
        ("https://good.com/cb", "https://evil.com/cb"),
        ("https://good.com/cb", "https://good.com@evil.com/cb"),
        ("https://good.com/cb", "https://good.com.evil.com/cb"),
        ("https://good.com/cb", "https://evil.good.com/cb"),
        ("https://good.com/cb", "https://evilgood.com/cb"),
        ("https://good.com/cb", "https://good.com./cb"),
        ("https://good.com/cb", "https://GOOD.com/cb"),
        ("https://good.com/cb", "https://good.com/CB"),
        ("https://good.com/cb", "https://good.com/cb/"),
        ("https://good.com/cb", "https://good.com/cb/../evil"),
        ("https://good.com/cb", "https://good.com/x/../cb"),
        ("https://good.com/cb", "https://good.com/%63b"),
        ("https://good.com/cb", "https://good.com/cb/%2e%2e/evil"),
        ("https://good.com/cb", "https://good.com/cb?"),
        ("https://good.com/cb", "https://good.com/cb#"),
        ("https://good.com/cb", "https://good.com/cb?x=y"),
        ("https://good.com/cb?flag", "https://good.com/cb"),
        ("https://good.com/cb?flag", "https://good.com/cb?flag="),
        ("https://good.com/cb", " https://good.com/cb"),
        ("https://good.com/cb", ""),
        (
            "https://xn--bcher-kva.example/cb",
            "https://bücher.example/cb",
        ),
        ("https://localhost:1/cb", "https://localhost:2/cb"),
        ("cursor://host:1/cb", "cursor://host:2/cb"),
        ("http://localhost/cb", "https://localhost/cb"),
        ("http://localhost/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://localhost/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.2/cb"),
        ("http://127.0.0.1/cb", "http://127.1/cb"),
        ("http://127.0.0.1/cb", "http://[::1]/cb"),
        ("http://[::1]/cb", "http://[::2]/cb"),
        ("http://[::1]/cb", "http://[0::1]:1/cb"),
        ("http://localhost/cb", "http://localhost.:1/cb"),
        ("http://localhost/cb", "http://LOCALHOST:1/cb"),
        ("http://localhost/cb", "http://localhost:1@evil.com/cb"),
        ("http://localhost/cb", "http://localhost:@evil.com/cb"),
        ("http://localhost/cb", "http://localhost:1\\@evil.com/cb"),
        ("http://localhost/cb", "http://localhost@evil.com/cb"),
        ("http://localhost/cb", "http://localhost:/cb"),
        ("http://localhost/cb", "http://localhost:0/cb"),
        ("http://localhost/cb", "http://localhost:99999/cb"),
        ("http://localhost/cb", "http://localhost: 1/cb"),
        ("http://localhost/cb", "http://localhost:1/cb?x"),
        ("http://localhost/cb", "http://localhost:1/cb#x"),
        ("http://localhost", "http://localhost:1/"),
        ("http://localhost/cb?flag", "http://localhost:1/cb?flag="),
    ] {
        assert!(!matches(registered, presented), "{registered} {presented}");
    }
}

#[test]
fn no_spelling_of_another_host_matches() {
    let pieces = [
        "http://",
        "http://",
        "https://",
        "http:",
        "localhost",
        "127.0.0.1",
        "127.0.0.2",
        "[::1]",
        "evil.com",
        "@",
        ":",
        ":1",
        ":65535",
        "/cb",
        "/cb",
        "\\",
        "?",
        "#",
        ".",
        " ",
        "\t",
        "%40",
    ];
    let registered = [
        "http://localhost/cb",
        "http://localhost:1/cb",
        "http://127.0.0.1/cb",
        "http://[::1]:1/cb",
        "https://evil.com/cb",
    ];
    let mut matched = 0;
    for presented in random_texts(&pieces, 200_000) {
        for registered in registered {
            if matches(registered, &presented) {
                let (one, other) = (
                    Url::parse(registered).unwrap(),
                    Url::parse(&presented).unwrap(),
                );
                let place =
                    |url: &Url| (url.scheme().to_owned(), url.host_str().map(str::to_owned));
                assert_eq!(place(&one), place(&other), "{registered} {presented}");
                assert_eq!(one.path(), other.path());
                assert!(other.username().is_empty() && other.password().is_none());
                matched += 1;
            }
        }
    }
    assert!(matched > 10, "{matched}");
}

#[test]
fn people_are_shown_where_they_go() {
    let web = |host: &str| Target::Web(host.to_owned());
    let loopback = |host: &str| Target::Loopback(host.to_owned());
    let scheme = |name: &str| Target::PrivateScheme(name.to_owned());
    for (uri, target) in [
        ("https://Claude.ai/api/mcp/auth_callback", web("claude.ai")),
        (
            "https://xn--bcher-kva.example:8443/cb",
            web("xn--bcher-kva.example"),
        ),
        (
            "https://localhost.evil.example/cb",
            web("localhost.evil.example"),
        ),
        (
            "https://evil.example?x=https://good.com/",
            web("evil.example"),
        ),
        ("http://localhost:3118/callback", loopback("localhost")),
        ("http://127.0.0.1:33418", loopback("127.0.0.1")),
        ("http://[::1]/", loopback("[::1]")),
        ("https://localhost:8443/", loopback("localhost")),
        ("cursor://anysphere.cursor-mcp/oauth", scheme("cursor")),
        (
            "com.example.app:/cb?x=https://good.com/",
            scheme("com.example.app"),
        ),
    ] {
        assert_eq!(ensure_acceptable(uri, OWN), Ok(()), "{uri}");
        assert_eq!(kind(uri), target, "{uri}");
    }
}

/// Texts put together from these pieces, always the same ones.
fn random_texts<'a>(pieces: &'a [&'a str], count: usize) -> impl Iterator<Item = String> + 'a {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    (0..count).map(move |_| {
        let length = 2 + next(5);
        (0..length).map(|_| pieces[next(pieces.len())]).collect()
    })
}
