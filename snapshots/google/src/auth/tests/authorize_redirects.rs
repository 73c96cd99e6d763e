//! Where a login may end (RFC 9700 section 2.1): an address that is not the client's own is never the target of a
//! redirect, however it is spelt, and what is the client's own comes back as it was.

use axum::http::StatusCode;
use serde_json::json;

use super::{
    app::App,
    login::{BASE, Browser, Client, REDIRECT, authorize, parameter, post_form, register},
};

const REGISTERED: [&str; 7] = [
    "https://good.example/cb",
    "https://good.example:8443/cb?flag",
    "https://xn--bcher-kva.example/cb",
    "http://127.0.0.1:7777/cb",
    "http://localhost/cb?flag",
    "http://[::1]:7777/cb",
    "cursor://anysphere.cursor-mcp/cb",
];

async fn start() -> (App, Client) {
    let app = App::start().await;
    let answer = register(&app, &json!({ "redirect_uris": REGISTERED })).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    (app, Client::of(&answer))
}

#[tokio::test]
async fn an_address_of_somebody_else_gets_a_page_and_no_redirect() {
    let (app, client) = start().await;
    for uri in [
        "",
        // User-info tricks.
        "https://good.example@evil.example/cb",
        "https://good.example:x@evil.example/cb",
        "https://good.example%40evil.example/cb",
        "https://evil.example\\@good.example/cb",
        "https://user@good.example/cb",
        "http://127.0.0.1:7777@evil.example/cb",
        "http://localhost:1@evil.example/cb?flag",
        "http://localhost:@evil.example/cb?flag",
        "http://[::1]:7777@evil.example/cb",
        // Hosts that look like it.
        "https://good.example.evil.example/cb",
        "https://evil.good.example/cb",
        "https://evilgood.example/cb",
        "https://good.example./cb",
        "https://GOOD.example/cb",
        "https://b\u{fc}cher.example/cb",
        "https://xn--bcher-kvb.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://localhost.evil.example/cb?flag",
        "http://localhost.:1/cb?flag",
        "http://LOCALHOST/cb?flag",
        // Dot segments and other paths.
        "https://good.example/cb/../evil",
        "https://good.example/evil/../cb",
        "https://good.example/./cb",
        "https://good.example/cb/%2e%2e/evil",
        "https://good.example/%63b",
        "https://good.example//cb",
        "https://good.example/CB",
        "https://good.example/cb/",
        "https://good.example/",
        "https://good.example/cb?",
        "https://good.example/cb?evil=1",
        "https://good.example/cb#evil",
        "https://good.example/cb#",
        "https://good.example:8443/cb",
        "https://good.example:8443/cb?flag=",
        "http://localhost/cb",
        "http://localhost:1/cb?flag#evil",
        // Port, scheme.
        "https://good.example:443/cb",
        "https://good.example:444/cb",
        "https://good.example/cb?flag",
        "http://good.example/cb",
        "https://127.0.0.1:7777/cb",
        "https://localhost/cb?flag",
        "HTTPS://good.example/cb",
        "javascript:alert(1)",
        "cursor://evil/cb",
        "cursor://anysphere.cursor-mcp/cb2",
        "cursor2://anysphere.cursor-mcp/cb",
        // One name of this computer for another.
        "http://localhost:7777/cb",
        "http://127.0.0.1/cb?flag",
        "http://127.0.0.2:7777/cb",
        "http://127.1:7777/cb",
        "http://2130706433:7777/cb",
        "http://0.0.0.0:7777/cb",
        "http://[::]:7777/cb",
        "http://[::ffff:127.0.0.1]:7777/cb",
        "http://[0:0:0:0:0:0:0:1]:7777/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:99999/cb",
        "http://127.0.0.1:+80/cb",
        // White space and control characters.
        " https://good.example/cb",
        "https://good.example/cb ",
        "https://good.example/cb\n",
        "https://good.example/cb\r\nSet-Cookie: evil=1",
        "https://good.example\t/cb",
        "https://good.example/cb\0",
    ] {
        let request = client.asking("redirect_uri", uri);
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri}");
        assert_eq!(answer.header("location"), "", "{uri}");
        assert!(!answer.body.contains("evil"), "{uri}");
    }
}

