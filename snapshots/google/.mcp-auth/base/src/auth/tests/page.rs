//! The pages that people see: whatever strangers write into them, they say what is true and run nothing.

use axum::{body::to_bytes, http::StatusCode, response::Response};
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::auth::oauth::{
    clients::Origin,
    page::{Consent, consent, forbidden, problem},
    redirects::Target,
    secrets::sha256,
};

const HOSTILE: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"#;
/// Each turns the order of letters, or shows nothing.
const HIDDEN: &str = "\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\
    \u{2060}\u{2066}\u{2067}\u{2068}\u{2069}\u{feff}\u{ad}\u{115f}\u{3164}\u{fe0f}\u{e0041}\u{2028}\u{0}\u{7f}\u{9b}\r\t\u{b}";

fn example() -> Consent<'static> {
    Consent {
        server: "mcp.example.com",
        client: "Weather Desk",
        origin: &Origin::Registered,
        redirect_uri: "https://desk.example.net/callback",
        target: Target::Web("desk.example.net".into()),
        scopes: &[],
        provider: "GitHub",
        provider_scopes: "user:email read:org",
        request: "sealed-request",
        csrf: "csrf-proof",
    }
}

fn document(host: &str) -> Origin {
    Origin::Document {
        host: host.to_owned(),
    }
}

async fn text(response: Response) -> String {
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// Whether characters that hide are anywhere in what a page says.
fn hides_something(page: &str) -> bool {
    let (_, body) = page.split_once("</style>").unwrap();
    body.chars().any(|c| HIDDEN.contains(c))
}

/// The page without the places where hosts may break.
async fn html(page: &Consent<'_>) -> String {
    text(consent(page)).await.replace("<wbr>", "")
}

/// The page for a client of this name.
async fn named(client: &str) -> String {
    let mut asked = example();
    asked.client = client;
    html(&asked).await
}

/// What stands between two texts, the first time.
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let (_, rest) = page.split_once(begin).unwrap();
    rest.split_once(end).unwrap().0
}

