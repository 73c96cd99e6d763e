//! How a file is laid out: its line ends, its indentation, and what stands before an offset in its line.
//! Pure.

pub fn newline(text: &str) -> &'static str {
    match text.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

/// What stands in the line before this offset, without a byte order mark.
pub fn before(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[start..at].trim_start_matches('\u{feff}')
}

/// The blanks that the line of this offset begins with.
pub fn indentation(text: &str, at: usize) -> &str {
    let before = before(text, at);
    &before[..before.len() - before.trim_start().len()]
}

/// One step of indentation in this file.
pub fn step(text: &str) -> &'static str {
    let mut spaces = usize::MAX;
    for line in text.lines() {
        if line.starts_with('\t') {
            return "\t";
        }
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let is_code = line
            .trim_start()
            .starts_with(|c: char| c.is_alphanumeric() || c == '.');
        if blanks > 1 && is_code {
            spaces = spaces.min(blanks);
        }
    }
    match spaces {
        2 | 3 => "  ",
        _ => "    ",
    }
}

/// How wide a text is that begins with this indentation.
pub fn width(indentation: &str) -> usize {
    indentation
        .chars()
        .map(|c| if c == '\t' { 4 } else { 1 })
        .sum()
}
