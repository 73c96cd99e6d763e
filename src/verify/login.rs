//! A client and a person with a browser, as far as a login needs them: registration (RFC 7591), authorization with PKCE
//! (RFC 7636), the consent page, the token. Asks over HTTP, nothing else.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ureq::http::Uri;

use super::{
    http::{Answer, Client, form},
    target::Target,
};
use crate::secret;

/// Nobody listens there: the browser stops before it.
const CALLBACK: &str = "http://127.0.0.1:1/callback";
/// Pages and redirects of one login.
const LONGEST: usize = 12;
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// An access token of the server, for a person whom its provider knows.
pub fn log_in(client: &Client, target: &Target) -> Result<String, String> {
    let address = format!("{}/.well-known/oauth-authorization-server", target.origin);
    let server = expect(
        client.get(&address, &[])?,
        200,
        "the metadata of the authorization server",
    )?;
    let client_id = register(client, &text(&server, "registration_endpoint")?)?;
    let (verifier, state) = (random()?, random()?);
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let question = form(&[
        ("response_type", "code"),
        ("client_id", &client_id),
        ("redirect_uri", CALLBACK),
        ("state", &state),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("resource", &target.resource()),
    ]);
    let endpoint = text(&server, "authorization_endpoint")?;
    let back = Browser::new(client).visit(format!("{endpoint}?{question}"))?;
    if parameter(&back, "state") != Some(&state) {
        return Err("the login came back with another state".into());
    }
    let code =
        parameter(&back, "code").ok_or_else(|| format!("the login came back with {back}"))?;
    // The code is passed on as it came: encoded.
    let redemption = form(&[
        ("grant_type", "authorization_code"),
        ("client_id", &client_id),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &verifier),
    ]);
    let redemption = format!("{redemption}&code={code}");
    let endpoint = text(&server, "token_endpoint")?;
    let tokens = expect(
        client.post(&endpoint, &[FORM], redemption)?,
        200,
        "the code",
    )?;
    text(&tokens, "access_token")
}

/// What nobody can guess, fit for addresses.
pub fn random() -> Result<String, String> {
    let secret = secret::fresh().map_err(|error| format!("{error:#}"))?;
    Ok(secret.replace('+', "-").replace('/', "_").replace('=', ""))
}

fn register(client: &Client, endpoint: &str) -> Result<String, String> {
    let about = json!({ "client_name": "mcp-auth", "redirect_uris": [CALLBACK] });
    let json = ("content-type", "application/json");
    let answer = client.post(endpoint, &[json], about.to_string())?;
    text(&expect(answer, 201, "the registration")?, "client_id")
}

fn expect(answer: Answer, status: u16, what: &str) -> Result<Value, String> {
    let document = answer.json().filter(|_| answer.status == status);
    document.ok_or_else(|| format!("{what} is answered with {}", answer.brief()))
}

fn text(document: &Value, name: &str) -> Result<String, String> {
    let text = document[name].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("`{name}` is missing in {document}"))
}

fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = url.split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// Follows redirects, keeps cookies, approves.
struct Browser<'a> {
    client: &'a Client,
    /// With the `host:port` that each is for.
    cookies: Vec<(String, String)>,
}

impl<'a> Browser<'a> {
    fn new(client: &'a Client) -> Self {
        let cookies = Vec::new();
        Self { client, cookies }
    }

    /// Where this leads: to the callback.
    fn visit(&mut self, url: String) -> Result<String, String> {
        let mut url = url;
        let mut form = None;
        for _ in 0..LONGEST {
            if url.starts_with(CALLBACK) {
                return Ok(url);
            }
            let answer = self.send(&url, form.take())?;
            let location = answer.header("location");
            if (300..400).contains(&answer.status) && !location.is_empty() {
                url = joined(&url, location);
            } else if answer.status == 200 && answer.text.contains("value=\"approve\"") {
                form = Some(approval(&answer.text)?);
                url = joined(&url, "/consent");
            } else {
                let (page, _) = url.split_once('?').unwrap_or((&url, ""));
                return Err(format!("the login stops at {page} with {}", answer.brief()));
            }
        }
        Err("the login leads from page to page without end".into())
    }

    fn send(&mut self, url: &str, form: Option<String>) -> Result<Answer, String> {
        let host = authority(url);
        let cookies = self.cookies.iter().filter(|(of, _)| *of == host);
        let cookies: Vec<&str> = cookies.map(|(_, cookie)| cookie.as_str()).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("accept", "text/html")];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        let answer = match form {
            None => self.client.get(url, &headers)?,
            Some(form) => {
                // As browsers say it on a page that wants no referrer.
                headers.extend([FORM, ("origin", "null"), ("sec-fetch-site", "same-origin")]);
                self.client.post(url, &headers, form)?
            }
        };
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap_or_default();
            let (cookie, _) = set.split_once(';').unwrap_or((set, ""));
            self.cookies.push((host.clone(), cookie.to_owned()));
        }
        Ok(answer)
    }
}

/// What the button of the consent page sends.
fn approval(page: &str) -> Result<String, String> {
    let field = |name: &str| {
        let (_, after) = page.split_once(&format!("name=\"{name}\" value=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    match (field("request"), field("csrf")) {
        (Some(request), Some(csrf)) => Ok(form(&[
            ("request", request),
            ("csrf", csrf),
            ("answer", "approve"),
        ])),
        _ => Err("the consent page has no form that could be sent".into()),
    }
}

fn authority(url: &str) -> String {
    let uri: Option<Uri> = url.parse().ok();
    let authority = uri.as_ref().and_then(Uri::authority);
    authority.map(ToString::to_string).unwrap_or_default()
}

/// An address of a redirect, which may be a path alone.
fn joined(url: &str, location: &str) -> String {
    match location.strip_prefix('/') {
        Some(path) => format!("http://{}/{path}", authority(url)),
        None => location.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_may_be_paths() {
        let from = "http://localhost:8000/authorize?client_id=a";
        assert_eq!(
            joined(from, "/consent?request=b"),
            "http://localhost:8000/consent?request=b"
        );
        assert_eq!(joined(from, "http://127.0.0.1:1/callback"), CALLBACK);
    }

    #[test]
    fn the_consent_page_is_approved_with_its_own_fields() {
        let page = r#"<input type="hidden" name="request" value="r-1"><input type="hidden" name="csrf" value="a.b">"#;
        assert_eq!(
            approval(page).unwrap(),
            "request=r-1&csrf=a.b&answer=approve"
        );
        assert!(approval("<form>").is_err());
    }

    #[test]
    fn parameters_of_an_address_are_found() {
        let url = "http://127.0.0.1:1/callback?code=x%2Fy&state=s";
        assert_eq!(parameter(url, "code"), Some("x%2Fy"));
        assert_eq!(parameter(url, "error"), None);
    }
}
