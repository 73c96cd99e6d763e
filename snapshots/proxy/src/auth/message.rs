//! Reads from a JSON-RPC body what it asks for, so that scopes can be decided before any handler runs.
//! Pure. Strict on purpose: what this file and the MCP library could read differently is refused, such
//! as members that stand twice, and arrays in the place of objects.

use std::{borrow::Cow, fmt};

use axum::http::{HeaderMap, HeaderName};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    refusal::Refusal,
    scopes::{Kind, Target},
};

const MCP_METHOD: HeaderName = HeaderName::from_static("mcp-method");
const MCP_NAME: HeaderName = HeaderName::from_static("mcp-name");

/// The parts of a JSON-RPC message that decide who may send it.
#[derive(Debug, Default)]
pub struct Message<'a> {
    id: Option<&'a RawValue>,
    method: Option<Cow<'a, str>>,
    /// What the header `Mcp-Name` repeats.
    name: Option<Cow<'a, str>>,
    touched: Vec<(Kind, Cow<'a, str>)>,
}

impl<'a> Message<'a> {
    /// The message in a body. Batches, which only revision 2025-03-26 knew, are not served.
    ///
    /// # Errors
    /// Refuses what is not one JSON-RPC message, or could be read in two ways.
    pub fn read(body: &'a [u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_| Refusal::NotJsonRpc)?;
        let [id, method, params] = members(text, ["id", "method", "params"])?;
        let method = method.and_then(text_of);
        let mut message = Self {
            id,
            ..Self::default()
        };
        if let (Some(method), Some(params)) = (&method, params) {
            message.read_params(method, params)?;
        }
        Ok(Self { method, ..message })
    }

    fn read_params(&mut self, method: &str, params: &'a RawValue) -> Result<(), Refusal> {
        if params.get() == "null" {
            return Ok(());
        }
        match method {
            "tools/call" => self.touch(params, "name", |name| Target::Tool(name)),
            "prompts/get" => self.touch(params, "name", |name| Target::Prompt(name)),
            "skills/get" => self.touch(params, "uri", |uri| Target::Resource(uri)),
            "completion/complete" => self.read_reference(params),
            "subscriptions/listen" => self.read_subscriptions(params),
            _ if method.starts_with("resources/") => {
                self.touch(params, "uri", |uri| Target::Resource(uri))
            }
            _ => {
                let member = if method.starts_with("tasks/") {
                    "taskId"
                } else {
                    "name"
                };
                let [name] = members(params.get(), [member])?;
                self.name = name.and_then(text_of);
                Ok(())
            }
        }
    }

    /// The request names what it is about in one member.
    fn touch(
        &mut self,
        params: &'a RawValue,
        member: &'static str,
        kind: Kind,
    ) -> Result<(), Refusal> {
        let [name] = members(params.get(), [member])?;
        self.name = name.and_then(text_of);
        self.touched
            .extend(self.name.clone().map(|name| (kind, name)));
        Ok(())
    }

    /// Completing the arguments of a prompt or resource tells about it.
    fn read_reference(&mut self, params: &'a RawValue) -> Result<(), Refusal> {
        let [Some(reference)] = members(params.get(), ["ref"])? else {
            return Ok(());
        };
        let [name, uri] = members(reference.get(), ["name", "uri"])?;
        let prompt: Kind = |name| Target::Prompt(name);
        let resource: Kind = |uri| Target::Resource(uri);
        self.touched
            .extend(name.and_then(text_of).map(|name| (prompt, name)));
        self.touched
            .extend(uri.and_then(text_of).map(|uri| (resource, uri)));
        Ok(())
    }

    /// Notifications about a resource tell about it.
    fn read_subscriptions(&mut self, params: &'a RawValue) -> Result<(), Refusal> {
        let [Some(filter)] = members(params.get(), ["notifications"])? else {
            return Ok(());
        };
        let [Some(uris)] = members(filter.get(), ["resourceSubscriptions"])? else {
            return Ok(());
        };
        let uris: Option<Vec<Text<'a>>> =
            serde_json::from_str(uris.get()).map_err(|_| Refusal::NotJsonRpc)?;
        let resource: Kind = |uri| Target::Resource(uri);
        self.touched
            .extend(uris.into_iter().flatten().map(|Text(uri)| (resource, uri)));
        Ok(())
    }

    /// Everything the message touches; scopes are needed for each.
    pub fn targets(&self) -> impl Iterator<Item = Target<'_>> + Clone {
        let method = self.method.as_deref().map(Target::Method);
        let touched = self.touched.iter().map(|(kind, name)| kind(name));
        method.into_iter().chain(touched)
    }

    /// Whether the answer lists things that some callers may not see.
    pub fn asks_for_a_list(&self) -> bool {
        let method = self.method.as_deref().unwrap_or_default();
        method.ends_with("/list") || method == "resources/directory/read"
    }

    /// Checks the headers of revision 2026-07-28 that repeat parts of the body
    /// (basic/transports/streamable-http, "Server Validation"), for clients of every revision.
    ///
    /// # Errors
    /// Refuses headers that say something else than the body, or say it twice.
    pub fn ensure_headers_agree(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        if header_agrees(headers, MCP_METHOD, self.method.as_deref())
            && header_agrees(headers, MCP_NAME, self.name.as_deref())
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

/// Text that borrows from the body unless it holds escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

fn text_of(json: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str(json.get()).ok().map(|Text(text)| text)
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
        while let Some(Text(name)) = map.next_key()? {
            let mut members = self.0.iter().zip(&mut found);
            match members.find(|(wanted, _)| **wanted == name) {
                Some((_, Some(_))) => return Err(A::Error::custom("named twice")),
                Some((_, value)) => *value = Some(map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}
