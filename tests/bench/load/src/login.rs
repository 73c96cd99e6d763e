//! A client and a browser that use the OAuth endpoints of a server, as people and their programs do, each pair from
//! an address of its own: the server limits how often one address may come.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU32, Ordering},
};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{
    Result,
    http::{Answer, Connection},
    tokens::BASE_URL,
};

const REGISTRATION: &str = r#"{"client_name":"Load","redirect_uris":["http://127.0.0.1:33418/callback"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"token_endpoint_auth_method":"none"}"#;
/// As it stands in a query.
const REDIRECT_URI: &str = "http%3A%2F%2F127.0.0.1%3A33418%2Fcallback";
const RESOURCE: &str = "http%3A%2F%2Flocalhost%3A8000%2Fmcp";
/// Nobody here has anything to hide.
const VERIFIER: &str = "the-code-verifier-of-all-the-clients-of-load";

/// How many pairs there were.
static VISITORS: AtomicU32 = AtomicU32::new(0);

/// What a client has after a login.
pub struct Login {
    pub client_id: String,
    pub access_token: String,
    pub refresh_token: String,
}

/// A consent page.
pub struct Page {
    request: String,
    csrf: String,
    cookie: String,
}

/// A login that is under way at the provider.
pub struct Away {
    address: String,
    cookie: String,
}

/// A client and its browser.
pub struct Visitor {
    server: Connection,
    provider: Option<Connection>,
    /// Where they come from.
    from: Ipv4Addr,
}

impl Visitor {
    /// Visits this server.
    pub fn at(server: SocketAddr) -> Result<Self> {
        Ok(Self {
            server: Connection::open(server)?,
            provider: None,
            from: Ipv4Addr::UNSPECIFIED,
        })
    }

    /// The next visitor uses the same connections, as if there were a proxy.
    pub fn next(&mut self) {
        let number = VISITORS.fetch_add(1, Ordering::Relaxed);
        self.from = Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 0, 0, 0)) + number);
    }

    /// The whole way, from the registration to the tokens.
    pub fn log_in(&mut self) -> Result<Login> {
        let client_id = self.register()?;
        let page = self.begin(&client_id, "load")?;
        let away = self.approve(&page)?;
        let code = self.come_back(&away)?;
        self.redeem(client_id, &code)
    }

    /// The `client_id` of a new registration.
    pub fn register(&mut self) -> Result<String> {
        let answer = self.post("/register", "application/json", "", REGISTRATION)?;
        answer.ensure(201)?;
        answer.text(r#""client_id":""#, '"')
    }

    /// As far as the consent page. The `state` is the client's.
    pub fn begin(&mut self, client_id: &str, state: &str) -> Result<Page> {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let query = format!(
            "/authorize?response_type=code&client_id={client_id}&redirect_uri={REDIRECT_URI}&state={state}&\
             scope=mcp%3Atools&code_challenge={challenge}&code_challenge_method=S256&resource={RESOURCE}"
        );
        let address = self.get(&query, "")?.location()?;
        let answer = self.get(path(&address)?, "")?;
        answer.ensure(200)?;
        Ok(Page {
            request: answer.text(r#"name="request" value=""#, '"')?,
            csrf: answer.text(r#"name="csrf" value=""#, '"')?,
            cookie: answer.text("set-cookie: ", ';')?,
        })
    }

    /// Presses Approve.
    pub fn approve(&mut self, page: &Page) -> Result<Away> {
        let away = self.approve_or_be_refused(page)?;
        away.ok_or_else(|| "the server takes no more logins".into())
    }

    /// Presses Approve, for which the server may have no room.
    pub fn approve_or_be_refused(&mut self, page: &Page) -> Result<Option<Away>> {
        let Page {
            request,
            csrf,
            cookie,
        } = page;
        let form = format!("request={request}&csrf={csrf}&answer=approve");
        let headers =
            format!("Origin: {BASE_URL}\r\nSec-Fetch-Site: same-origin\r\nCookie: {cookie}\r\n");
        let answer = self.post("/consent", FORM, &headers, &form)?;
        if answer.ensure(503).is_ok() {
            return Ok(None);
        }
        let bound = answer.text("set-cookie: ", ';')?;
        Ok(Some(Away {
            address: answer.location()?,
            cookie: format!("{cookie}; {bound}"),
        }))
    }

    /// Logs in at the provider and comes back; gives the client its code.
    pub fn come_back(&mut self, away: &Away) -> Result<String> {
        let path = path(&away.address)?;
        let host = away.address.trim_start_matches("http://");
        let host = &host[..host.len() - path.len()];
        if self.provider.is_none() {
            self.provider = Some(Connection::open(host.parse()?)?);
        }
        let provider = self.provider.as_mut().ok_or("no provider")?;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let address = provider.exchange(request.as_bytes())?.location()?;
        let cookie = format!("Cookie: {}\r\n", away.cookie);
        let address = self.get(self::path(&address)?, &cookie)?.location()?;
        let (_, rest) = address.split_once("code=").ok_or("no code")?;
        Ok(rest.split('&').next().unwrap_or_default().to_owned())
    }

    /// Trades the code for tokens.
    pub fn redeem(&mut self, client_id: String, code: &str) -> Result<Login> {
        let form = format!(
            "grant_type=authorization_code&client_id={client_id}&code={code}&redirect_uri={REDIRECT_URI}&\
             code_verifier={VERIFIER}&resource={RESOURCE}"
        );
        self.tokens(client_id, &form)
    }

    /// Trades the refresh token for new ones.
    pub fn refresh(&mut self, login: &Login) -> Result<Login> {
        let form = format!(
            "grant_type=refresh_token&client_id={}&refresh_token={}&resource={RESOURCE}",
            login.client_id, login.refresh_token
        );
        self.tokens(login.client_id.clone(), &form)
    }

    fn tokens(&mut self, client_id: String, form: &str) -> Result<Login> {
        let answer = self.post("/token", FORM, "", form)?;
        answer.ensure(200)?;
        Ok(Login {
            client_id,
            access_token: answer.text(r#""access_token":""#, '"')?,
            refresh_token: answer.text(r#""refresh_token":""#, '"')?,
        })
    }

    fn get(&mut self, path: &str, headers: &str) -> Result<Answer<'_>> {
        let from = self.from;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {from}\r\n{headers}\r\n"
        );
        self.server.exchange(request.as_bytes())
    }

    fn post(&mut self, path: &str, kind: &str, headers: &str, body: &str) -> Result<Answer<'_>> {
        let (from, length) = (self.from, body.len());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {from}\r\n{headers}\
             Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.server.exchange(request.as_bytes())
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Path and query of an address: it is public, and the server is not reached there.
fn path(address: &str) -> Result<&str> {
    let (_, rest) = address.split_once("://").ok_or("not an address")?;
    let start = rest.find('/').ok_or("an address without a path")?;
    Ok(&rest[start..])
}
