//! Claims about a token (RFC 7519 section 4.1, RFC 7662 section 2.2): what they say, and whether that is
//! good enough. Pure: the clock is an argument.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::{
    identity::{Denied, Fields, Identity},
    scopes::Scopes,
};

/// What an issuer says about a token.
#[derive(Debug)]
pub struct Claims(Map<String, Value>);

impl Claims {
    /// A claim of any kind.
    pub fn get(&self, claim: &str) -> Option<&Value> {
        self.0.get(claim)
    }

    /// A claim that is text, and not empty.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.get(claim)?.as_str().filter(|text| !text.is_empty())
    }

    /// When the token expires, leeway included; `None` if that is not said. All in Unix seconds.
    ///
    /// # Errors
    /// `Invalid` if it has expired, is not valid yet, or was issued in the future.
    pub fn expiry(&self, leeway: u64, now: u64) -> Result<Option<u64>, Denied> {
        let expiry = self
            .time("exp")?
            .map(|expiry| expiry.saturating_add(leeway));
        if expiry.is_some_and(|expiry| expiry <= now) {
            return Err(Denied::invalid("it has expired"));
        }
        for claim in ["nbf", "iat"] {
            if self
                .time(claim)?
                .is_some_and(|time| time > now.saturating_add(leeway))
            {
                return Err(Denied::invalid("it is from the future"));
            }
        }
        Ok(expiry)
    }

    /// Makes sure that the token is meant for this server: one of `allowed` is in `aud`, exactly.
    ///
    /// # Errors
    /// `Invalid` if it is meant for another server, or says nothing about it.
    pub fn ensure_audience(&self, allowed: &[String]) -> Result<(), Denied> {
        let audience = self.get("aud");
        let one = audience.and_then(Value::as_str);
        let many = audience
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        if one
            .into_iter()
            .chain(many)
            .any(|named| allowed.iter().any(|allowed| allowed == named))
        {
            return Ok(());
        }
        Err(Denied::invalid("its audience is not this server"))
    }

    /// The caller. Scopes are read from `scope`, `scp` and `scopes_claim`, which may be a path such
    /// as `realm_access.roles`.
    ///
    /// # Errors
    /// `Invalid` if nobody is named.
    pub fn identity(self, issuer: String, scopes_claim: Option<&str>) -> Result<Identity, Denied> {
        let client_id = ["client_id", "azp", "cid"]
            .iter()
            .find_map(|claim| self.text(claim))
            .map(str::to_owned);
        // A machine that acts for itself may have no `sub` besides its client.
        let subject = match self.get("sub") {
            Some(_) => self.text("sub").map(str::to_owned),
            None => client_id.clone(),
        };
        let Some(subject) = subject else {
            return Err(Denied::invalid("it names neither a subject nor a client"));
        };
        let scopes = self.scopes(scopes_claim);
        Ok(Fields {
            issuer,
            subject,
            client_id,
            scopes,
            claims: self.0,
        }
        .into())
    }

    /// A NumericDate (RFC 7519 section 2) in whole seconds. Fractions are legal, text is not.
    fn time(&self, claim: &str) -> Result<Option<u64>, Denied> {
        let Some(value) = self.get(claim).filter(|value| !value.is_null()) else {
            return Ok(None);
        };
        let seconds = value.as_u64().or_else(|| {
            let seconds = value
                .as_f64()
                .filter(|seconds| (0.0..1e15).contains(seconds))?;
            // In range, so nothing but the fraction is lost.
            Some(seconds as u64)
        });
        match seconds {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(Denied::invalid(format!("its `{claim}` is not a time"))),
        }
    }

    fn scopes(&self, claim: Option<&str>) -> Scopes {
        let configured = claim.and_then(|path| self.at(path));
        let mut scopes = Scopes::default();
        for value in [self.get("scope"), self.get("scp"), configured]
            .into_iter()
            .flatten()
        {
            match value {
                Value::String(list) => scopes.extend(list.split_ascii_whitespace()),
                Value::Array(list) => scopes.extend(list.iter().filter_map(Value::as_str)),
                _ => {}
            }
        }
        // Some providers name roles as the keys of an object.
        if let Some(Value::Object(roles)) = configured {
            scopes.extend(roles.keys().map(String::as_str));
        }
        scopes
    }

    /// The claim with this name (which may hold dots, as URLs do), or else at this path.
    fn at(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.get(path) {
            return Some(value);
        }
        let mut steps = path.split('.');
        let first = self.get(steps.next()?)?;
        steps.try_fold(first, |value, step| value.get(step))
    }
}

impl From<Claims> for Map<String, Value> {
    fn from(claims: Claims) -> Self {
        claims.0
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