#[tokio::test]
async fn it_says_who_wants_what_and_where_the_answer_goes() {
    let scopes = [
        ("mcp:tools".into(), Some("Use the tools")),
        ("odd:scope".into(), None),
    ];
    let mut asked = example();
    asked.scopes = &scopes;
    let page = html(&asked).await;
    for part in [
        "<title>Let an application use mcp.example.com?</title>",
        "<h1>Let an application use mcp.example.com?</h1>",
        "<bdi>Weather Desk</bdi>",
        "Anybody can choose any name. This one was not checked.",
        r#"<p class="place"><strong>desk.example.net</strong></p>"#,
        "<code>https://desk.example.net/callback</code>",
        "<li>Use the tools <small><code>mcp:tools</code></small></li>",
        "<li><code>odd:scope</code></li>",
        "<bdi>GitHub</bdi>",
        "asks <bdi>GitHub</bdi> for <code>user:email read:org</code>,",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(!page.contains("Careful"), "{page}");
}

#[tokio::test]
async fn a_checked_publisher_is_named_and_the_name_still_is_not() {
    let origin = document("desk.example.net");
    let mut asked = example();
    asked.origin = &origin;
    let page = html(&asked).await;
    assert!(page.contains("published on <strong>desk.example.net</strong>, which"));
    assert!(page.contains("The name is its own choice.") && !page.contains("not checked"));
}

#[tokio::test]
async fn a_client_that_the_owner_entered_is_vouched_for() {
    let mut asked = example();
    asked.origin = &Origin::File;
    let page = html(&asked).await;
    assert!(page.contains("The owner of this server has entered it here"));
    assert!(!page.contains("not checked") && !page.contains("its own choice"));
}

#[tokio::test]
async fn programs_on_this_device_come_with_a_warning() {
    for (target, shown) in [
        (Target::Loopback("127.0.0.1".into()), "127.0.0.1"),
        (Target::PrivateScheme("desk".into()), "desk:"),
    ] {
        let mut asked = example();
        asked.target = target;
        let page = html(&asked).await;
        let place = between(&page, r#"<p class="place"><strong>"#, "<");
        let warning = between(&page, r#"<p class="warning">"#, "</p>");
        assert_eq!(place, shown);
        assert!(warning.contains("Only continue if you have just started this yourself"));
    }
}

#[tokio::test]
async fn the_form_has_two_plain_buttons_and_carries_the_request_back() {
    let page = html(&example()).await;
    let form = between(&page, "<form ", "</form>");
    assert!(form.starts_with(r#"method="post" action="/consent""#));
    for part in [
        r#"<input type="hidden" name="request" value="sealed-request">"#,
        r#"<input type="hidden" name="csrf" value="csrf-proof">"#,
        r#"name="answer" value="deny">Deny</button>"#,
        r#"name="answer" value="approve">Approve</button>"#,
    ] {
        assert!(form.contains(part), "{part} is missing in {form}");
    }
    assert!(form.find("Deny") < form.find("Approve"));
    assert!(!page.contains("autofocus") && !page.contains("disabled"));
}

#[tokio::test]
async fn hostile_text_is_only_text() {
    let scopes = [(HOSTILE.to_owned(), None)];
    let (origin, hostile) = (document("desk.example.net"), document(HOSTILE));
    for kind in [Target::Web, Target::Loopback, Target::PrivateScheme] {
        let mut asked = example();
        (asked.origin, asked.scopes) = (&origin, &scopes);
        asked.target = kind("desk".to_owned());
        let honest = html(&asked).await;
        let page = html(&Consent {
            server: HOSTILE,
            client: HOSTILE,
            origin: &hostile,
            redirect_uri: HOSTILE,
            target: kind(HOSTILE.to_owned()),
            scopes: &scopes,
            provider: HOSTILE,
            provider_scopes: HOSTILE,
            request: HOSTILE,
            csrf: HOSTILE,
        })
        .await;
        let tags = |page: &str| page.matches(['<', '>']).count();
        assert!(page.contains("<bdi>&quot;'&gt;&lt;script&gt;"), "{page}");
        assert!(page.contains(r#"name="csrf" value="&quot;'&gt;&lt;script"#));
        assert_eq!(tags(&page), tags(&honest), "{page}");
    }
}

#[tokio::test]
async fn characters_that_hide_or_turn_others_are_gone() {
    let name = format!("Good{HIDDEN} name");
    let mut asked = example();
    asked.client = &name;
    asked.redirect_uri = "https://desk.example.net/\u{202e}cba";
    asked.target = Target::Web("d\u{435}sk.example.net\u{200f}".into());
    let page = html(&asked).await;
    assert!(!hides_something(&page), "{page}");
    let shown = between(&page, "<bdi>", "</bdi>");
    assert!(shown.split_whitespace().eq(["Good", "name"]), "{shown}");
    // What only looks like a Latin letter does not look like one here.
    assert!(page.contains("<strong>d%D0%B5sk.example.net%E2%80%8F</strong>"));
    assert!(page.contains("<code>https://desk.example.net/%E2%80%AEcba</code>"));
}

#[tokio::test]
async fn a_name_that_shows_nothing_counts_as_none_and_a_long_one_ends() {
    for blank in ["", "  ", "\u{3164}\u{2800}\u{200b}\u{a0}"] {
        let page = named(blank).await;
        assert!(page.contains("An application without a name"), "{blank:?}");
    }
    let page = named(&"É".repeat(100_000)).await;
    assert_eq!(page.matches('É').count(), 200);
}

#[tokio::test]
async fn other_scripts_and_pictures_stay_as_they_are() {
    for name in ["مساعد الطقس (2)", "עוזר", "天気 ☀ 🐙", "Zoë's Café"] {
        let page = named(name).await;
        assert!(page.contains(&format!("<bdi>{name}</bdi>")), "{page}");
    }
}

#[tokio::test]
async fn whoever_may_not_in_sees_as_whom_and_the_way_back() {
    let account = format!("{HIDDEN}<b>eve");
    let page = forbidden("GitHub", &account, "https://desk.example.net/?a=1&b=\">");
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    let page = text(page).await;
    assert!(!hides_something(&page), "{page}");
    assert!(page.contains("<bdi>&lt;b&gt;eve</bdi>"), "{page}");
    assert!(page.contains(r#"href="https://desk.example.net/?a=1&amp;b=&quot;&gt;""#));
}

#[tokio::test]
async fn problems_are_only_text() {
    let why = format!("Why & {HIDDEN}how.");
    let page = text(problem(StatusCode::BAD_REQUEST, "Not <you>", &why)).await;
    assert!(page.contains("<title>Not &lt;you&gt;</title>") && page.contains("<p>Why &amp; "));
    assert!(!hides_something(&page), "{page}");
}

#[tokio::test]
async fn the_headers_are_exactly_these() {
    let problem = problem(StatusCode::BAD_REQUEST, "No", "Why.");
    assert_eq!(problem.status(), StatusCode::BAD_REQUEST);
    for response in [consent(&example()), problem] {
        let headers = response.headers().clone();
        let page = text(response).await;
        let style = between(&page, "<style>", "</style>").replace("\r\n", "\n");
        let hash = BASE64_STANDARD.encode(sha256(style.as_bytes()));
        let policy = format!(
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-{hash}'"
        );
        let expected = [
            ("content-type", "text/html; charset=utf-8"),
            ("content-security-policy", &policy),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
        ];
        assert_eq!(headers.len(), expected.len(), "{headers:?}");
        for (name, value) in expected {
            assert_eq!(headers[name], *value);
        }
    }
}

#[tokio::test]
async fn nothing_is_loaded_and_nothing_runs() {
    let loads_or_runs = [
        "script", "link", "img", "iframe", "object", "base", "svg", "src", "href", "onclick",
    ];
    let problem = text(problem(StatusCode::BAD_REQUEST, "No", "Why.")).await;
    for page in [html(&example()).await, problem] {
        assert!(page.starts_with(r#"<!DOCTYPE html><html lang="en">"#));
        let style = between(&page, "<style>", "</style>");
        let loads = ["url(", "@import", "http"];
        assert!(!loads.iter().any(|part| style.contains(part)), "{style}");
        for tag in page.split('<').filter_map(|rest| rest.split('>').next()) {
            let mut names = tag.split([' ', '=']);
            assert!(!names.any(|name| loads_or_runs.contains(&name)), "{tag}");
        }
    }
}
