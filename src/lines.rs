//! `.env.example` and `.gitignore` of a project that exists: lines are added, none is changed.
//! Pure.

/// Appends the blocks of variables that `present` does not have, commented out or not; keeps its line ends, byte order
/// mark and whether it ends with a newline.
pub fn merge_env(present: &str, block: &str) -> String {
    let names: Vec<&str> = present.lines().filter_map(variable).collect();
    let (head, variables) = parts(block);
    let missing = variables.iter().filter(|part| {
        let own = part.iter().find_map(|line| variable(line));
        own.is_some_and(|own| !names.contains(&own))
    });
    let mut missing = missing.flatten().copied().peekable();
    if missing.peek().is_none() {
        return present.to_owned();
    }
    append(present, head.into_iter().chain(missing))
}

/// Appends the patterns that are missing, with the comments above them.
pub fn merge_gitignore(present: &str, patterns: &str) -> String {
    let there: Vec<&str> = present.lines().map(pattern).collect();
    let mut missing = Vec::new();
    let mut comments = Vec::new();
    for line in patterns.lines() {
        if line.is_empty() || line.starts_with('#') {
            comments.push(line);
        } else if !there.contains(&pattern(line)) {
            missing.append(&mut comments);
            missing.push(line);
        }
    }
    let blank = missing.iter().take_while(|line| line.is_empty()).count();
    match missing.is_empty() {
        true => present.to_owned(),
        false => append(present, missing.into_iter().skip(blank)),
    }
}

/// `NAME` of `NAME=value`, also behind `#` or `export`.
pub fn variable(line: &str) -> Option<&str> {
    let line = line
        .trim_start_matches('\u{feff}')
        .trim_start_matches(['#', ' ', '\t']);
    let line = line.strip_prefix("export ").unwrap_or(line);
    let name = line.split_once('=')?.0.trim();
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

/// The comment at the top, and after it a part for each variable: the blank line and the comment before it, and its line.
fn parts(block: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let lines: Vec<&str> = block.lines().collect();
    let top = lines
        .iter()
        .take_while(|line| variable(line).is_none() && !line.is_empty())
        .count();
    let has_head = lines.get(top).is_some_and(|line| line.is_empty());
    let (head, rest) = lines.split_at(if has_head { top } else { 0 });
    let parts = rest.split_inclusive(|line| variable(line).is_some());
    (head.to_vec(), parts.map(<[&str]>::to_vec).collect())
}

/// `/target/` and `target` ignore the same folder, as far as a file at the root is concerned.
fn pattern(line: &str) -> &str {
    let line = line.trim_start_matches('\u{feff}').trim_end();
    line.strip_prefix('/').unwrap_or(line).trim_end_matches('/')
}

/// After one blank line, with the line ends that `present` has.
fn append<'a>(present: &str, lines: impl IntoIterator<Item = &'a str>) -> String {
    let end = match present.matches("\r\n").count() * 2 > present.matches('\n').count() {
        true => "\r\n",
        false => "\n",
    };
    let is_empty = present.trim_start_matches('\u{feff}').is_empty();
    let is_finished = is_empty || present.ends_with('\n');
    let mut text = present.to_owned();
    if !is_finished {
        text.push_str(end);
    }
    let last = present.lines().last().unwrap_or_default();
    if !is_empty && !last.trim().is_empty() {
        text.push_str(end);
    }
    for line in lines {
        text.push_str(line);
        text.push_str(end);
    }
    if !is_finished {
        text.truncate(text.len() - end.len());
    }
    text
}

#[cfg(test)]
mod tests;
