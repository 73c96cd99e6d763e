//! Reads `WWW-Authenticate` (RFC 9110 section 11.6.1): the parameters of the challenge `Bearer`.
//! Pure.

use std::collections::BTreeMap;

pub type Parameters = BTreeMap<String, String>;

/// `None` if the header has no challenge `Bearer`. Names are in small letters.
pub fn bearer(header: &str) -> Option<Parameters> {
    let (scheme, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut parameters = Parameters::new();
    let mut rest = rest.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = value(after.trim_start());
        parameters.insert(name.trim().to_ascii_lowercase(), value);
        rest = after.trim_start().trim_start_matches(',').trim_start();
    }
    Some(parameters)
}

/// A token or a quoted string, and what follows.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Vec<(String, String)> {
        bearer(header).unwrap().into_iter().collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn parameters_are_read_quoted_or_not() {
        let read = read(
            r#"bearer Error=invalid_token , scope="a, \"b\"",resource_metadata = "http://x/y=z""#,
        );
        let expected = [
            pair("error", "invalid_token"),
            pair("resource_metadata", "http://x/y=z"),
            pair("scope", r#"a, "b""#),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn other_schemes_are_no_challenge_of_ours() {
        assert_eq!(bearer("Basic realm=\"x\""), None);
        assert_eq!(bearer(""), None);
        assert_eq!(read("Bearer"), []);
    }
}
