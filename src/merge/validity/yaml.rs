//! The keys of a YAML file by their indentation: no parser, but enough to see a key that came twice, or a tab.
//! Pure.

/// Each key with those above it; the items of a list are numbered through.
pub fn keys(text: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut block: Option<usize> = None;
    for (at, line) in text.lines().enumerate() {
        let content = line.trim_start_matches(' ');
        let mut indent = line.len() - content.len();
        if content.trim().is_empty() || block.is_some_and(|block| indent > block) {
            continue;
        }
        block = None;
        if content.starts_with('\t') {
            return Err(format!("line {}: a tab in the indentation", at + 1));
        }
        let mut content = content;
        while let Some(item) = content.strip_prefix("- ") {
            above.retain(|(outer, _)| *outer < indent);
            above.push((indent, format!("item at line {}", at + 1)));
            let inner = item.trim_start_matches(' ');
            indent += content.len() - inner.len();
            content = inner;
        }
        if let Some((key, value)) = key(content) {
            above.retain(|(outer, _)| *outer < indent);
            above.push((indent, key.to_owned()));
            let path: Vec<&str> = above.iter().map(|(_, key)| key.as_str()).collect();
            found.push(format!("`{}`", path.join(" > ")));
            block = value.trim().starts_with(['|', '>']).then_some(indent);
        }
    }
    Ok(found)
}

fn key(content: &str) -> Option<(&str, &str)> {
    if content.starts_with('#') {
        return None;
    }
    let (key, value) = match content.split_once(": ") {
        Some(parts) => parts,
        None => (content.trim_end().strip_suffix(':')?, ""),
    };
    (!key.is_empty() && !key.contains(['{', '['])).then_some((key, value))
}
