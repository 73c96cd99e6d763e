//! The files of a crate that may have to do with MCP services: only these are worth parsing, which is what costs time.
//! Pure. Too many files are no harm; a file too few is a service whose way cannot be followed, and said to be so.

use crate::existing::modules::{CrateSources, SourceFile};

/// What a file has that makes, mounts or serves services, or routers for them.
const WORDS: [&str; 8] = [
    "StreamableHttp",
    "streamable_http",
    "Router",
    "_service",
    "TowerToHyperService",
    "stdio",
    ".handle(",
    ".protect(",
];

/// The crate's root, and what is relevant of the rest.
pub fn relevant(sources: &CrateSources) -> CrateSources {
    let makers: Vec<String> = sources
        .files
        .iter()
        .filter(|file| has_word(file))
        .flat_map(|file| makers(&file.text))
        .map(|name| format!("{name}("))
        .collect();
    let is_relevant = |file: &&SourceFile| {
        let calls = || makers.iter().any(|call| file.text.contains(call));
        file.module.is_empty() || has_word(file) || calls()
    };
    CrateSources {
        root: sources.root.clone(),
        files: sources.files.iter().filter(is_relevant).cloned().collect(),
    }
}

fn has_word(file: &SourceFile) -> bool {
    WORDS.iter().any(|word| file.text.contains(word))
}

/// The names of functions that take or return a service or a router.
fn makers(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn ").filter_map(|(at, word)| {
        let rest = &text[at + word.len()..];
        let signature = &rest[..rest.find(['{', ';'])?];
        let name = &signature[..signature.find(['(', '<'])?];
        let is_maker = ["Service", "Router"]
            .iter()
            .any(|it| signature.contains(it));
        is_maker.then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::existing::package::{CrateKind, CrateRoot};

    fn file(path: &str, text: &str) -> SourceFile {
        let module = path.strip_suffix(".rs").filter(|name| *name != "main");
        SourceFile {
            path: path.parse().unwrap(),
            text: text.into(),
            module: module.map(str::to_owned).into_iter().collect(),
            cfgs: Vec::new(),
        }
    }

    #[test]
    fn files_that_make_mount_or_pass_services_on_are_relevant() {
        let sources = CrateSources {
            root: CrateRoot {
                kind: CrateKind::Binary,
                name: "server".into(),
                file: "main.rs".parse().unwrap(),
            },
            files: vec![
                file("main.rs", "mod all;"),
                file(
                    "make.rs",
                    "pub fn mcp() -> StreamableHttpService<Tools> {}\nfn other() {}",
                ),
                file(
                    "mount.rs",
                    "pub fn serve(it: crate::Alias) { r.nest_service(\"/mcp\", it) }",
                ),
                file("pass.rs", "fn run() { serve(crate::make::mcp()) }"),
                file("loop.rs", "fn run() { it.handle(request) }"),
                file("tools.rs", "fn other() {}"),
                file("text.rs", "fn run() { other() }"),
            ],
        };
        let found = relevant(&sources).files;
        let paths: Vec<&str> = found.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            ["main.rs", "make.rs", "mount.rs", "pass.rs", "loop.rs"]
        );
    }
}
