//! Names that a catalog really has: only a catalog makes them.
//! Pure.

use super::{AuthEntry, Catalog};
use crate::answers::Auth;

/// An option: one of the program's own, or one that a person's templates bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthName(String);

impl AuthName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the program itself knows about it, if it is one of its own.
    pub fn builtin(&self) -> Option<Auth> {
        Auth::ALL.into_iter().find(|auth| auth.name() == self.0)
    }
}

#[cfg(test)]
impl From<Auth> for AuthName {
    fn from(auth: Auth) -> Self {
        Self(auth.name().to_owned())
    }
}

/// A preset of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresetName(String);

impl PresetName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Catalog {
    pub fn auth_name(&self, typed: &str) -> Option<AuthName> {
        let known = self.auths.iter().any(|entry| entry.name == typed);
        known.then(|| AuthName(typed.to_owned()))
    }

    /// All of them, in the order in which they are shown.
    pub fn auth_names(&self) -> impl Iterator<Item = &str> {
        self.auths.iter().map(|entry| entry.name.as_str())
    }
}

impl AuthEntry {
    pub fn preset_name(&self, typed: &str) -> Option<PresetName> {
        let known = self.presets.iter().any(|preset| preset.name == typed);
        known.then(|| PresetName(typed.to_owned()))
    }
}
