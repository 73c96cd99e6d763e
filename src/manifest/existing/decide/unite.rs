//! More features for a dependency that is there; its version and its default features stay as they are.
//! Pure.

use super::{Decided, Dependency, File, Present, What, missing};

impl Decided<'_> {
    /// All features that the dependency has then.
    pub fn add_features(
        &mut self,
        present: &Present,
        wanted: &Dependency,
        table: &'static str,
    ) -> Vec<String> {
        let mut features = wanted.features.clone();
        features.extend(self.instead_of_defaults(present, wanted));
        let missing = missing(&present.features, &features);
        if !missing.is_empty() {
            let what = What::Features(missing.clone());
            self.change(File::Member, vec![table], &present.key, what);
        }
        present.features.iter().cloned().chain(missing).collect()
    }

    /// Default features that somebody turned off stay off: what is used of them is named.
    pub fn instead_of_defaults(&mut self, present: &Present, wanted: &Dependency) -> Vec<String> {
        if present.defaults || !wanted.defaults {
            return Vec::new();
        }
        let used = wanted.used_of_defaults().unwrap_or(&["default"]);
        let used: Vec<String> = used.iter().map(|feature| (*feature).to_owned()).collect();
        let missing = missing(&present.features, &used);
        if !missing.is_empty() {
            let (key, manifest) = (&present.key, self.there.member_path);
            let gets = missing.join(", ");
            let note = format!(
                "{key} keeps `default-features = false` in {manifest}, and gets the feature {gets}"
            );
            self.notes.push(note);
        }
        used
    }
}
