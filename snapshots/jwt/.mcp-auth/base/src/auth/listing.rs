//! Leaves out of `tools/list` and its sisters what the caller may not use.
//! Works on the response of the MCP service, so that no handler can forget it; JSON and event streams alike.

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::Response,
};
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::{
    Identity,
    scopes::{Kind, Target, needed_for},
};

/// Longer answers are not lists that this server made; they are cut rather than held in memory.
const MAX_LIST_BYTES: usize = 16 * 1024 * 1024;

/// The lists of a result, the member that names an entry, and what such an entry is.
const LISTS: [(&str, &str, Kind); 5] = [
    ("tools", "name", |name| Target::Tool(name)),
    ("prompts", "name", |name| Target::Prompt(name)),
    ("resources", "uri", |uri| Target::Resource(uri)),
    ("skills", "uri", |uri| Target::Resource(uri)),
    ("resourceTemplates", "uriTemplate", |uri| {
        Target::Resource(uri)
    }),
];

/// The response without the entries that `caller` may not use.
pub async fn filtered(response: Response, caller: Identity) -> Response {
    if is_event_stream(response.headers()) {
        let mut events = Events::default();
        return response.map(|body| {
            let chunks = body.into_data_stream();
            Body::from_stream(
                chunks.map(move |chunk| chunk.map(|chunk| events.push(&chunk, &caller))),
            )
        });
    }
    let (mut parts, body) = response.into_parts();
    let body = match axum::body::to_bytes(body, MAX_LIST_BYTES).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!("a list is too long or broke off: {error}");
            Bytes::new()
        }
    };
    let body = without_hidden(&body, &caller).map_or(body, Bytes::from);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}

/// A JSON-RPC message without its hidden entries; `None` when it is not a list.
fn without_hidden(message: &[u8], caller: &Identity) -> Option<Vec<u8>> {
    let mut message: Value = serde_json::from_slice(message).ok()?;
    let result = message.get_mut("result")?.as_object_mut()?;
    let mut is_list = false;
    for (list, key, target) in LISTS {
        if let Some(entries) = result.get_mut(list).and_then(Value::as_array_mut) {
            is_list = true;
            entries.retain(|entry| {
                let name = entry.get(key).and_then(Value::as_str).unwrap_or_default();
                needed_for(target(name)).all(|scope| caller.scopes().allow(scope))
            });
        }
    }
    // What one caller may see must not be cached for another.
    if let Some(scope) = result.get_mut("cacheScope") {
        *scope = json!("private");
    }
    is_list.then(|| message.to_string().into_bytes())
}

/// Server-sent events that come in pieces: passes on whole events only.
#[derive(Default)]
struct Events {
    unfinished: Vec<u8>,
}

impl Events {
    /// Takes a piece of the stream and gives back the events that it completes.
    fn push(&mut self, piece: &[u8], caller: &Identity) -> Bytes {
        self.unfinished.extend_from_slice(piece);
        let Some(end) = end_of_last_event(&self.unfinished) else {
            return Bytes::new();
        };
        let rest = self.unfinished.split_off(end);
        let events = std::mem::replace(&mut self.unfinished, rest);
        let mut passed = Vec::with_capacity(events.len());
        for line in events.split_inclusive(|byte| *byte == b'\n') {
            match line
                .strip_prefix(b"data:")
                .and_then(|data| without_hidden(data, caller))
            {
                Some(data) => passed.extend([b"data: ".as_slice(), &data, b"\n"].concat()),
                None => passed.extend_from_slice(line),
            }
        }
        Bytes::from(passed)
    }
}

/// Events end with an empty line, whichever way lines end.
fn end_of_last_event(stream: &[u8]) -> Option<usize> {
    let end_of = |blank: &[u8]| {
        let start = stream
            .windows(blank.len())
            .rposition(|bytes| bytes == blank)?;
        Some(start + blank.len())
    };
    end_of(b"\n\n").max(end_of(b"\r\n\r\n"))
}
