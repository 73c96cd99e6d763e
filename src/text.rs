//! Text that must mean itself elsewhere: quoted for a POSIX shell or a `.env` file, escaped for Markdown.
//! Pure.

/// One word for `sh`; dotenv readers understand the same quoting.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Where a TOML file is wrong, and how: `, line 3, column 5: unknown field ...`.
pub fn toml_problem(text: &str, error: &toml_edit::de::Error) -> String {
    let place = error.span().map(|span| place(text, span.start));
    let place = place.unwrap_or_default();
    format!("{place}: {}", error.message().trim())
}

/// `, line 3, column 5`, of a byte in a text.
pub fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    format!(", line {line}, column {}", last.chars().count() + 1)
}

/// Markdown that displays the text as it is: no emphasis, link, tag, heading or list comes out of it.
pub fn markdown(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(|line| markdown_line(line.trim()))
        .collect();
    lines.join("\n")
}

fn markdown_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        let inside_word =
            before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '|' | '~' | '&' => true,
            '_' => !inside_word,
            _ => out.is_empty() && matches!(c, '#' | '>' | '-' | '+' | '='),
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    escape_ordered_list(out)
}

/// `1. x` at the start of a line would be a list.
fn escape_ordered_list(line: String) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", &line[..digits], &line[digits..]),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_only_what_a_shell_would_change() {
        assert_eq!(quoted("weather-api"), "weather-api");
        assert_eq!(quoted("mcp:read mcp:admin"), "'mcp:read mcp:admin'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $HOME `id`"), r"'it'\''s $HOME `id`'");
        assert_eq!(quoted("~x"), "'~x'");
    }

    #[test]
    fn a_description_stays_text_in_markdown() {
        assert_eq!(
            markdown("snake_case and a-b stay"),
            "snake_case and a-b stay"
        );
        assert_eq!(
            markdown("# no heading\n- no list\n12. no list"),
            "\\# no heading\n\\- no list\n12\\. no list"
        );
        assert_eq!(
            markdown("<script> *x* [a](b) `c`"),
            r"\<script> \*x\* \[a\](b) \`c\`"
        );
        assert_eq!(markdown("~~~\n==="), "\\~\\~\\~\n\\===");
        assert_eq!(markdown("    no code"), "no code");
        assert_eq!(markdown("_x_"), r"\_x\_");
    }
}
