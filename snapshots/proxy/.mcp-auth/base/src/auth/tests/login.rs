//! A client and a browser that log in, step by step, so that tests can do each step wrongly.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::app::{Answer, App};
use crate::auth::oauth::secrets::{random, sha256};

pub const BASE: &str = "https://mcp.example.com";
pub const REDIRECT: &str = "http://127.0.0.1:7777/callback";

/// A registered client with its PKCE verifier.
#[derive(Clone)]
pub struct Client {
    pub id: String,
    pub verifier: String,
}

impl Client {
    pub async fn register(app: &App) -> Self {
        let answer = register(
            app,
            &json!({ "redirect_uris": [REDIRECT], "client_name": "Test" }),
        )
        .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        Self::of(&answer)
    }

    /// The client that an answer to a registration is about.
    pub fn of(answer: &Answer) -> Self {
        Self {
            id: answer.json()["client_id"].as_str().unwrap().to_owned(),
            verifier: random().unwrap(),
        }
    }

    /// The parameters of a good authorization request.
    pub fn request(&self) -> Vec<(&'static str, String)> {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(sha256(self.verifier.as_bytes()));
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", self.id.clone()),
            ("redirect_uri", REDIRECT.to_owned()),
            ("state", "client state &?".to_owned()),
            ("scope", "mcp:tools".to_owned()),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256".to_owned()),
            ("resource", format!("{BASE}/mcp")),
        ]
    }

    /// The same with another value for one parameter; an empty one counts as left out.
    pub fn asking(&self, name: &'static str, value: &str) -> Vec<(&'static str, String)> {
        let mut request = self.request();
        request.retain(|(known, _)| *known != name);
        request.push((name, value.to_owned()));
        request
    }

    /// Redeems a code.
    pub async fn redeem(&self, app: &App, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &self.id),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", &self.verifier),
        ];
        post_form(app, "/token", &form).await
    }

    /// Refreshes.
    pub async fn refresh(&self, app: &App, token: &str) -> Answer {
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &self.id),
            ("refresh_token", token),
        ];
        post_form(app, "/token", &form).await
    }

    /// Goes the whole way, to the answer of `/token`.
    pub async fn log_in(&self, app: &App) -> Value {
        let code = self.code(app).await;
        let answer = self.redeem(app, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }

    /// Goes as far as the code.
    pub async fn code(&self, app: &App) -> String {
        let back = self.log_in_upstream(app).await.finish(app).await;
        let code = parameter(back.header("location"), "code");
        code.unwrap_or_else(|| panic!("no code: {back:?}"))
    }

    /// Goes as far as the provider, and comes back with its answer.
    pub async fn log_in_upstream(&self, app: &App) -> Returning {
        let mut browser = Browser::default();
        let page = browser.consent(app, &self.request()).await;
        let away = browser.answer(app, &page, "approve").await;
        browser.visit_provider(away.header("location")).await
    }
}

/// A browser with its cookies.
#[derive(Clone, Default)]
pub struct Browser {
    pub cookies: Vec<(String, String)>,
}

/// A browser that the provider sends back.
#[derive(Clone)]
pub struct Returning {
    pub browser: Browser,
    /// Path and query of the callback.
    pub callback: String,
}

impl Browser {
    /// Sends a request with the cookies, and keeps those of the answer.
    pub async fn send(&mut self, app: &App, mut request: Request<Body>) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            let cookies = cookies.join("; ").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, cookies);
        }
        let answer = app.send(request).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    pub async fn get(&mut self, app: &App, address: &str) -> Answer {
        let path = address.strip_prefix(BASE).unwrap_or(address);
        let request = Request::get(path).body(Body::empty()).unwrap();
        self.send(app, request).await
    }

    /// From the authorization request to the consent page.
    pub async fn consent(&mut self, app: &App, request: &[(&str, String)]) -> Answer {
        let answer = self.get(app, &authorize(request)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let page = self.get(app, answer.header("location")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page
    }

    /// Presses a button of the consent page.
    pub async fn answer(&mut self, app: &App, page: &Answer, button: &str) -> Answer {
        let (request, csrf) = (field(page, "request"), field(page, "csrf"));
        let form = [
            ("request", request.as_str()),
            ("csrf", &csrf),
            ("answer", button),
        ];
        self.send(app, form_request("/consent", &form)).await
    }

    /// Follows the redirect to the provider, which logs somebody in without asking.
    pub async fn visit_provider(self, address: &str) -> Returning {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // Loading those of the machine takes most of the time of a test.
            .tls_certs_only([])
            .build()
            .unwrap();
        let answer = http.get(address).send().await.unwrap();
        let location = answer.headers()[header::LOCATION].to_str().unwrap();
        Returning {
            callback: location.strip_prefix(BASE).unwrap().to_owned(),
            browser: self,
        }
    }
}

impl Returning {
    /// Back at this server.
    pub async fn finish(mut self, app: &App) -> Answer {
        self.browser.get(app, &self.callback).await
    }
}

/// The address of an authorization request.
pub fn authorize(request: &[(&str, String)]) -> String {
    format!("/authorize?{}", encoded(request))
}

/// A form field of a page.
pub fn field(page: &Answer, name: &str) -> String {
    let (_, rest) = page
        .body
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let url = reqwest::Url::parse(address).ok()?;
    let mut pairs = url.query_pairs();
    let (_, value) = pairs.find(|(found, _)| found == name)?;
    Some(value.into_owned())
}

pub async fn register(app: &App, metadata: &Value) -> Answer {
    let request = Request::post("/register")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(metadata.to_string()))
        .unwrap();
    app.send(request).await
}

pub async fn post_form(app: &App, path: &str, form: &[(&str, &str)]) -> Answer {
    app.send(form_request(path, form)).await
}

pub fn form_request(path: &str, form: &[(&str, &str)]) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(encoded(form)))
        .unwrap()
}

fn encoded<V: AsRef<str>>(pairs: &[(&str, V)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
