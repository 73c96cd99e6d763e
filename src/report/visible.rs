//! What files and other programs say, as a terminal may get it: it shows their control characters, obeys none.
//! Pure.

use std::borrow::Cow;

/// Control characters other than tab and newline become what Rust writes for them.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |character: char| character.is_control() && !matches!(character, '\t' | '\n');
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match is_hidden(character) {
            true => visible.extend(character.escape_debug()),
            false => visible.push(character),
        }
    }
    Cow::Owned(visible)
}

/// The same of a program's line, which may have colours: they are left out.
pub(super) fn plain(line: &str) -> String {
    visible(&anstream::adapter::strip_str(line).to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_the_rest_stays() {
        assert_eq!(visible("\tlet x = \"ä\";\n"), "\tlet x = \"ä\";\n");
        assert_eq!(
            visible("a\u{1b}]0;title\u{7}b\r\u{9b}2J"),
            "a\\u{1b}]0;title\\u{7}b\\r\\u{9b}2J"
        );
    }

    #[test]
    fn colours_of_programs_are_left_out() {
        let line = "\u{1b}[32m INFO\u{1b}[0m serving\u{8}";
        let plain = plain(line);
        assert!(plain.starts_with(" INFO serving"), "{plain}");
        assert!(!plain.contains(char::is_control), "{plain}");
    }
}
