//! Merges lines, and calls a merge clean only if two engines come to the same bytes: each alone has been seen to be
//! clean where git says conflict, hardly ever both. Pure; its texts have whole lines that end with `\n`.

use diffy::{ConflictStyle, IncompleteHunkStyle, MergeOptions};
use similar::{MergeRegion, MergeResolution, TextMerge};

use super::parts::{Parts, Side};

/// `None` if the engines do not agree.
pub fn merge(base: &str, user: &str, new: &str) -> Option<Parts> {
    let first = by_diffy(base, user, new);
    if !first.is_settled() {
        return Some(first);
    }
    let second = by_similar(base, user, new);
    let differ = second.is_settled() && second.text(Side::Yours) != first.text(Side::Yours);
    // `similar` takes a lone `\r` for a line end, so that its hunks may begin within a line
    let unlike = [base, user, new].iter().any(|text| text.contains('\r'));
    (!differ && !unlike).then_some(second)
}

/// The markers are longer than anything in the texts that looks like one.
fn by_diffy(base: &str, user: &str, new: &str) -> Parts {
    let longest = [user, new].into_iter().map(longest_run).max();
    let length = longest.unwrap_or_default().max(6) + 1;
    let mut options = MergeOptions::new();
    options
        .set_conflict_style(ConflictStyle::Merge)
        .set_incomplete_hunk_style(IncompleteHunkStyle::Git)
        .set_conflict_marker_length(length);
    let mut parts = Parts::default();
    match options.merge(base, user, new) {
        Ok(text) => parts.settle(&text),
        Err(marked) => read(&marked, length, &mut parts),
    }
    parts
}

fn longest_run(text: &str) -> usize {
    let is_marker = |byte: &u8| b"<=>".contains(byte);
    let runs = text.as_bytes().chunk_by(|a, b| a == b);
    let runs = runs.filter(|run| run.first().is_some_and(is_marker));
    runs.map(<[u8]>::len).max().unwrap_or_default()
}

/// Takes the text with markers apart.
fn read(marked: &str, length: usize, parts: &mut Parts) {
    let marker = |sign: &str| sign.repeat(length);
    let (open, middle, close) = (marker("<"), marker("="), marker(">"));
    let mut rest = marked;
    while let Some((before, hunk)) = split(rest, &open) {
        let (yours, hunk) = split(hunk, &middle).unwrap_or((hunk, ""));
        let (templates, after) = split(hunk, &close).unwrap_or((hunk, ""));
        parts.settle(before);
        parts.dispute(yours, templates);
        rest = after;
    }
    parts.settle(rest);
}

/// What is before and behind the line that begins with the marker.
fn split<'a>(text: &'a str, marker: &str) -> Option<(&'a str, &'a str)> {
    let at = text.find(marker)?;
    let behind = &text[at..];
    let end = behind.find('\n').map_or(behind.len(), |end| end + 1);
    Some((&text[..at], &behind[end..]))
}

fn by_similar(base: &str, user: &str, new: &str) -> Parts {
    let merge = TextMerge::from_lines(base, user, new);
    let yours = |region: &MergeRegion| lines(region.ours_range(), |at| merge.ours_line(at));
    let templates = |region: &MergeRegion| lines(region.theirs_range(), |at| merge.theirs_line(at));
    let mut parts = Parts::default();
    for region in merge.regions() {
        match region.resolution() {
            MergeResolution::Conflict => parts.dispute(&yours(region), &templates(region)),
            MergeResolution::Theirs => parts.settle(&templates(region)),
            _ => parts.settle(&yours(region)),
        }
    }
    parts
}

fn lines<'a>(range: std::ops::Range<usize>, line: impl Fn(usize) -> Option<&'a str>) -> String {
    range.filter_map(line).collect()
}
