//! What a client sees of a server that is protected. Each check says what it saw instead.
//! Asks over HTTP, nothing else.

use serde_json::{Value, json};

use super::{
    Check, Outcome, challenge,
    http::{Answer, Client, request},
    target::Target,
};

pub const NO_TOKEN: &str = "no token: 401, and where to learn how to get one";
pub const METADATA: &str = "the metadata names this server and who issues tokens for it";
pub const MADE_UP: &str = "a made-up token: 401 invalid_token";
pub const ACCEPTED: &str = "a good token: the server answers";
pub const TOOLS: &str = "a good token: the tools are listed";
pub const OTHER: &str = "a token for another server: 401 invalid_token";

/// Who asks, and what is expected.
pub struct Checks<'a> {
    pub client: &'a Client,
    pub target: &'a Target,
    /// The authorization servers that the metadata must name, if that is known.
    pub issuers: Option<&'a [String]>,
    /// Why there is none if the login failed.
    pub good_token: Result<String, String>,
    /// Why there is none if this kind of authentication has no such thing.
    pub other_token: Result<String, String>,
}

/// An MCP session, or its like in servers that keep none.
struct Session {
    id: String,
    version: String,
    has_tools: bool,
}

impl Checks<'_> {
    pub fn run(&self) -> Vec<Check> {
        let mut checks = vec![
            check(NO_TOKEN, self.without_token()),
            check(METADATA, self.metadata()),
            check(MADE_UP, self.refused("made-up-token")),
        ];
        let session = self.accepted();
        let tools = match &session {
            Ok(session) if session.has_tools => result(self.tools(session)),
            Ok(_) => Outcome::NotTried("it has no tools".into()),
            Err(_) => Outcome::NotTried("the server does not answer the token".into()),
        };
        checks.push(check(ACCEPTED, session.map(drop)));
        let other = match &self.other_token {
            Ok(token) => result(self.refused(token)),
            Err(why) => Outcome::NotTried(why.clone()),
        };
        for (name, outcome) in [(TOOLS, tools), (OTHER, other)] {
            checks.push(Check { name, outcome });
        }
        checks
    }

    /// RFC 9728 section 5.1; RFC 6750 section 3.1: no error code for those who sent no token.
    fn without_token(&self) -> Result<(), String> {
        let parameters = challenge_of(&self.initialize(None)?)?;
        self.ensure_metadata_is_named(&parameters)?;
        match parameters.get("error") {
            None => Ok(()),
            Some(error) => Err(format!(
                "the challenge has error=\"{error}\", although no token was sent"
            )),
        }
    }

    fn refused(&self, token: &str) -> Result<(), String> {
        let parameters = challenge_of(&self.initialize(Some(token))?)?;
        self.ensure_metadata_is_named(&parameters)?;
        match parameters.get("error").map(String::as_str) {
            Some("invalid_token") => Ok(()),
            Some(error) => Err(format!("the challenge has error=\"{error}\"")),
            None => Err("the challenge has no error".into()),
        }
    }

    fn ensure_metadata_is_named(&self, parameters: &challenge::Parameters) -> Result<(), String> {
        let expected = self.target.metadata();
        match parameters.get("resource_metadata") {
            Some(url) if *url == expected => Ok(()),
            Some(url) => Err(format!(
                "the challenge has resource_metadata=\"{url}\", not \"{expected}\""
            )),
            None => Err("the challenge has no resource_metadata".into()),
        }
    }

    /// RFC 9728 sections 2 and 3.3.
    fn metadata(&self) -> Result<(), String> {
        let url = self.target.metadata();
        let answer = self.client.get(&url, &[])?;
        let kind = answer.header("content-type");
        if answer.status != 200 || !kind.starts_with("application/json") {
            return Err(format!("{url} answers {kind} {}", answer.brief()));
        }
        let document = answer.json().unwrap_or_default();
        let resource = self.target.resource();
        if document["resource"] != *resource {
            let found = &document["resource"];
            return Err(format!("its resource is {found}, not \"{resource}\""));
        }
        let issuers = match self.issuers {
            None => return Ok(()),
            Some([]) => Value::Null,
            Some(issuers) => json!(issuers),
        };
        let found = &document["authorization_servers"];
        if *found != issuers {
            return Err(format!(
                "its authorization_servers are {found}, not {issuers}"
            ));
        }
        Ok(())
    }

    fn accepted(&self) -> Result<Session, String> {
        let token = self.good_token.as_ref().map_err(Clone::clone)?;
        let answer = self.initialize(Some(token))?;
        let message = answer.json().unwrap_or_default();
        if answer.status != 200 || message.get("result").is_none() {
            return Err(format!("initialize is answered with {}", answer.brief()));
        }
        let result = &message["result"];
        Ok(Session {
            id: answer.header("mcp-session-id").to_owned(),
            version: result["protocolVersion"]
                .as_str()
                .unwrap_or(VERSION)
                .to_owned(),
            has_tools: result["capabilities"]["tools"].is_object(),
        })
    }

    fn tools(&self, session: &Session) -> Result<(), String> {
        let notice = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let answer = self.call(session, notice.to_string())?;
        if !matches!(answer.status, 200 | 202 | 204) {
            let brief = answer.brief();
            return Err(format!(
                "notifications/initialized is answered with {brief}"
            ));
        }
        let answer = self.call(session, request(2, "tools/list", &json!({})))?;
        let message = answer.json().unwrap_or_default();
        match answer.status == 200 && message["result"]["tools"].is_array() {
            true => Ok(()),
            false => Err(format!("tools/list is answered with {}", answer.brief())),
        }
    }

    fn initialize(&self, token: Option<&str>) -> Result<Answer, String> {
        let client = json!({ "name": "mcp-auth", "version": env!("CARGO_PKG_VERSION") });
        let params =
            json!({ "protocolVersion": VERSION, "capabilities": {}, "clientInfo": client });
        self.send(token, &[], request(1, "initialize", &params))
    }

    fn call(&self, session: &Session, body: String) -> Result<Answer, String> {
        let token = self.good_token.as_deref().ok();
        let mut headers = vec![("mcp-protocol-version", session.version.as_str())];
        if !session.id.is_empty() {
            headers.push(("mcp-session-id", &session.id));
        }
        self.send(token, &headers, body)
    }

    fn send(
        &self,
        token: Option<&str>,
        more: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, String> {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
        ];
        headers.extend(
            bearer
                .iter()
                .map(|bearer| ("authorization", bearer.as_str())),
        );
        headers.extend(more);
        self.client.post(&self.target.resource(), &headers, body)
    }
}

/// A revision that every rmcp since 0.5 speaks.
const VERSION: &str = "2025-03-26";

fn check(name: &'static str, seen: Result<(), String>) -> Check {
    let outcome = result(seen);
    Check { name, outcome }
}

fn result(seen: Result<(), String>) -> Outcome {
    match seen {
        Ok(()) => Outcome::Passed,
        Err(why) => Outcome::Failed(why),
    }
}

/// What a 401 says to clients.
fn challenge_of(answer: &Answer) -> Result<challenge::Parameters, String> {
    if answer.status != 401 {
        return Err(format!("the answer is not 401 but {}", answer.brief()));
    }
    let challenges = answer.headers.get_all("www-authenticate").iter();
    let mut challenges = challenges.filter_map(|value| challenge::bearer(value.to_str().ok()?));
    challenges
        .next()
        .ok_or_else(|| "the 401 has no WWW-Authenticate with Bearer".into())
}
