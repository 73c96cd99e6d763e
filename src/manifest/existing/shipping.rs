//! What `cargo publish` would pack besides the code, as a note: a person's `exclude` is theirs to edit.
//! Pure.

use toml_edit::{DocumentMut, Item};

use super::present::strings;

/// `None` where nothing is published, or where the pristine copies are left out.
pub fn note(member: &DocumentMut, root: Option<&DocumentMut>, manifest: &str) -> Option<String> {
    let package = member.get("package")?;
    let inherited = || {
        root.unwrap_or(member)
            .get("workspace")?
            .get("package")?
            .get("publish")
    };
    let publish = package.get("publish");
    let publish = match publish.and_then(|publish| publish.get("workspace")) {
        Some(_) => inherited(),
        None => publish,
    };
    let names_us = |pattern: &String| pattern.trim_start_matches('/').starts_with(".mcp-auth");
    let is_left_out =
        package.get("include").is_some() || strings(package.get("exclude")).iter().any(names_us);
    let is_packed = publish.is_none_or(is_allowed) && !is_left_out;
    is_packed.then(|| {
        format!("`cargo publish` packs .mcp-auth/ too, unless [package] in {manifest} has `exclude = [\"/.mcp-auth\"]`")
    })
}

/// `false` and an empty list of registries forbid it.
fn is_allowed(publish: &Item) -> bool {
    publish.as_bool().unwrap_or(true)
        && publish
            .as_array()
            .is_none_or(|registries| !registries.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note_for(package: &str) -> Option<String> {
        let member =
            format!("[workspace.package]\npublish = false\n\n[package]\nname = \"x\"\n{package}");
        note(&member.parse().unwrap(), None, "Cargo.toml")
    }

    #[test]
    fn only_packages_that_are_published_with_the_copies_get_the_note() {
        for packed in [
            "",
            "publish = true\n",
            "publish = [\"ours\"]\n",
            "exclude = [\"/tests\"]\n",
        ] {
            assert!(note_for(packed).is_some(), "{packed}");
        }
        for not in [
            "publish = false\n",
            "publish = []\n",
            "publish.workspace = true\n",
            "include = [\"src\"]\n",
            "exclude = [\"/.mcp-auth/\"]\n",
        ] {
            assert_eq!(note_for(not), None, "{not}");
        }
    }
}
