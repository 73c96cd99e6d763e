//! The pages that people see: consent, and what went wrong. Most of what they show was written by strangers: it is
//! escaped, isolated, and rid of characters that hide. Pure; no script, nothing loaded.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{clients::Origin, redirects::Target, secrets::sha256};

const CSS: &str = include_str!("page.css");
/// How many characters of a name are shown.
const MAX_NAME: usize = 200;

/// Loads nothing, stands in no frame. There is no `form-action`: Chrome applies it to every redirect after the
/// form, and those lead to the provider and to the client.
const ALONE: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/// With the hash of the one style sheet that is allowed.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    // Browsers read line ends as `\n`, however the file was checked out.
    let hash = BASE64_STANDARD.encode(sha256(CSS.replace("\r\n", "\n").as_bytes()));
    let policy = format!("{ALONE}; style-src 'sha256-{hash}'");
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(ALONE))
});

/// What a person must know to decide.
pub struct Consent<'a> {
    /// The host of this server.
    pub server: &'a str,
    /// What the client calls itself.
    pub client: &'a str,
    /// How it is known here, which is what its name is worth.
    pub origin: &'a Origin,
    /// Where the answer goes.
    pub redirect_uri: &'a str,
    /// What kind of place that is.
    pub target: Target,
    /// The scopes, and what they mean where that is known.
    pub scopes: &'a [(String, Option<&'static str>)],
    /// Who logs the person in.
    pub provider: &'a str,
    /// What the provider will be asked for, separated by spaces.
    pub provider_scopes: &'a str,
    /// The sealed request.
    pub request: &'a str,
    /// Proof that the form came from this server.
    pub csrf: &'a str,
}

/// The page that asks. Deny comes first, and no button has the focus: a blind Enter approves nothing.
pub fn consent(page: &Consent<'_>) -> Response {
    let title = format!("Let an application use {}?", ascii(page.server));
    let content = html! {
        (who(page))
        h2 { "Your approval will be sent to" }
        (place(page))
        h2 { "It will be able to" }
        (rights(page.scopes))
        p.next { "If you approve, you will log in with " strong { bdi { (visible(page.provider)) } } " next." }
        @if !page.provider_scopes.is_empty() {
            p.small { "This server then asks " bdi { (visible(page.provider)) } " for " code { (words(page.provider_scopes)) } ", and keeps the answer to itself." }
        }
        form method="post" action="/consent" autocomplete="off" {
            input type="hidden" name="request" value=(page.request);
            input type="hidden" name="csrf" value=(page.csrf);
            button type="submit" name="answer" value="deny" { "Deny" }
            " "
            button.approve type="submit" name="answer" value="approve" { "Approve" }
        }
        p.small { "If you did not ask for this, or are not sure, deny: the application then gets nothing." }
    };
    respond(StatusCode::OK, &title, &content)
}

/// A page that says what went wrong. `text` is of this server, and says why and what helps.
pub fn problem(status: StatusCode, title: &str, text: &str) -> Response {
    respond(status, title, &html! { p { (visible(text)) } })
}

/// The page for a request that this server cannot answer now, through no fault of anybody.
pub fn unavailable() -> Response {
    let page = problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "This does not work right now",
        "Wait a moment, then start again from the application.",
    );
    ([(header::RETRY_AFTER, "5")], page).into_response()
}

/// The page for somebody who may not use this server. `back` tells the client; its scheme was checked.
pub fn forbidden(provider: &str, account: &str, back: &str) -> Response {
    let content = html! {
        p { "You have logged in with " strong { bdi { (visible(provider)) } } " as" }
        p.name { bdi { (shortened(account)) } }
        p { "Log in there with another account and try again, or ask the owner of this server to let this one in." }
        a.button href=(back) { "Back to the application" }
    };
    let title = "This account may not use this server";
    respond(StatusCode::FORBIDDEN, title, &content)
}

fn who(page: &Consent<'_>) -> Markup {
    html! {
        @let name = shortened(page.client);
        @if name.is_empty() {
            p { "An application without a name wants to use this server on your behalf." }
        } @else {
            p { "An application that calls itself" }
            p.name { "“" bdi { (name) } "”" }
            p { "wants to use this server on your behalf." }
        }
        @match page.origin {
            Origin::Registered => p.small { "Anybody can choose any name. This one was not checked." },
            Origin::File => p.small { "The owner of this server has entered it here, under this name." },
            Origin::Document { host } => {
                p { "It is published on " strong { (breakable(&ascii(host))) } ", which this server has checked." }
                p.small { "The name is its own choice." }
            }
        }
    }
}

fn place(page: &Consent<'_>) -> Markup {
    const LOOPBACK: &str = "This is a program on the computer that you are using.";
    const APP: &str = "This opens a program on your device. Any program can claim this address.";
    const ONLY: &str = "Only continue if you have just started this yourself, in that program.";
    let (place, warning) = match &page.target {
        Target::Web(host) => (ascii(host), None),
        Target::Loopback(host) => (ascii(host), Some(LOOPBACK)),
        Target::PrivateScheme(scheme) => (ascii(scheme) + ":", Some(APP)),
    };
    html! {
        p.place { strong { (breakable(&place)) } }
        p.small { code { (ascii(page.redirect_uri)) } }
        @if let Some(warning) = warning {
            p.warning { strong { "Careful. " } (warning) " " (ONLY) }
        }
    }
}

fn rights(scopes: &[(String, Option<&'static str>)]) -> Markup {
    html! {
        ul {
            @for (scope, words) in scopes {
                @let scope = ascii(scope);
                li { @if let Some(words) = words { (words) " " small { code { (scope) } } } @else { code { (scope) } } }
            }
            @if scopes.is_empty() { li { "Use this server as you, without special permissions" } }
        }
    }
}

fn respond(status: StatusCode, title: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8"; meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(CSS)) }
            }
            body { main { h1 { (breakable(title)) } (content) } }
        }
    };
    // No Cross-Origin-Opener-Policy: clients open this page in a pop-up, and it would cut them off from theirs.
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ];
    let policy = [(header::CONTENT_SECURITY_POLICY, POLICY.clone())];
    (status, headers, policy, page.into_string()).into_response()
}

/// Hosts in a narrow page break after a dot rather than inside a name.
fn breakable(text: &str) -> Markup {
    html! { @for part in text.split_inclusive('.') { (part) wbr; } }
}

/// Addresses and scopes: what is not visible ASCII is percent-encoded, so that nothing looks like something else.
fn ascii(text: &str) -> String {
    let shown = |byte| match byte {
        b'!'..=b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(shown).collect()
}

/// Scopes, separated by spaces.
fn words(scopes: &str) -> String {
    let words: Vec<_> = scopes.split(' ').map(ascii).collect();
    words.join(" ")
}

/// Without characters that show nothing or turn the order of others; controls and line ends become spaces.
fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        _ if c.is_whitespace() || c.is_control() => Some(' '),
        _ if is_hidden(c) => None,
        _ => Some(c),
    };
    text.chars().filter_map(shown).collect()
}

/// A name, fit to be shown.
fn shortened(name: &str) -> String {
    visible(name).trim().chars().take(MAX_NAME).collect()
}

fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
