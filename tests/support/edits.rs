//! What people do to files, at random, with lines that can be recognised afterwards.

use proptest::{
    prelude::*,
    sample::{Index, select},
};

/// One thing that is done to one file.
#[derive(Clone, Debug)]
pub enum Edit {
    DeleteLines(Index, usize),
    Insert(Index, String),
    Swap(Index, Index),
    Reindent(Index),
    LineEnds,
    Mark,
    NoLastNewline,
    Truncate(Index),
    Bytes(Index),
    Markers(Index),
    Replace(String),
}

/// Mostly small ones.
pub fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        4 => (at(), 1..4usize).prop_map(|(at, count)| Edit::DeleteLines(at, count)),
        8 => (at(), line()).prop_map(|(at, line)| Edit::Insert(at, line)),
        2 => (at(), at()).prop_map(|(one, other)| Edit::Swap(one, other)),
        2 => at().prop_map(Edit::Reindent),
        1 => Just(Edit::LineEnds),
        1 => Just(Edit::Mark),
        1 => Just(Edit::NoLastNewline),
        1 => at().prop_map(Edit::Truncate),
        1 => at().prop_map(Edit::Bytes),
        1 => at().prop_map(Edit::Markers),
        1 => line().prop_map(Edit::Replace),
    ]
}

/// Lines as people write them in such files, each with a number of its own.
fn line() -> impl Strategy<Value = String> {
    const KINDS: [&str; 8] = [
        "// mine #",
        "    // mine # äöü 日本 🦀",
        "fn mine_#() {}",
        "# mine #",
        "mine-# = \"1\"",
        "MINE_#=yes",
        "\tmine #  ",
        "{{ mine # }} {% mine %}",
    ];
    (select(&KINDS[..]), 0..1_000_000u32)
        .prop_map(|(kind, number)| kind.replace('#', &number.to_string()))
}

impl Edit {
    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Bytes(at) => {
                let mut bytes = bytes.to_vec();
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, *b"\0\xff\xfe");
                bytes
            }
            Self::Truncate(at) => bytes[..at.index(bytes.len() + 1)].to_vec(),
            Self::Mark => [b"\xef\xbb\xbf", bytes].concat(),
            Self::Replace(line) => format!("{line}\n").into_bytes(),
            _ => match std::str::from_utf8(bytes) {
                Ok(text) => self.apply_to_lines(text).into_bytes(),
                Err(_) => bytes.to_vec(),
            },
        }
    }

    fn apply_to_lines(&self, text: &str) -> String {
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let inserted;
        match self {
            Self::LineEnds if !text.contains('\r') => return text.replace('\n', "\r\n"),
            Self::NoLastNewline => return text.trim_end_matches('\n').to_owned(),
            Self::Insert(at, line) => {
                inserted = format!("{line}\n");
                lines.insert(at.index(lines.len() + 1), &inserted);
            }
            Self::Markers(at) => {
                let markers = "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other\n";
                lines.insert(at.index(lines.len() + 1), markers);
            }
            _ if lines.is_empty() => {}
            Self::DeleteLines(at, count) => {
                let at = at.index(lines.len());
                lines.drain(at..lines.len().min(at + count));
            }
            Self::Swap(one, other) => {
                let count = lines.len();
                lines.swap(one.index(count), other.index(count));
            }
            Self::Reindent(at) => {
                let at = at.index(lines.len());
                inserted = format!("  {}", lines[at]);
                lines[at] = &inserted;
            }
            _ => {}
        }
        lines.concat()
    }
}
