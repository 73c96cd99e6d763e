//! HTTP/1.1 with as little work as possible, so that the server is what limits the rate.

use std::{
    error::Error,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::Result;

const BODY: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"protected_action","arguments":{"data":"hello"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"load","version":"0.0.0"},"io.modelcontextprotocol/clientCapabilities":{}}}}"#;
const ANSWER: &[u8] = b"Processed: hello";

/// The request `tools/call protected_action` of revision 2026-07-28, with a token or without.
pub fn call(token: Option<&str>) -> Vec<u8> {
    let authorization = token.map_or_else(String::new, |token| {
        format!("Authorization: Bearer {token}\r\n")
    });
    format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\n\
         Mcp-Method: tools/call\r\nMcp-Name: protected_action\r\n{authorization}\
         Content-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    )
    .into_bytes()
}

/// The least that a server can be asked.
pub fn health() -> Vec<u8> {
    b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()
}

/// Keep-alive connections to one server.
pub struct Connections(Vec<Connection>);

/// One keep-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connections {
    /// Opens `count` connections.
    pub fn open(address: SocketAddr, count: usize) -> Result<Self> {
        (0..count)
            .map(|_| Connection::open(address))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Sends `count` requests, the given ones in turn, and reads every answer. Each connection has
    /// one request under way.
    ///
    /// # Errors
    /// When an answer is not the one that belongs to `status`.
    pub fn ask(&mut self, requests: &[Vec<u8>], count: usize, status: u16) -> Result<()> {
        let connections = self.0.len();
        for turn in 0..count + connections {
            let connection = &mut self.0[turn % connections];
            if turn >= connections && turn - connections < count {
                connection.read(status)?;
            }
            if turn < count {
                connection
                    .stream
                    .write_all(&requests[turn % requests.len()])?;
            }
        }
        Ok(())
    }
}

impl Connection {
    /// Connects.
    pub fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self {
            stream,
            buffer: vec![0; 32 * 1024],
        })
    }

    /// Sends a request and reads the answer.
    pub fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request)?;
        let end = self.receive()?;
        Ok(Answer(std::str::from_utf8(&self.buffer[..end])?))
    }

    fn read(&mut self, expected: u16) -> Result<()> {
        let end = self.receive()?;
        let text = &self.buffer[..end];
        let is_status = text.get(9..12) == Some(expected.to_string().as_bytes());
        if is_status && (expected != 200 || find(text, ANSWER).is_some() || text.ends_with(b"ok")) {
            return Ok(());
        }
        Err(unexpected(&expected.to_string(), text))
    }

    /// Reads one answer into the buffer; gives where it ends.
    fn receive(&mut self) -> Result<usize> {
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..])?;
            filled += read;
            let text = &self.buffer[..filled];
            if read == 0 {
                return Err(format!("broke off after {:?}", String::from_utf8_lossy(text)).into());
            }
            let Some(body) = find(text, b"\r\n\r\n").map(|end| end + 4) else {
                continue;
            };
            let end = body + content_length(&text[..body])?;
            if filled >= end {
                return Ok(end);
            }
        }
    }
}

/// An answer as it came, head and body.
pub struct Answer<'a>(&'a str);

impl Answer<'_> {
    /// Fails unless the status is this one.
    pub fn ensure(&self, status: u16) -> Result<()> {
        let status = status.to_string();
        if self.0.get(9..12) == Some(status.as_str()) {
            return Ok(());
        }
        Err(unexpected(&status, self.0.as_bytes()))
    }

    /// What stands between the first `before` and the next `after`.
    pub fn text(&self, before: &str, after: char) -> Result<String> {
        let found = self
            .0
            .split_once(before)
            .and_then(|(_, rest)| rest.split_once(after));
        let (text, _) = found.ok_or_else(|| unexpected(before, self.0.as_bytes()))?;
        Ok(text.to_owned())
    }

    /// Where it sends a browser.
    pub fn location(&self) -> Result<String> {
        self.ensure(303)?;
        self.text("location: ", '\r')
    }
}

fn unexpected(expected: &str, text: &[u8]) -> Box<dyn Error + Send + Sync> {
    format!(
        "expected {expected}, got {:?}",
        String::from_utf8_lossy(text)
    )
    .into()
}

fn content_length(head: &[u8]) -> Result<usize> {
    const NAME: &[u8] = b"\r\ncontent-length: ";
    let start = find(head, NAME).ok_or("an answer without content-length")? + NAME.len();
    let digits = head[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    Ok(digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0')))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}
