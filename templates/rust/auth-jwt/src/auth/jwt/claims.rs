//! What must be true of a token's claims before this server believes them (RFC 7519 section 4.1).
//! Pure: the clock is an argument.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use crate::auth::{
    identity::{Denied, Fields, Identity},
    scopes::Scopes,
};

/// What this server expects of a token.
pub struct Rules {
    /// `iss` must equal this, byte for byte.
    pub issuer: String,
    /// `aud` must name one of these.
    pub audiences: Vec<String>,
    /// A claim that holds scopes besides `scope` and `scp`; a path such as `realm_access.roles`.
    pub scopes_claim: Option<String>,
    /// How far the clocks of two honest machines may differ, in seconds.
    pub leeway: u64,
}

/// The claims of a token whose signature is good.
#[derive(Debug)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// The caller, and when the token expires (Unix seconds).
    ///
    /// # Errors
    /// `Invalid`, with the first rule that the token breaks.
    pub fn check(self, rules: &Rules, now: u64) -> Result<(Identity, u64), Denied> {
        let expiry = self.lifetime(rules.leeway, now)?;
        match self.0.get("iss").and_then(Value::as_str) {
            Some(issuer) if issuer == rules.issuer => {}
            _ => return Err(Denied::invalid("its issuer is not AUTH_ISSUER")),
        }
        if !self.audiences().any(|audience| rules.audiences.iter().any(|known| known == audience)) {
            return Err(Denied::invalid("its audience is not this server (AUTH_AUDIENCE)"));
        }
        let client_id =
            ["client_id", "azp", "cid"].iter().find_map(|claim| self.text(claim)).map(str::to_owned);
        let subject = self.text("sub").map(str::to_owned).or_else(|| client_id.clone());
        let Some(subject) = subject else {
            return Err(Denied::invalid("it names neither a subject nor a client"));
        };
        let scopes = self.scopes(rules.scopes_claim.as_deref());
        let issuer = rules.issuer.clone();
        let caller = Fields { issuer, subject, client_id, scopes, claims: self.0 };
        Ok((caller.into(), expiry))
    }

    fn lifetime(&self, leeway: u64, now: u64) -> Result<u64, Denied> {
        let Some(expiry) = self.time("exp")? else {
            return Err(Denied::invalid("it has no expiry"));
        };
        if expiry.saturating_add(leeway) <= now {
            return Err(Denied::invalid("it has expired"));
        }
        for claim in ["nbf", "iat"] {
            if self.time(claim)?.is_some_and(|time| time > now.saturating_add(leeway)) {
                return Err(Denied::invalid("it is from the future"));
            }
        }
        Ok(expiry.saturating_add(leeway))
    }

    /// A NumericDate (RFC 7519 section 2) in whole seconds. Fractions are legal, text is not.
    fn time(&self, claim: &str) -> Result<Option<u64>, Denied> {
        let Some(value) = self.0.get(claim) else {
            return Ok(None);
        };
        let seconds = value.as_u64().or_else(|| {
            let seconds = value.as_f64().filter(|seconds| (0.0..1e15).contains(seconds))?;
            // In range, so nothing but the fraction is lost.
            Some(seconds as u64)
        });
        match seconds {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(Denied::invalid(format!("its `{claim}` is not a time"))),
        }
    }

    fn audiences(&self) -> impl Iterator<Item = &str> {
        let audience = self.0.get("aud");
        let one = audience.and_then(Value::as_str);
        let many = audience.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        one.into_iter().chain(many)
    }

    fn scopes(&self, claim: Option<&str>) -> Scopes {
        let mut scopes = Scopes::default();
        for value in [self.0.get("scope"), self.0.get("scp"), claim.and_then(|path| self.at(path))] {
            match value {
                Some(Value::String(list)) => scopes.extend(list.split_ascii_whitespace()),
                Some(Value::Array(list)) => scopes.extend(list.iter().filter_map(Value::as_str)),
                // Some providers name roles as the keys of an object.
                Some(Value::Object(roles)) => scopes.extend(roles.keys().map(String::as_str)),
                _ => {}
            }
        }
        scopes
    }

    /// The claim with this name (which may hold dots, as URLs do), or else at this path.
    fn at(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.0.get(path) {
            return Some(value);
        }
        let mut steps = path.split('.');
        let first = self.0.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.0.get(claim)?.as_str().filter(|text| !text.is_empty())
    }
}

/// Refuses claims that stand twice: readers differ in which of the two counts.
impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Strict.deserialize(deserializer)? {
            Value::Object(claims) => Ok(Self(claims)),
            _ => Err(D::Error::custom("claims are an object")),
        }
    }
}

/// Reads JSON in which no object names a member twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without repeated members")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(Strict)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a claim stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}
