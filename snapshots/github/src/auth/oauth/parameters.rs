//! The parameters of a request, from a query or a form (RFC 6749 sections 3.1 and 3.2). Pure.

use std::collections::BTreeMap;

/// Parameters by name. One without a value counts as left out (RFC 6749 section 3.1).
pub struct Parameters {
    single: BTreeMap<String, String>,
    resources: Vec<String>,
}

impl Parameters {
    /// Reads `name=value&…`.
    ///
    /// # Errors
    /// The name of a parameter that stands twice. Only `resource` may (RFC 8707 section 2).
    pub fn read(text: &[u8]) -> Result<Self, String> {
        let (mut single, mut resources) = (BTreeMap::new(), Vec::new());
        for (name, value) in form_urlencoded::parse(text) {
            if name == "resource" {
                resources.push(value.into_owned());
            } else if single
                .insert(name.to_string(), value.into_owned())
                .is_some()
            {
                return Err(name.into_owned());
            }
        }
        single.retain(|_, value| !value.is_empty());
        resources.retain(|value| !value.is_empty());
        Ok(Self { single, resources })
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.single.get(name).map(String::as_str)
    }

    /// Whether every `resource` is this server's, `own`. Clients write it in their own ways: the case of
    /// scheme and host, and a slash at the end, make no difference.
    pub fn name_only(&self, own: &str) -> bool {
        let own = comparable(own);
        own.is_some() && self.resources.iter().all(|one| comparable(one) == own)
    }
}

/// Scheme and host in lower case by the parser, one slash less at the end.
fn comparable(resource: &str) -> Option<String> {
    let url = reqwest::Url::parse(resource).ok()?;
    // A parser also resolves dot segments and the like, which an honest client does not send.
    let path_as_sent = resource.splitn(4, '/').nth(3).unwrap_or_default();
    if !url.path().trim_start_matches('/').eq(path_as_sent) || url.query().is_some() {
        return None;
    }
    let text = url.as_str();
    Some(text.strip_suffix('/').unwrap_or(text).to_owned())
}
