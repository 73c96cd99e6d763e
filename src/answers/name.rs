//! The project's name: a string that cargo takes as a package and binary name and that makes no lint complain.
//! Pure.

use std::{fmt, str::FromStr};

use heck::{ToKebabCase, ToTitleCase};

const LONGEST: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProjectName(String);

impl ProjectName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For people: `weather-api` becomes `Weather Api`.
    pub fn title(&self) -> String {
        self.0.to_title_case()
    }

    /// The valid name nearest to what was typed, if anything of it can be used.
    pub fn suggestion(typed: &str) -> Option<Self> {
        let ascii: String = typed
            .to_kebab_case()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let words: Vec<&str> = ascii.split('-').filter(|word| !word.is_empty()).collect();
        let kebab = words.join("-");
        let kebab = kebab.trim_start_matches(|c: char| !c.is_ascii_lowercase());
        let short = kebab[..kebab.len().min(LONGEST - "-server".len())].trim_end_matches('-');
        let candidates = [short.to_owned(), format!("{short}-server")];
        candidates.into_iter().find_map(|name| name.parse().ok())
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ProjectName {
    type Err = String;

    /// The error says why, without the name itself.
    fn from_str(name: &str) -> Result<Self, String> {
        if name.is_empty() {
            return Err("it is empty".into());
        }
        if name.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} characters"));
        }
        if let Some(odd) = name.chars().find(|c| !is_allowed(*c)) {
            return Err(why_not(odd));
        }
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err("it must start with a letter".into());
        }
        let separator = |c: char| matches!(c, '-' | '_');
        if name.ends_with(separator) || name.split(separator).any(str::is_empty) {
            return Err("`-` and `_` may only stand singly, between letters or digits".into());
        }
        reserved(name).map_or_else(|| Ok(Self(name.to_owned())), |reason| Err(reason.into()))
    }
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_')
}

fn why_not(odd: char) -> String {
    match odd {
        '/' | '\\' | '.' => "a name is not a path: give the folder as the first argument".into(),
        c if c.is_ascii_uppercase() => {
            "upper-case letters make rustc warn about the crate's name".into()
        }
        c if c.is_control() => "it holds a control character".into(),
        c => format!("`{c}` cannot be part of it: use a-z, 0-9, `-` and `_`"),
    }
}

/// Names that cargo, rustc or Windows refuse or that clash with what every project has.
fn reserved(name: &str) -> Option<&'static str> {
    match name.replace('-', "_").as_str() {
        // strict, 2018+ and reserved keywords
        "as" | "break" | "const" | "continue" | "crate" | "else" | "enum" | "extern" | "false"
        | "fn" | "for" | "if" | "impl" | "in" | "let" | "loop" | "match" | "mod" | "move"
        | "mut" | "pub" | "ref" | "return" | "self" | "static" | "struct" | "super" | "trait"
        | "true" | "type" | "unsafe" | "use" | "where" | "while" | "async" | "await" | "dyn"
        | "abstract" | "become" | "box" | "do" | "final" | "gen" | "macro" | "override"
        | "priv" | "try" | "typeof" | "unsized" | "virtual" | "yield" => {
            Some("it is a keyword of Rust")
        }
        "test" | "core" | "std" | "alloc" | "proc_macro" => {
            Some("it is a library that comes with Rust")
        }
        "build" | "deps" | "examples" | "incremental" => {
            Some("cargo uses this name inside `target/`")
        }
        "anyhow" | "aws_lc_rs" | "axum" | "base64" | "cookie" | "dotenvy" | "form_urlencoded"
        | "futures_util" | "getrandom" | "governor" | "http_body_util" | "hyper" | "hyper_util"
        | "jsonwebtoken" | "maud" | "redb" | "redis" | "reqwest" | "rmcp" | "serde"
        | "serde_json" | "tokio" | "toml" | "tower" | "tracing" | "tracing_subscriber" => {
            Some("the project depends on a package of that name")
        }
        "con" | "prn" | "aux" | "nul" => Some("Windows reserves this name"),
        port if is_windows_port(port) => Some("Windows reserves this name"),
        _ => None,
    }
}

fn is_windows_port(name: &str) -> bool {
    let digit = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    digit.is_some_and(|digit| matches!(digit.as_bytes(), [b'0'..=b'9']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_cargo_and_rustc_take_without_a_warning() {
        for good in [
            "weather",
            "weather-api",
            "weather_api",
            "x",
            "w2",
            &"a".repeat(64),
        ] {
            assert!(good.parse::<ProjectName>().is_ok(), "{good}");
        }
    }

    #[test]
    fn refuses_with_a_reason_and_suggests_a_valid_name() {
        let cases = [
            ("", "empty", None),
            ("1x", "start with a letter", Some("x")),
            ("test", "comes with Rust", Some("test-server")),
            ("async", "keyword", Some("async-server")),
            ("deps", "target/", Some("deps-server")),
            ("My Server", "upper-case", Some("my-server")),
            ("../x", "not a path", Some("x")),
            ("a/b", "not a path", Some("a-b")),
            ("wetter-münchen", "`ü`", Some("wetter-m-nchen")),
            ("天気", "`天`", None),
            ("a--b", "singly", Some("a-b")),
            ("x-", "singly", Some("x")),
            ("nul", "Windows", Some("nul-server")),
            ("com7", "Windows", Some("com7-server")),
            ("a\0b", "control", Some("a-b")),
        ];
        for (name, reason, suggestion) in cases {
            let error = name.parse::<ProjectName>().unwrap_err();
            assert!(error.contains(reason), "{name:?}: {error}");
            assert_eq!(
                ProjectName::suggestion(name)
                    .as_ref()
                    .map(ProjectName::as_str),
                suggestion,
                "{name:?}"
            );
        }
    }

    #[test]
    fn refuses_65_characters_and_suggests_a_shorter_name() {
        let long = "a".repeat(65);
        assert!(long.parse::<ProjectName>().unwrap_err().contains("64"));
        assert!(ProjectName::suggestion(&long).unwrap().as_str().len() <= 64);
    }
}
