//! Decides for each wanted dependency: united with the one that is there, added, or added beside it.
//! Pure: data in, planned changes out.

mod beside;
mod choice;
mod entries;
mod unite;

use std::collections::BTreeMap;

use self::{
    choice::{best, fit_of, missing, of_package},
    entries::{declared, inherited},
};
use super::{
    change::{Change, DEPENDENCIES, DEV_DEPENDENCIES, File, What},
    features::Features,
    present::{Present, Section},
    versions::{Fit, fit},
    wanted::Dependency,
};
use crate::refusal::Problem;

/// Their macros write their own name into the code.
const NAMED_BY_MACROS: [&str; 3] = ["maud", "serde", "tokio"];

/// What the manifests have.
pub struct There<'a> {
    pub present: Vec<Present>,
    /// What the root offers, where the member inherits from it.
    pub offered: Option<Vec<Present>>,
    /// The `[[example]]`s by name.
    pub examples: Vec<String>,
    /// The paths of the manifests, for people.
    pub member_path: &'a str,
    pub workspace_path: &'a str,
    pub features: Features,
    /// The feature that turns the MCP server on: with one, new dependencies are optional.
    pub gate: Option<String>,
}

pub struct Decided<'a> {
    pub there: &'a There<'a>,
    pub changes: Vec<Change>,
    pub notes: Vec<String>,
    pub problems: Vec<Problem>,
    /// By package.
    pub homes: BTreeMap<String, Home>,
}

/// Where a wanted dependency is, once all is written.
#[derive(Clone, Debug)]
pub struct Home {
    pub key: String,
    pub optional: bool,
    /// It was not there before.
    pub is_new: bool,
    inherits: bool,
    is_own: bool,
    defaults: bool,
    features: Vec<String>,
}

impl<'a> Decided<'a> {
    pub fn nothing(there: &'a There<'a>) -> Self {
        Self {
            there,
            changes: Vec::new(),
            notes: Vec::new(),
            problems: Vec::new(),
            homes: BTreeMap::new(),
        }
    }

    pub fn normal(&mut self, wanted: &Dependency) {
        let there = self.there;
        let all = || of_package(&there.present, wanted);
        if let Some(present) = best(
            all().filter(|present| present.section == Section::Normal),
            wanted,
        ) {
            self.unite(present, wanted);
        } else if let Some(elsewhere) = best(all().filter(|present| !present.inherits), wanted) {
            self.insert(elsewhere.key.clone(), false, wanted);
        } else if let Some(offered) = &there.offered {
            self.inherit(offered, wanted);
        } else if let Some(key) = self.key_for(&there.present, wanted) {
            self.insert(key, false, wanted);
        }
    }

    /// Tests get what the normal dependencies do not give them anyway.
    pub fn dev(&mut self, wanted: &Dependency) {
        let home = self.homes.get(&wanted.package).cloned();
        let mut wanted = wanted.clone();
        if let Some(home) = home.as_ref().filter(|home| !home.optional) {
            wanted.features = missing(&home.features, &wanted.features);
            if wanted.features.is_empty() && home.has_defaults_of(&wanted) {
                return;
            }
        }
        let key = home
            .as_ref()
            .map_or(&wanted.package, |home| &home.key)
            .clone();
        let present = self.there.present.iter();
        let mut devs = present.filter(|present| present.section == Section::Dev);
        if let Some(present) = devs.find(|present| present.key == key) {
            self.add_features(present, &wanted, DEV_DEPENDENCIES);
            return;
        }
        let (table, what) = match home {
            Some(home) if home.is_own => (DEPENDENCIES, What::Features(wanted.features)),
            Some(home) if home.inherits => (
                DEV_DEPENDENCIES,
                What::Insert(inherited(&wanted.features, false)),
            ),
            _ => (
                DEV_DEPENDENCIES,
                What::Insert(declared(&key, &wanted, false)),
            ),
        };
        self.change(File::Member, vec![table], &key, what);
    }

    fn unite(&mut self, present: &Present, wanted: &Dependency) {
        let features = self.add_features(present, wanted, DEPENDENCIES);
        let home = Home {
            key: present.key.clone(),
            optional: present.optional,
            is_new: false,
            inherits: present.inherits,
            is_own: present.is_own,
            defaults: present.defaults,
            features,
        };
        self.settle(home, wanted);
    }

    /// From what the root offers, where its version fits; else the version is added to the root.
    fn inherit(&mut self, offered: &[Present], wanted: &Dependency) {
        if let Some(offer) = best(of_package(offered, wanted), wanted) {
            let mut features = wanted.features.clone();
            features.extend(self.instead_of_defaults(offer, wanted));
            let features = missing(&offer.features, &features);
            let asked = Dependency {
                features,
                ..wanted.clone()
            };
            return self.insert(offer.key.clone(), true, &asked);
        }
        let there = self.there;
        let both: Vec<Present> = there.present.iter().chain(offered).cloned().collect();
        let Some(key) = self.key_for(&both, wanted) else {
            return;
        };
        let bare = Dependency {
            features: Vec::new(),
            ..wanted.clone()
        };
        let entry = What::Insert(declared(&key, &bare, false));
        self.change(
            File::Workspace,
            vec!["workspace", DEPENDENCIES],
            &key,
            entry,
        );
        self.insert(key, true, wanted);
    }

    fn insert(&mut self, key: String, inherits: bool, wanted: &Dependency) {
        let optional = wanted.optional || self.there.gate.is_some();
        let entry = match inherits {
            true => inherited(&wanted.features, optional),
            false => declared(&key, wanted, optional),
        };
        self.change(File::Member, vec![DEPENDENCIES], &key, What::Insert(entry));
        let home = Home {
            key,
            optional,
            is_new: true,
            inherits,
            is_own: false,
            defaults: wanted.defaults,
            features: wanted.features.clone(),
        };
        self.settle(home, wanted);
    }

    fn settle(&mut self, home: Home, wanted: &Dependency) {
        let (package, key) = (&wanted.package, &home.key);
        if package != key && NAMED_BY_MACROS.contains(&package.as_str()) {
            let manifest = self.there.member_path;
            let what = format!(
                "{package} is called `{key}` in {manifest}, but its macros write `{package}` into the code of `src/auth`"
            );
            self.problems
                .push(Problem::new(what).hint(format!("call it {package} there")));
        }
        self.homes.insert(package.clone(), home);
    }

    pub fn change(&mut self, file: File, table: Vec<&'static str>, key: &str, what: What) {
        let key = key.to_owned();
        self.changes.push(Change {
            file,
            table,
            key,
            what,
        });
    }

    /// Crates that code must call by another name than their own.
    pub fn renames(&self) -> BTreeMap<String, String> {
        let in_code = |name: &str| name.replace('-', "_");
        let other = self
            .homes
            .iter()
            .filter(|(package, home)| **package != home.key);
        other
            .map(|(package, home)| (in_code(package), in_code(&home.key)))
            .collect()
    }
}

impl Home {
    fn has_defaults_of(&self, wanted: &Dependency) -> bool {
        self.defaults || wanted.used_of_defaults().is_some_and(<[_]>::is_empty)
    }
}
