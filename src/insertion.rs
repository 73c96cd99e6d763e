//! Edits of source texts that only insert: what was there stays byte for byte.
//! Pure.

use crate::relative::RelativePath;

/// Text to put in at a byte offset of the original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    pub at: usize,
    pub text: String,
}

/// All insertions into one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    pub path: RelativePath,
    /// Ascending; those at one offset keep their order.
    pub insertions: Vec<Insertion>,
}

/// The original with the insertions in it, from the last to the first.
pub fn insert(original: &str, insertions: &[Insertion]) -> String {
    let mut text = original.to_owned();
    for insertion in insertions.iter().rev() {
        text.insert_str(insertion.at, &insertion.text);
    }
    text
}

/// The edited text without the insertions: gives back the original, or `None` if it is not what `insert` made.
pub fn remove(edited: &str, insertions: &[Insertion]) -> Option<String> {
    let mut text = String::with_capacity(edited.len());
    let mut rest = edited;
    let mut taken = 0;
    for insertion in insertions {
        let (before, from) = rest.split_at_checked(insertion.at.checked_sub(taken)?)?;
        text.push_str(before);
        rest = from.strip_prefix(insertion.text.as_str())?;
        taken = insertion.at;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_inserted_can_be_taken_out() {
        let insertions = [(0, "a"), (2, "b"), (2, "c"), (5, "d")].map(|(at, text)| Insertion {
            at,
            text: text.into(),
        });
        let edited = insert("12345", &insertions);
        assert_eq!(edited, "a12bc345d");
        assert_eq!(remove(&edited, &insertions).unwrap(), "12345");
        assert_eq!(remove("12345", &insertions), None);
    }
}
