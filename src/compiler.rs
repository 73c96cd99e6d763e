//! What the compiler said: the errors as people read them, and how many warnings are about the new code.
//! Pure: cargo's messages in, data out.

use cargo_metadata::{
    Message,
    diagnostic::{Diagnostic, DiagnosticLevel},
};

use crate::process::cargo::Checked;

/// The words of a failed check: whole errors, as many as can be read at a glance.
pub fn words(checked: &Checked) -> String {
    const LINES: usize = 60;
    let errors: Vec<String> = diagnostics(checked).filter_map(error).collect();
    if errors.is_empty() {
        return last_lines(&checked.said, LINES);
    }
    let mut words = String::new();
    let mut shown = 0;
    for error in &errors {
        if shown > 0 && words.lines().count() + error.lines().count() > LINES {
            break;
        }
        words.push_str(error.trim_end());
        words.push_str("\n\n");
        shown += 1;
    }
    match errors.len() - shown {
        0 => words,
        more => words + &format!("and {more} more"),
    }
}

/// The warnings about these files.
pub fn warnings(checked: &Checked, is_new: impl Fn(&str) -> bool) -> usize {
    let about_new = |diagnostic: &Diagnostic| {
        diagnostic.level == DiagnosticLevel::Warning
            && diagnostic
                .spans
                .iter()
                .any(|span| span.is_primary && is_new(&span.file_name.replace('\\', "/")))
    };
    diagnostics(checked).filter(about_new).count()
}

fn diagnostics(checked: &Checked) -> impl Iterator<Item = Diagnostic> {
    let messages = Message::parse_stream(checked.messages.as_slice()).map_while(Result::ok);
    messages.filter_map(|message| match message {
        Message::CompilerMessage(message) => Some(message.message),
        _ => None,
    })
}

fn error(diagnostic: Diagnostic) -> Option<String> {
    let is_error = matches!(
        diagnostic.level,
        DiagnosticLevel::Error | DiagnosticLevel::Ice
    );
    // "aborting due to 2 previous errors"
    let is_summary = diagnostic.spans.is_empty() && diagnostic.message.starts_with("aborting due");
    diagnostic.rendered.filter(|_| is_error && !is_summary)
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(level: &str, file: &str, rendered: &str) -> String {
        let span = format!(
            r#"{{"file_name":"{file}","byte_start":0,"byte_end":1,"line_start":1,"line_end":1,"column_start":1,"column_end":2,"is_primary":true,"text":[],"label":null,"suggested_replacement":null,"suggestion_applicability":null,"expansion":null}}"#
        );
        let spans = if file.is_empty() { String::new() } else { span };
        format!(
            r#"{{"reason":"compiler-message","package_id":"path+file:///x#x@0.1.0","manifest_path":"/x/Cargo.toml","target":{{"kind":["bin"],"crate_types":["bin"],"name":"x","src_path":"/x/src/main.rs","edition":"2024","doc":true,"doctest":false,"test":true}},"message":{{"rendered":"{rendered}","message":"{rendered}","code":null,"level":"{level}","spans":[{spans}],"children":[]}}}}"#
        )
    }

    fn checked(messages: &[String], said: &str) -> Checked {
        Checked {
            success: false,
            messages: messages.join("\n").into_bytes(),
            said: said.into(),
        }
    }

    #[test]
    fn errors_are_shown_whole_and_their_number_is_bounded() {
        let long = "one\\n".repeat(50);
        let mut messages = vec![message("error", "src/main.rs", &long); 3];
        messages.push(message("error", "", "aborting due to 3 previous errors"));
        messages.push(message("warning", "src/main.rs", "unused"));
        let words = words(&checked(&messages, ""));
        assert_eq!(words.matches("one").count(), 50, "{words}");
        assert!(words.ends_with("and 2 more"), "{words}");
    }

    #[test]
    fn without_errors_of_the_compiler_cargos_own_words_are_shown() {
        let words = words(&checked(&[], "    Updating\nerror: no matching package\n"));
        assert_eq!(words, "    Updating\nerror: no matching package");
    }

    #[test]
    fn only_warnings_about_new_files_count() {
        let messages = [
            message("warning", "src/main.rs", "old"),
            message("warning", "src/auth.rs", "new"),
        ];
        let checked = checked(&messages, "");
        assert_eq!(warnings(&checked, |file| file == "src/auth.rs"), 1);
    }
}
