//! `--at FILE:LINE` as it is typed: from the workspace's root, from the named folder, absolute, or only the file's end.
//! Pure.

use crate::relative::RelativePath;

use super::Wish;

/// A place that may be named.
pub type Place<'a> = (&'a RelativePath, usize);

/// The places that are named, out of all; and what was typed that names none.
pub fn named<'a, 'w>(all: &[Place<'a>], wish: &'w Wish) -> (Vec<Place<'a>>, Vec<&'w str>) {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for at in &wish.at {
        let places = places(all, at, &wish.folder);
        if places.is_empty() {
            unknown.push(at.as_str());
        }
        found.extend(places);
    }
    (found, unknown)
}

fn places<'a>(all: &[Place<'a>], at: &str, folder: &str) -> Vec<Place<'a>> {
    let Some((file, line)) = at.rsplit_once(':') else {
        return Vec::new();
    };
    let Ok(line) = line.parse::<usize>() else {
        return Vec::new();
    };
    let file = file.replace('\\', "/");
    let file = file.trim_start_matches("./");
    let in_line = || all.iter().copied().filter(|place| place.1 == line);
    let exact: Vec<Place<'a>> = in_line()
        .filter(|(known, _)| {
            known.as_str() == file || known.as_str().strip_prefix(folder) == Some(file)
        })
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let longest = in_line()
        .filter(|(known, _)| file.ends_with(&format!("/{known}")))
        .max_by_key(|(known, _)| known.as_str().len());
    match longest {
        Some(place) => vec![place],
        None => in_line()
            .filter(|(known, _)| known.as_str().ends_with(&format!("/{file}")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files that are named, all in line 3.
    fn found(at: &str, folder: &str) -> Vec<String> {
        let files: Vec<RelativePath> = [
            "src/main.rs",
            "b/src/main.rs",
            "c/src/main.rs",
            "c/src/x.rs",
        ]
        .iter()
        .map(|file| file.parse().unwrap())
        .collect();
        let all: Vec<Place<'_>> = files.iter().map(|file| (file, 3)).collect();
        let wish = Wish {
            at: vec![at.into()],
            folder: folder.into(),
            ..Wish::default()
        };
        let (found, unknown) = named(&all, &wish);
        assert_eq!(found.is_empty(), !unknown.is_empty());
        found.iter().map(|(file, _)| file.to_string()).collect()
    }

    #[test]
    fn a_file_is_named_from_the_root_from_the_folder_or_in_full() {
        assert_eq!(found("src/main.rs:3", ""), ["src/main.rs"]);
        assert_eq!(found("./b/src/main.rs:3", ""), ["b/src/main.rs"]);
        assert_eq!(found("src/x.rs:3", "c/"), ["c/src/x.rs"]);
        assert_eq!(found("/home/me/b/src/main.rs:3", ""), ["b/src/main.rs"]);
        assert_eq!(found("C:\\me\\b\\src\\main.rs:3", ""), ["b/src/main.rs"]);
    }

    #[test]
    fn its_end_is_enough_where_it_says_which() {
        assert_eq!(found("x.rs:3", ""), ["c/src/x.rs"]);
        assert_eq!(found("main.rs:3", "").len(), 3);
    }

    #[test]
    fn what_is_no_place_names_none() {
        for at in [
            "src/main.rs:4",
            "src/main.rs",
            "src/other.rs:3",
            "main:x",
            "",
        ] {
            assert!(found(at, "").is_empty(), "{at}");
        }
    }
}