#[tokio::test]
async fn the_clients_own_addresses_and_other_ports_of_its_programs_are_good() {
    let (app, client) = start().await;
    let other_ports = [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://localhost:65535/cb?flag",
        "http://[::1]:50505/cb",
    ];
    for uri in REGISTERED.iter().chain(&other_ports) {
        let request = client.asking("redirect_uri", uri);
        let page = Browser::default().consent(&app, &request).await;
        assert!(page.body.contains(&format!("<code>{uri}</code>")), "{uri}");
    }
}

#[tokio::test]
async fn a_program_is_not_answered_on_the_port_of_this_server() {
    let app = App::with(&[("BASE_URL", "http://localhost:8000")]).await;
    let client = Client::register(&app).await;
    for (port, is_good) in [("8001", true), ("8000", false)] {
        let uri = format!("http://127.0.0.1:{port}/callback");
        let mut request = client.asking("redirect_uri", &uri);
        request.retain(|(name, _)| *name != "resource");
        let answer = Browser::default().get(&app, &authorize(&request)).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, is_good, "{uri}");
    }
}

#[tokio::test]
async fn what_the_address_holds_stays_and_the_answer_is_added_once() {
    let (app, client) = start().await;
    for (uri, joint) in [
        ("https://good.example/cb", "?"),
        ("https://good.example:8443/cb?flag", "&"),
        ("http://localhost:50505/cb?flag", "&"),
        ("cursor://anysphere.cursor-mcp/cb", "?"),
    ] {
        let mut browser = Browser::default();
        let request = client.asking("redirect_uri", uri);
        let page = browser.consent(&app, &request).await;
        let mut denying = browser.clone();
        let away = browser.answer(&app, &page, "approve").await;
        let returning = browser.visit_provider(away.header("location")).await;
        let back = returning.finish(&app).await;
        let back = back.header("location");
        assert!(back.starts_with(&format!("{uri}{joint}code=")), "{back}");
        // Denied, and refused at once.
        let page = denying.consent(&app, &request).await;
        let denied = denying.answer(&app, &page, "deny").await;
        let mut bad = request.clone();
        bad.push(("response_mode", "fragment".to_owned()));
        let refused = Browser::default().get(&app, &authorize(&bad)).await;
        for back in [back, denied.header("location"), refused.header("location")] {
            assert!(back.starts_with(&format!("{uri}{joint}")), "{back}");
            assert_eq!(parameter(back, "iss").as_deref(), Some(BASE));
            assert_eq!(parameter(back, "state").as_deref(), Some("client state &?"));
            for name in ["iss=", "state="] {
                assert_eq!(back.matches(name).count(), 1, "{back}");
            }
            let outcomes = back.matches("code=").count() + back.matches("error=").count();
            assert_eq!(outcomes, 1, "{back}");
        }
    }
}

#[tokio::test]
async fn an_address_that_already_holds_an_answer_is_not_registered() {
    let app = App::start().await;
    for query in [
        "iss=https://evil.example",
        "x&code=1",
        "state=",
        "error",
        "%69ss=x",
    ] {
        let uri = format!("https://good.example/cb?{query}");
        let answer = register(&app, &json!({ "redirect_uris": [uri] })).await;
        assert_eq!(answer.json()["error"], "invalid_redirect_uri", "{query}");
    }
    for query in ["ISS=x", "codes=1", "estate", "x=code", "", "&"] {
        let uri = format!("https://good.example/cb?{query}");
        let answer = register(&app, &json!({ "redirect_uris": [uri] })).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{query}");
    }
}

#[tokio::test]
async fn the_port_of_a_program_is_that_of_the_request_not_of_the_registration() {
    let app = App::start().await;
    let client = Client::register(&app).await;
    let address = "http://127.0.0.1:50505/callback";
    for (uri, is_good) in [(REDIRECT, false), (address, true)] {
        let mut browser = Browser::default();
        let request = client.asking("redirect_uri", address);
        let page = browser.consent(&app, &request).await;
        let away = browser.answer(&app, &page, "approve").await;
        let returning = browser.visit_provider(away.header("location")).await;
        let back = returning.finish(&app).await;
        assert!(back.header("location").starts_with(address), "{back:?}");
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &*client.id),
            ("code", &parameter(back.header("location"), "code").unwrap()),
            ("redirect_uri", uri),
            ("code_verifier", &client.verifier),
        ];
        let answer = post_form(&app, "/token", &form).await;
        assert_eq!(answer.status == StatusCode::OK, is_good, "{uri}");
    }
}
