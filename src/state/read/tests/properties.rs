use std::sync::LazyLock;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::catalog::Catalog;

/// The record after some cuts, repeats and strange characters.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (
        any::<Index>(),
        any::<Index>(),
        "[\\[\\]{}=\"'.#\n\r\\\\0-9a-z\u{feff}é-]{0,4}",
    );
    vec(edit, 1..6).prop_map(|edits| {
        let mut text: Vec<char> = record().chars().collect();
        for (from, length, put) in edits {
            let from = from.index(text.len() + 1);
            let to = text.len().min(from + length.index(8));
            text.splice(from..to, put.chars());
        }
        text.into_iter().collect()
    })
}

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| embedded().1);

fn ask(text: &str) {
    if let Ok(recorded) = read(text) {
        recorded.files();
        let _ = recorded.answers(&CATALOG);
        let placement = recorded.added.as_ref().map(|added| added.placement(""));
        placement.map(|placement| placement.source());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_mutated_record_is_read_or_refused(text in mutated()) {
        ask(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        ask(&text);
    }
}
