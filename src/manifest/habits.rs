//! How a person's file ends its lines: kept line by line, whatever an editor of TOML or of text makes of them.
//! Pure.

use similar::{ChangeTag, TextDiff};

const MARK: char = '\u{feff}';

/// The text without byte order mark, with `\n` at the end of every line.
pub fn plain(text: &str) -> String {
    let mut plain = text
        .strip_prefix(MARK)
        .unwrap_or(text)
        .replace("\r\n", "\n");
    if !plain.is_empty() && !plain.ends_with('\n') {
        plain.push('\n');
    }
    plain
}

/// `edited`, which was made of `plain(original)`, with the original's byte order mark and line ends. New lines end as
/// most others do; the last one ends as the last one did.
pub fn restore(original: &str, edited: &str) -> String {
    let before = plain(original);
    let body = original.strip_prefix(MARK).unwrap_or(original);
    let ends: Vec<&str> = body.split_inclusive('\n').map(line_end).collect();
    let windows = ends.iter().filter(|end| **end == "\r\n").count();
    let usual = if windows * 2 > ends.len() {
        "\r\n"
    } else {
        "\n"
    };

    let mut restored = String::with_capacity(edited.len());
    restored.extend(original.chars().next().filter(|first| *first == MARK));
    let (before, edited) = (lines(&before), lines(edited));
    for change in TextDiff::from_slices(&before, &edited).iter_all_changes() {
        let kept = change.old_index().and_then(|line| ends.get(line));
        let end = kept.filter(|end| !end.is_empty()).unwrap_or(&usual);
        if change.tag() != ChangeTag::Delete {
            restored.push_str(change.value().trim_end_matches('\n'));
            restored.push_str(end);
        }
    }
    let unfinished = !body.is_empty() && !body.ends_with('\n');
    let last = if unfinished {
        line_end(&restored).len()
    } else {
        0
    };
    restored.truncate(restored.len() - last);
    restored
}

/// `similar` would also break them at a lone `\r`.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn line_end(line: &str) -> &str {
    let body = line.strip_suffix('\n').unwrap_or(line);
    let body = body
        .strip_suffix('\r')
        .filter(|_| line.ends_with('\n'))
        .unwrap_or(body);
    &line[body.len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_keeps_its_own_end_and_new_ones_follow_the_most() {
        let original = "\u{feff}a\r\nb\nc\r\nd";
        assert_eq!(plain(original), "a\nb\nc\nd\n");
        assert_eq!(
            restore(original, "a\nx\nb\nc\nd\ne\n"),
            "\u{feff}a\r\nx\nb\nc\r\nd\ne"
        );
        assert_eq!(restore("a\r\nb\r\n", "a\nx\nb\n"), "a\r\nx\r\nb\r\n");
    }

    #[test]
    fn what_is_not_edited_comes_back_byte_for_byte() {
        for text in [
            "",
            "a",
            "a\n",
            "a\r\n",
            "\u{feff}",
            "\u{feff}a\r\n\r\nb\n\n",
            "a\r\nb",
            "a\rb\n\r\r\nc",
        ] {
            assert_eq!(restore(text, &plain(text)), text, "{text:?}");
        }
    }

    #[test]
    fn an_empty_file_gets_whole_lines() {
        assert_eq!(restore("", "a\n"), "a\n");
    }
}
