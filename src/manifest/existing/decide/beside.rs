//! A dependency that is there in a version that does not do: another one beside it, or the reason why not.
//! Pure.

use super::{Decided, Dependency, Fit, Present, Problem, fit, fit_of, of_package};

/// Their types and macros meet those of the package, so that one version must do for both.
const SHARED: [&str; 6] = ["axum", "maud", "serde", "serde_json", "tokio", "tracing"];

impl Decided<'_> {
    /// What a new dependency is called beside those that are there, none of which fits; `None` is a problem.
    pub fn key_for(&mut self, present: &[Present], wanted: &Dependency) -> Option<String> {
        let package = &wanted.package;
        let others: Vec<&Present> = of_package(present, wanted).collect();
        if let Some(problem) = others.iter().find_map(|other| self.obstacle(other, wanted)) {
            self.problems.push(problem);
            return None;
        }
        let is_taken = |key: &String| present.iter().any(|present| present.key == *key);
        let names = [
            package.clone(),
            format!("auth-{package}"),
            format!("mcp-auth-{package}"),
        ];
        let key = names
            .iter()
            .find(|name| !is_taken(name))
            .unwrap_or(&names[2]);
        if let Some(other) = others.first() {
            let (theirs, ours) = (&other.requirement, &wanted.requirement);
            let note = format!(
                "{package} {theirs} stays as it is; `src/auth` uses {ours} beside it, under the name {key} (`cargo fmt` sorts its imports)"
            );
            self.notes.push(note);
        }
        Some(key.clone())
    }

    fn obstacle(&self, other: &Present, wanted: &Dependency) -> Option<Problem> {
        let Dependency {
            package,
            requirement,
            ..
        } = wanted;
        let apart = fit_of(other, wanted) == Fit::Apart;
        if apart && !SHARED.contains(&package.as_str()) {
            return None;
        }
        let manifest = match other.is_at_root {
            true => self.there.workspace_path,
            false => self.there.member_path,
        };
        let theirs = &other.requirement;
        let locked = other.locked.as_ref().filter(|_| !apart);
        let locked = locked
            .map(|locked| format!(" (locked at {locked})"))
            .unwrap_or_default();
        let what = format!(
            "{package} {theirs}{locked} is required in {manifest}; `src/auth` needs {package} = \"{requirement}\""
        );
        let hint = match fit(theirs, None, requirement) {
            Fit::Shared => format!("run `cargo update -p {package}`, then this command again"),
            _ => format!(
                "raise {package} to {requirement} in {manifest}, make the project compile, then run this command again"
            ),
        };
        Some(Problem::new(what).hint(hint))
    }
}
