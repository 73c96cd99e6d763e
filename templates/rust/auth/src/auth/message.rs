//! Reads from a JSON-RPC body what it asks for, so that scopes can be decided before any handler runs.
//! Pure. Strict on purpose: whatever this file and the MCP library could read differently is refused.

use std::{borrow::Cow, fmt};

use axum::http::{HeaderMap, HeaderName};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{refusal::Refusal, scopes::Target};

const MCP_METHOD: HeaderName = HeaderName::from_static("mcp-method");
const MCP_NAME: HeaderName = HeaderName::from_static("mcp-name");

/// The parts of a JSON-RPC message that decide who may send it.
#[derive(Debug)]
pub struct Message<'a> {
    id: Option<&'a RawValue>,
    method: Option<Cow<'a, str>>,
    params: Params<'a>,
}

#[derive(Debug, Default)]
struct Params<'a> {
    name: Option<Cow<'a, str>>,
    uri: Option<Cow<'a, str>>,
    task_id: Option<Cow<'a, str>>,
    reference: Option<Box<Self>>,
}

impl<'a> Message<'a> {
    /// The messages of a body: one, or the members of a batch.
    ///
    /// # Errors
    /// Refuses what is not JSON-RPC, names a member twice, or has positional parameters.
    pub fn read_all(body: &'a [u8]) -> Result<Vec<Self>, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_| Refusal::NotJsonRpc)?;
        if !text.trim_start().starts_with('[') {
            return Ok(vec![Self::read(text)?]);
        }
        let members: Vec<&RawValue> =
            serde_json::from_str(text).map_err(|_| Refusal::NotJsonRpc)?;
        members
            .into_iter()
            .map(|member| Self::read(member.get()))
            .collect()
    }

    fn read(text: &'a str) -> Result<Self, Refusal> {
        let [id, method, params] = members(text, ["id", "method", "params"])?;
        let params = match params.map(RawValue::get) {
            None | Some("null") => Params::default(),
            Some(params) => Params::read(params)?,
        };
        Ok(Self {
            id,
            method: method.and_then(string),
            params,
        })
    }

    /// Everything the message touches; scopes are needed for each.
    pub fn targets(&self) -> Vec<Target<'_>> {
        let Some(method) = self.method.as_deref() else {
            return Vec::new();
        };
        let mut targets = vec![Target::Method(method)];
        let Params {
            name,
            uri,
            reference,
            ..
        } = &self.params;
        match method {
            "tools/call" => targets.extend(name.as_deref().map(Target::Tool)),
            "prompts/get" => targets.extend(name.as_deref().map(Target::Prompt)),
            "resources/read" | "resources/subscribe" | "resources/unsubscribe" => {
                targets.extend(uri.as_deref().map(Target::Resource));
            }
            // Completing the arguments of a prompt or resource tells about it.
            "completion/complete" => {
                if let Some(reference) = reference {
                    targets.extend(reference.name.as_deref().map(Target::Prompt));
                    targets.extend(reference.uri.as_deref().map(Target::Resource));
                }
            }
            _ => {}
        }
        targets
    }

    /// Whether the answer lists things that some callers may not see.
    pub fn asks_for_a_list(&self) -> bool {
        matches!(
            self.method.as_deref(),
            Some("tools/list" | "prompts/list" | "resources/list" | "resources/templates/list")
        )
    }

    /// Checks the headers of revision 2026-07-28 that repeat parts of the body
    /// (basic/transports/streamable-http, "Server Validation"), for clients of every revision.
    ///
    /// # Errors
    /// Refuses headers that say something else than the body, or say it twice.
    pub fn ensure_headers_agree(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let named = match self.method.as_deref() {
            Some(method) if method.starts_with("resources/") => self.params.uri.as_deref(),
            Some(method) if method.starts_with("tasks/") => self.params.task_id.as_deref(),
            _ => self.params.name.as_deref(),
        };
        if header_agrees(headers, MCP_METHOD, self.method.as_deref())
            && header_agrees(headers, MCP_NAME, named)
        {
            return Ok(());
        }
        let id = self.id.and_then(|id| serde_json::from_str(id.get()).ok());
        Err(Refusal::HeaderMismatch(id.unwrap_or_default()))
    }
}

/// Whether a header is absent, or there once and equal to `expected` after decoding.
fn header_agrees(headers: &HeaderMap, name: HeaderName, expected: Option<&str>) -> bool {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return true;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    values.next().is_none() && decoded(text).as_deref() == expected
}

/// A header value, out of the Base64 form that names beyond ASCII travel in; `None` when that is broken.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    match text
        .strip_prefix("=?base64?")
        .and_then(|rest| rest.strip_suffix("?="))
    {
        Some(encoded) => {
            let bytes = BASE64_STANDARD.decode(encoded).ok()?;
            String::from_utf8(bytes).ok().map(Cow::Owned)
        }
        None => Some(Cow::Borrowed(text)),
    }
}

impl<'a> Params<'a> {
    fn read(text: &'a str) -> Result<Self, Refusal> {
        let [name, uri, task_id, reference] = members(text, ["name", "uri", "taskId", "ref"])?;
        let reference = match reference {
            Some(reference) if reference.get().starts_with('{') => {
                Some(Box::new(Self::read(reference.get())?))
            }
            _ => None,
        };
        Ok(Self {
            name: name.and_then(string),
            uri: uri.and_then(string),
            task_id: task_id.and_then(string),
            reference,
        })
    }
}

fn string(json: &RawValue) -> Option<Cow<'_, str>> {
    // A `Cow` alone would always copy; only text with escapes has to be.
    let text = json.get();
    match serde_json::from_str::<&str>(text) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => serde_json::from_str(text).ok().map(Cow::Owned),
    }
}

/// The values of some members of a JSON object.
///
/// # Errors
/// Refuses anything but an object, and objects that name one of these members twice: which of
/// the two counts would be for each reader to decide.
fn members<'a, const N: usize>(
    text: &'a str,
    names: [&'static str; N],
) -> Result<[Option<&'a RawValue>; N], Refusal> {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = Members(names)
        .deserialize(&mut json)
        .map_err(|_| Refusal::NotJsonRpc)?;
    json.end().map_err(|_| Refusal::NotJsonRpc)?;
    Ok(found)
}

struct Members<const N: usize>([&'static str; N]);

impl<'de, const N: usize> DeserializeSeed<'de> for Members<N> {
    type Value = [Option<&'de RawValue>; N];

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for Members<N> {
    type Value = [Option<&'de RawValue>; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = [None; N];
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match self.0.iter().position(|wanted| *wanted == name) {
                Some(index) if found[index].is_some() => {
                    return Err(A::Error::custom("named twice"));
                }
                Some(index) => found[index] = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}
