//! However a project is formatted, `add` puts the same code into it, takes nothing away, does it once, and gives every
//! byte back.

mod support;

use std::{fs, str::FromStr};

use proc_macro2::TokenStream;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};
use support::{
    Sandbox, Tree,
    add::{self, JWT},
    tree,
};

/// How a project is written differently, without meaning anything else.
#[derive(Clone, Debug)]
struct Style {
    shape: String,
    edits: Vec<(Index, Edit)>,
    has_mark: bool,
    line_end: &'static str,
    indent: &'static str,
}

/// What is done to one line.
#[derive(Clone, Copy, Debug)]
enum Edit {
    BlankBefore,
    CommentBefore(&'static str),
    CommentBehind(&'static str),
    AttributeBefore,
    SpaceBeforeParentheses,
    /// Joins a line that begins with `.` to the one before.
    Join,
}

/// Comments that look like what is searched for, and what is hard to count in bytes.
const COMMENTS: [&str; 6] = [
    "",
    " nest_service(\"/mcp\", service)",
    " let app = Router::new();",
    " mod auth;",
    " \" ' { ( /* //",
    " äöü 日本 🦀\u{2028}",
];

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::BlankBefore),
        select(&COMMENTS[..]).prop_map(Edit::CommentBefore),
        select(&COMMENTS[..]).prop_map(Edit::CommentBehind),
        Just(Edit::AttributeBefore),
        Just(Edit::SpaceBeforeParentheses),
        Just(Edit::Join),
    ]
}

fn style() -> impl Strategy<Value = Style> {
    let edits = vec((any::<Index>(), edit()), 0..40);
    let line_end = select(vec!["\n", "\r\n"]);
    let indent = select(vec!["    ", "\t", "  ", ""]);
    (
        select(add::shapes()),
        edits,
        any::<bool>(),
        line_end,
        indent,
    )
        .prop_map(|(shape, edits, has_mark, line_end, indent)| Style {
            shape,
            edits,
            has_mark,
            line_end,
            indent,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn format_does_not_matter_and_undo_gives_every_byte_back(style in style()) {
        let sandbox = add::copy(&style.shape);
        write(&sandbox, &style);
        let before = add::entries(&sandbox.path(""));
        let texts = rust(&sandbox);
        let ran = add::add(&sandbox, &JWT);
        prop_assert_eq!(ran.code, Some(0), "{:#?}", ran);
        let once = add::entries(&sandbox.path(""));
        is_the_same_code(&style, &texts, &sandbox)?;
        add::add(&sandbox, &JWT).succeeds();
        prop_assert_eq!(add::differing(&once, &add::entries(&sandbox.path(""))), [""; 0], "twice");
        add::undo(&sandbox).succeeds();
        prop_assert_eq!(add::differing(&before, &add::entries(&sandbox.path(""))), [""; 0], "undo");
        fs::remove_dir_all(sandbox.path("")).unwrap();
    }
}

/// Nothing is lost, and what was put in are the words that the plainly written project gets.
fn is_the_same_code(style: &Style, before: &Tree, sandbox: &Sandbox) -> Result<(), TestCaseError> {
    let plain = add::copy(&style.shape);
    add::add(&plain, &JWT).succeeds();
    let (expected, actual) = (rust(&plain), rust(sandbox));
    prop_assert_eq!(
        expected.keys().collect::<Vec<_>>(),
        actual.keys().collect::<Vec<_>>()
    );
    for (path, text) in before {
        let (before, after) = (str(text), str(&actual[path]));
        prop_assert!(
            add::holds_all_of(after, before),
            "{} lost something:\n{}",
            path,
            after
        );
        prop_assert_eq!(words(str(&expected[path])), words(after), "{}", path);
    }
    fs::remove_dir_all(plain.path("")).unwrap();
    Ok(())
}

/// Rewrites the sources and manifests of the project.
fn write(sandbox: &Sandbox, style: &Style) {
    let mut files = tree(&sandbox.path(""));
    files.retain(|path, _| path.ends_with(".rs") || path.ends_with(".toml"));
    let mut lines: Vec<(String, String)> = Vec::new();
    for (path, bytes) in &files {
        let text = str(bytes).trim_start_matches('\u{feff}');
        lines.extend(
            text.lines()
                .map(|line| (path.clone(), line.replace("    ", style.indent))),
        );
    }
    for (index, edit) in &style.edits {
        let at = index.index(lines.len());
        change(&mut lines, at, *edit);
    }
    for path in files.keys() {
        let mut text = String::from(if style.has_mark { "\u{feff}" } else { "" });
        for (_, line) in lines.iter().filter(|(file, _)| file == path) {
            text += line;
            text += style.line_end;
        }
        fs::write(sandbox.path(path), text).unwrap();
    }
}

fn change(lines: &mut Vec<(String, String)>, at: usize, edit: Edit) {
    let (path, line) = lines[at].clone();
    let is_rust = path.ends_with(".rs");
    let mark = if is_rust { "//" } else { "#" };
    let before = match edit {
        Edit::BlankBefore => Some(String::new()),
        Edit::CommentBefore(words) => Some(format!("{mark}{words}")),
        Edit::AttributeBefore if is_rust && begins_an_item(&line) => {
            Some("#[allow(dead_code)]".to_owned())
        }
        _ => None,
    };
    let is_plain = is_rust && !line.contains("//") && !line.contains('"');
    match edit {
        // behind a doc comment it would be a part of that
        Edit::CommentBehind(words) if !line.contains(mark) => {
            lines[at].1 += &format!(" {mark}{words}");
        }
        Edit::SpaceBeforeParentheses if is_plain => lines[at].1 = line.replace('(', " ( "),
        Edit::Join if line.trim_start().starts_with('.') && !lines[at - 1].1.contains("//") => {
            lines.remove(at);
            lines[at - 1].1 += line.trim_start();
        }
        _ => lines
            .splice(at..at, before.map(|before| (path, before)))
            .for_each(drop),
    }
}

fn begins_an_item(line: &str) -> bool {
    ["mod ", "pub mod ", "fn ", "pub fn ", "async fn ", "use "]
        .iter()
        .any(|word| line.starts_with(word))
}

fn rust(sandbox: &Sandbox) -> Tree {
    let mut files = tree(&sandbox.path(""));
    files.retain(|path, _| path.ends_with(".rs"));
    files
}

/// The code without its format: comments, line ends, and the attribute that `change` puts in.
fn words(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let words = TokenStream::from_str(text).unwrap().to_string();
    words
        .replace("# [allow (dead_code)]", "")
        .split_whitespace()
        .collect()
}

fn str(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
