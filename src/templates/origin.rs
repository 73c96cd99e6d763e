//! Which set a project was made from, as `mcp-auth.toml` records it: a name and a hash.
//! Pure.

use std::{collections::BTreeMap, path::Path};

use super::Text;
use crate::state;

/// The name of the set in the program. A folder of that name is `./embedded`.
pub const EMBEDDED: &str = "embedded";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// `embedded`, or a folder as seen from the project's.
    pub set: String,
    /// Of all paths and texts.
    pub sha256: String,
}

pub(super) fn sha256(files: &BTreeMap<String, Text>) -> String {
    let mut all = String::new();
    for (path, text) in files {
        all.push_str(&format!("{path}\0{}\n", state::sha256(text)));
    }
    state::sha256(&all)
}

/// The way from one folder to another, with `/` between its parts. Both are absolute; where no way leads from one to
/// the other (another drive), the whole path.
pub(super) fn relative(from: &Path, to: &Path) -> String {
    let common = from
        .components()
        .zip(to.components())
        .take_while(|(from, to)| from == to)
        .count();
    let below = to.components().skip(common);
    let below = below.map(|part| part.as_os_str().to_string_lossy().into_owned());
    if common == 0 {
        return to.to_string_lossy().into_owned();
    }
    let up = from.components().skip(common).map(|_| "..".to_owned());
    let parts: Vec<String> = up.chain(below).collect();
    match parts.join("/") {
        path if path.is_empty() => ".".to_owned(),
        path if path == EMBEDDED => format!("./{path}"),
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_named_as_the_project_sees_it() {
        let seen = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(seen("/home/me/weather", "/home/me/mine"), "../mine");
        assert_eq!(seen("/home/me/weather", "/home/me/weather/t/x"), "t/x");
        assert_eq!(seen("/a/b/c", "/x"), "../../../x");
        assert_eq!(seen("/a", "/a"), ".");
        assert_eq!(seen("/a", "/a/embedded"), "./embedded");
    }

    #[test]
    fn the_hash_tells_paths_from_texts() {
        let hash = |files: &[(&str, &'static str)]| {
            let files = files
                .iter()
                .map(|(path, text)| ((*path).to_owned(), Text::Borrowed(*text)));
            sha256(&files.collect())
        };
        assert_ne!(hash(&[("a", "b")]), hash(&[("ab", "")]));
        assert_ne!(
            hash(&[("a", "b"), ("c", "")]),
            hash(&[("a", ""), ("c", "b")])
        );
        assert_eq!(hash(&[("a", "b\r\n")]), hash(&[("a", "b\n")]));
    }
}
