//! A file as text without its habits, and the way back: line ends, byte order mark, newline at the end.
//! Pure.

use crate::manifest::habits;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    original: String,
    /// Without byte order mark, and with `\n` at the end of every line.
    pub plain: String,
}

impl Text {
    /// `None` for what is not text.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let original = std::str::from_utf8(bytes).ok()?;
        (!original.contains('\0')).then(|| Self {
            original: original.to_owned(),
            plain: habits::plain(original),
        })
    }

    /// Another plain text with the habits of this one.
    pub fn dress(&self, plain: &str) -> Vec<u8> {
        habits::restore(&self.original, plain).into_bytes()
    }
}
