//! Says in a template's text where the module is and how crates are called, if that differs from a new project.
//! Pure: words are exchanged, and a text that has none of them stays borrowed.

use std::borrow::Cow;

use super::{ENV_EXAMPLE, Placement};
use crate::templates::Text;

/// `source` is the module's folder from the package.
pub fn adapt(text: Text, path: &str, placement: &Placement, source: &str) -> Text {
    let mut text = exchanged(text, "src/auth", source, |before, after| {
        !before.ends_with(is_word) && !after.starts_with(|c| is_word(c) || c == '-')
    });
    if !path.ends_with(".rs") {
        return exchanged(text, ENV_EXAMPLE, &placement.env_file, |_, _| true);
    }
    let module = format!("crate::{}", placement.module);
    text = exchanged(text, "crate::auth", &module, |before, after| {
        !before.ends_with(is_word) && !after.starts_with(is_word)
    });
    for (name, other) in &placement.renames {
        text = exchanged(text, name, other, |before, after| {
            !before.ends_with(|c| is_word(c) || c == ':' || c == '.') && after.starts_with("::")
        });
    }
    text
}

/// `name` becomes `other` where what stands before and after it fits.
fn exchanged(text: Text, name: &str, other: &str, fits: impl Fn(&str, &str) -> bool) -> Text {
    if name == other {
        return text;
    }
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(name) {
        let end = at + name.len();
        if fits(&text[..at], &text[end..]) {
            out.push_str(&text[done..at]);
            out.push_str(other);
            done = end;
        }
    }
    if done == 0 {
        return text;
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::added::tests::in_a_workspace;

    #[test]
    fn words_are_exchanged_only_where_they_are_the_whole_name() {
        let adapted = |text: &'static str| {
            adapt(text.into(), "x.rs", &in_a_workspace(), "src/mcp_auth").into_owned()
        };
        let kept = "my_crate::auth::X crate::authority src/authority old/xsrc/auth/ src/auth-old \
            self::redis::X my_reqwest::X reqwest: reqwest x.tower::y ::tower::x";
        assert_eq!(adapted(kept), kept);
        let text = "use crate::auth::X; use crate::auth; // see src/auth/x and src/auth.rs\n#[path = \"../src/auth/tests/x.rs\"] use reqwest::{A}; f(reqwest::get(tower::x))";
        let expected = "use crate::mcp_auth::X; use crate::mcp_auth; // see src/mcp_auth/x and src/mcp_auth.rs\n#[path = \"../src/mcp_auth/tests/x.rs\"] use auth_reqwest::{A}; f(auth_reqwest::get(auth_tower::x))";
        assert_eq!(adapted(text), expected);
    }
}
