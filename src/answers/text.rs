//! The answers that are free text or a number: description, scopes, port.
//! Pure.

use std::{fmt, str::FromStr};

/// Any text of one or more lines; Cargo.toml and README.md must be able to hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    const LONGEST: usize = 1000;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Description {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let text = text.trim();
        if let Some(odd) = text.chars().find(|c| is_unprintable(*c)) {
            return Err(format!(
                "it holds the control character U+{:04X}",
                odd as u32
            ));
        }
        if text.chars().count() > Self::LONGEST {
            return Err(format!("it is longer than {} characters", Self::LONGEST));
        }
        if text.is_empty() {
            return Err("it is empty".into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// Control characters, and the invisible ones that make text read other than it is (bidirectional overrides).
fn is_unprintable(c: char) -> bool {
    let reorders = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let separates = matches!(c, '\u{2028}' | '\u{2029}');
    (c.is_control() && c != '\n' && c != '\t') || reorders || separates
}

/// One OAuth scope, as RFC 6749 section 3.3 has it, less what a shell, a `.env` file or Markdown would change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope(String);

impl Scope {
    const LONGEST: usize = 200;
    const PUNCTUATION: &str = "-._~:/?#@&()*+=%";

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(scope: &str) -> Result<Self, String> {
        if scope.is_empty() || scope.len() > Self::LONGEST {
            return Err(format!("a scope has 1 to {} characters", Self::LONGEST));
        }
        match scope
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && !Self::PUNCTUATION.contains(*c))
        {
            Some(odd) => Err(format!(
                "`{}` cannot be part of a scope: use letters, digits and {}",
                odd.escape_debug(),
                Self::PUNCTUATION
            )),
            None => Ok(Self(scope.to_owned())),
        }
    }
}

/// `"a b"` and `"a,b"` are the same two scopes; none at all is an answer too. The order is kept, repeats are dropped.
pub fn parse_scopes(text: &str) -> Result<Vec<Scope>, String> {
    let mut scopes: Vec<Scope> = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let scope: Scope = word
            .parse()
            .map_err(|why| format!("`{}`: {why}", word.escape_debug()))?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

/// A TCP port one can connect to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port(u16);

impl Port {
    pub fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Port {
    type Error = String;

    fn try_from(number: u16) -> Result<Self, String> {
        match number {
            0 => Err("a port is a number from 1 to 65535".into()),
            _ => Ok(Self(number)),
        }
    }
}

impl FromStr for Port {
    type Err = String;

    fn from_str(port: &str) -> Result<Self, String> {
        let number = if port.starts_with('+') {
            0
        } else {
            port.parse().unwrap_or(0)
        };
        Self::try_from(number)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_may_hold_anything_but_control_characters() {
        assert!(
            "quotes \" ' back\\slash {{ }} {% %}\nnewline\ttab 🌦"
                .parse::<Description>()
                .is_ok()
        );
        for bad in [
            "",
            "  \n",
            "nul \0",
            "bell \u{7}",
            "escape \u{1b}[31m",
            "\u{202e}txt.exe",
            "a\rb",
            &"x".repeat(1001),
        ] {
            assert!(bad.parse::<Description>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn scopes_are_separated_by_spaces_or_commas_and_may_be_none() {
        let names = |text: &str| -> Vec<String> {
            parse_scopes(text)
                .unwrap()
                .iter()
                .map(|scope| scope.as_str().to_owned())
                .collect()
        };
        assert_eq!(names("mcp:read mcp:admin"), ["mcp:read", "mcp:admin"]);
        assert_eq!(
            names(" mcp:read,, mcp:read https://x.example/y "),
            ["mcp:read", "https://x.example/y"]
        );
        assert_eq!(names(""), [""; 0]);
        for bad in [
            "a\"b", "a\\b", "`id`", "$HOME", "it's", "ü", "a\nb", "{{x}}",
        ] {
            assert!(parse_scopes(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_port_is_a_number_one_can_connect_to() {
        assert_eq!("8000".parse::<Port>().unwrap().get(), 8000);
        for bad in ["", "0", "65536", "-1", "+80", "8000 ", "http"] {
            assert!(bad.parse::<Port>().is_err(), "{bad:?}");
        }
    }
}
