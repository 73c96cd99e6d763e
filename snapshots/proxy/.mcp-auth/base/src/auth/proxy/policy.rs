//! Who may log in, by what the upstream says about them: `AUTH_ALLOWED_CLAIMS`. Pure.
//!
//! ```text
//! rules = rule *( ";" rule )          every rule must be met
//! rule  = claim "=" value *( "," value )   by one of its values
//! value = text without , ; "  or  '"' text without " '"'
//! ```
//!
//! A claim is a name, or a path such as `realm_access.roles`. A list meets a rule if one of its items does, an
//! object if one of its names does. Upper and lower case differ. White space around the parts does not count.

use serde_json::Value;

use crate::auth::{Env, oauth::upstream::any_user, oidc::identity::Claims};

/// The access policy.
pub struct Policy {
    any: bool,
    rules: Vec<Rule>,
}

#[derive(Debug, PartialEq, Eq)]
struct Rule {
    claim: String,
    values: Vec<String>,
}

impl Policy {
    /// Reads `AUTH_ALLOWED_CLAIMS` and `ALLOW_ANY_USER`; `None` after recording a problem.
    pub fn read(env: &mut Env) -> Option<Self> {
        const NAME: &str = "AUTH_ALLOWED_CLAIMS";
        const EXAMPLE: &str = "\"groups=staff,admins; email_verified=true\"";
        let text = env.get(NAME);
        let any = any_user(env, text.is_some(), &[(NAME, EXAMPLE)]);
        let rules = match text.as_deref().map(rules) {
            None => Vec::new(),
            Some(Ok(rules)) => rules,
            Some(Err(why)) => {
                env.problem(format!("{NAME}: {why}, for example {NAME}={EXAMPLE}"));
                return None;
            }
        };
        Some(Self { any: any?, rules })
    }

    /// Whether somebody of whom this is said may come in.
    pub fn allows(&self, claims: &Claims) -> bool {
        self.any || !self.rules.is_empty() && self.rules.iter().all(|rule| rule.is_met(claims))
    }
}

impl Rule {
    fn is_met(&self, claims: &Claims) -> bool {
        // Anybody can claim an address that nobody has verified. Some say it in words.
        let is_doubtful = self.claim == "email"
            && !claims
                .get("email_verified")
                .is_some_and(|verified| is(verified, "true"));
        !is_doubtful
            && values_at(claims, &self.claim)
                .into_iter()
                .any(|value| self.values.iter().any(|allowed| is(value, allowed)))
    }
}

fn is(value: &Value, allowed: &str) -> bool {
    match value {
        Value::String(text) => text == allowed,
        Value::Number(number) => number.to_string() == allowed,
        Value::Bool(answer) => answer.to_string() == allowed,
        Value::Object(names) => !matches!(
            names.get(allowed),
            None | Some(Value::Null | Value::Bool(false))
        ),
        Value::Null | Value::Array(_) => false,
    }
}

/// What stands under a name (which may hold dots, as URLs do), or else at a path. Lists are looked into.
pub fn values_at<'a>(claims: &'a Claims, path: &str) -> Vec<&'a Value> {
    if let Some(value) = claims.get(path) {
        return items(value);
    }
    let mut steps = path.split('.');
    let first = steps.next().and_then(|name| claims.get(name));
    let found = first.map(items).unwrap_or_default();
    steps.fold(found, |values, step| {
        values
            .into_iter()
            .filter_map(|value| value.get(step))
            .flat_map(items)
            .collect()
    })
}

fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        value => vec![value],
    }
}

/// The rules in a text.
fn rules(text: &str) -> Result<Vec<Rule>, &'static str> {
    let parts = split(text, ';')?;
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    let rules: Vec<_> = parts.map(|part| rule(part)).collect::<Result<_, _>>()?;
    if rules.is_empty() {
        return Err("holds no rule");
    }
    Ok(rules)
}

fn rule(text: &str) -> Result<Rule, &'static str> {
    let (claim, values) = text.split_once('=').ok_or("has a rule without `=`")?;
    let claim = claim.trim();
    if claim.is_empty() || claim.contains('"') {
        return Err("has a rule without the name of a claim");
    }
    let values = split(values, ',')?;
    Ok(Rule {
        claim: claim.to_owned(),
        values: values.into_iter().map(value).collect::<Result<_, _>>()?,
    })
}

fn value(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let bare = match text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(quoted) => quoted,
        None => text,
    };
    if bare.is_empty() {
        return Err("has an empty value");
    }
    if bare.contains('"') {
        return Err("has a quotation mark in the middle of a value");
    }
    Ok(bare.to_owned())
}

/// The parts between separators that are not within quotation marks.
fn split(text: &str, separator: char) -> Result<Vec<&str>, &'static str> {
    let mut parts = Vec::new();
    let (mut start, mut is_quoted) = (0, false);
    for (index, character) in text.char_indices() {
        if character == '"' {
            is_quoted = !is_quoted;
        } else if character == separator && !is_quoted {
            parts.push(&text[start..index]);
            start = index + separator.len_utf8();
        }
    }
    if is_quoted {
        return Err("has a quotation mark that is not closed");
    }
    parts.push(&text[start..]);
    Ok(parts)
}
