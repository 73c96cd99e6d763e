//! A small HTTP client: one request, one answer, nothing remembered, nothing followed.
//! Calls this machine, without a proxy.

use std::{
    io::{self, BufRead, BufReader, Read},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::{
    Agent, Body,
    http::{HeaderMap, Request, Response},
};

const TIMEOUT: Duration = Duration::from_secs(10);
/// No honest answer of a trial is longer.
const MAX_BYTES: u64 = 1024 * 1024;

pub struct Client(Agent);

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// The body; of a stream of events the first message that answers.
    pub text: String,
}

impl Client {
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .proxy(None)
            .timeout_global(Some(TIMEOUT))
            .build();
        Self(config.into())
    }

    pub fn get(&self, url: &str, headers: &[(&str, &str)]) -> Result<Answer, String> {
        self.send("GET", url, headers, String::new())
    }

    pub fn post(
        &self,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, String> {
        self.send("POST", url, headers, body)
    }

    fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match method {
            "GET" => request.body(()).map(|request| self.0.run(request)),
            _ => request.body(body).map(|request| self.0.run(request)),
        };
        let failed = |error: &dyn std::fmt::Display| format!("{url} does not answer: {error}");
        match sent {
            Ok(Ok(response)) => Answer::read(response).map_err(|error| failed(&error)),
            Ok(Err(error)) => Err(failed(&error)),
            Err(error) => Err(failed(&error)),
        }
    }
}

impl Answer {
    fn read(response: Response<Body>) -> io::Result<Self> {
        let (head, mut body) = response.into_parts();
        let mut answer = Self {
            status: head.status.as_u16(),
            headers: head.headers,
            text: String::new(),
        };
        let mut reader = body.as_reader().take(MAX_BYTES);
        if answer
            .header("content-type")
            .starts_with("text/event-stream")
        {
            answer.text = first_answer(BufReader::new(reader))?;
        } else {
            let mut bytes = Vec::new();
            reader.read_to_end(&mut bytes)?;
            answer.text = String::from_utf8_lossy(&bytes).into_owned();
        }
        Ok(answer)
    }

    /// The first value of a header, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.text).ok()
    }

    /// In a few words, for people.
    pub fn brief(&self) -> String {
        let text: String = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = text.chars().take(200).collect();
        match text.is_empty() {
            true => self.status.to_string(),
            false => format!("{}: {text}", self.status),
        }
    }
}

/// Servers may send notes and requests of their own before the answer; empty if there is none.
fn first_answer(stream: impl BufRead) -> io::Result<String> {
    let mut data = String::new();
    for line in stream.lines() {
        let line = line?;
        if let Some(part) = line.strip_prefix("data:") {
            data.push_str(part.trim_start());
        } else if line.is_empty() {
            let message: Value = serde_json::from_str(&data).unwrap_or_default();
            if message.get("result").or(message.get("error")).is_some() {
                return Ok(data);
            }
            data.clear();
        }
    }
    Ok(String::new())
}

/// A JSON-RPC request.
pub fn request(id: u32, method: &str, params: &Value) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

/// The parameters of a query or a form.
pub fn form(parameters: &[(&str, &str)]) -> String {
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Percent-encoded, but for what is never special (RFC 3986 section 2.3).
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_found_among_other_events() {
        let stream = ": hello\nid: 0\nretry: 3000\ndata:\n\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\"}\n\n\
                      event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\ndata: \"result\":{}}\n\ndata: never\n\n";
        let answer = first_answer(stream.as_bytes()).unwrap();
        assert_eq!(answer, r#"{"jsonrpc":"2.0","id":1,"result":{}}"#);
        assert_eq!(first_answer("data: {}\n\n".as_bytes()).unwrap(), "");
    }

    #[test]
    fn forms_are_encoded() {
        let form = form(&[("resource", "http://localhost:1/mcp"), ("scope", "a b")]);
        assert_eq!(
            form,
            "resource=http%3A%2F%2Flocalhost%3A1%2Fmcp&scope=a%20b"
        );
    }
}
