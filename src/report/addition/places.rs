//! Places in the person's code: what becomes of them, and what is left to do there.

use std::io::{self, Write};

use crate::{
    adding::Addition,
    existing::mounts::ByHand,
    report::{BOLD, HINT, visible::visible},
};

/// What becomes of which service.
pub fn mounts(out: &mut dyn Write, addition: &Addition) -> io::Result<()> {
    addition.mounts.iter().try_for_each(|it| {
        let (file, line) = (&it.mount.file, it.mount.line);
        writeln!(
            out,
            "  {file}:{line}  {} becomes {BOLD}{}{BOLD:#}",
            in_one_line(&it.before),
            in_one_line(&it.after)
        )
    })
}

/// What is left to people.
pub fn by_hand(out: &mut dyn Write, steps: &[ByHand]) -> io::Result<()> {
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nLeft to do by hand:")?;
    for step in steps {
        writeln!(
            out,
            "  {BOLD}{}:{}{BOLD:#}: {}",
            step.file,
            step.line,
            visible(&step.why)
        )?;
        for line in step.steps.iter().flat_map(|text| text.lines()) {
            writeln!(out, "    {HINT}{}{HINT:#}", visible(line))?;
        }
    }
    Ok(())
}

fn in_one_line(code: &str) -> String {
    const LONGEST: usize = 60;
    let words: Vec<&str> = code.split_whitespace().collect();
    let line = visible(&words.join(" ")).into_owned();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}
