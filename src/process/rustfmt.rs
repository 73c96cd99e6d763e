//! `rustfmt`, where there is one: a text in, the formatted text out.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// As the project in `root` formats it; `None` if there is no rustfmt, or if it cannot format this.
pub fn format(root: &Path, edition: &str, text: &str) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--quiet", "--emit", "stdout", "--edition", edition])
        .current_dir(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = rustfmt.stdin.take()?;
    let text = text.to_owned();
    // it may write before it has read everything
    let writer = thread::spawn(move || input.write_all(text.as_bytes()));
    let output = rustfmt.wait_with_output().ok()?;
    let is_read = writer.join().is_ok_and(|written| written.is_ok());
    match is_read && output.status.success() {
        true => String::from_utf8(output.stdout).ok(),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_parse_has_no_formatted_text() {
        let format = |text: &str| format(Path::new("."), "2024", text);
        assert_eq!(
            format("fn main( ) { }\n").as_deref(),
            Some("fn main() {}\n")
        );
        assert_eq!(format("fn main( {\n"), None);
    }
}
