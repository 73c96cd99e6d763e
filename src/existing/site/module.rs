//! Where the module goes, and what it is called there.
//! Reads through `Files`.

use anyhow::Result;
use syn::{Item, UseTree};

use crate::{
    existing::{
        Files,
        modules::{CrateSources, SourceFile},
        package::{CrateRoot, Package},
        syntax,
    },
    refusal::{Exit, Problem, Refusal},
    relative::RelativePath,
};

pub const NAMES: [&str; 2] = ["auth", "mcp_auth"];

/// The folder of a crate root: empty, or with `/` at its end.
pub fn folder(root: &CrateRoot) -> &str {
    let file = root.file.as_str();
    &file[..file.rfind('/').map_or(0, |slash| slash + 1)]
}

/// The module that was added before, declared or not.
pub fn own(root: &CrateRoot, files: &dyn Files) -> Result<Option<&'static str>> {
    for name in NAMES {
        for path in [
            format!("{}{name}.rs", folder(root)),
            format!("{}{name}/mod.rs", folder(root)),
        ] {
            let path: RelativePath = path.parse().map_err(anyhow::Error::msg)?;
            if files.read(&path)?.is_some_and(|text| is_ours(&text)) {
                return Ok(Some(name));
            }
        }
    }
    Ok(None)
}

/// Every option's `auth.rs` has these.
pub fn is_ours(text: &str) -> bool {
    text.contains("pub use env::Env;") && text.contains("pub use guard::Auth;")
}

/// The first of the names that nothing has in the crate root or beside it.
pub fn free(
    names: [&str; 2],
    sources: &CrateSources,
    package: &Package,
    files: &dyn Files,
) -> Result<String> {
    let mut problems = Vec::new();
    for name in names {
        match taken(name, sources, package, files)? {
            Some(by) => problems.push(Problem::new(format!("the name `{name}` is taken by {by}"))),
            None => return Ok(name.to_owned()),
        }
    }
    Err(Refusal::many(Exit::Failed, problems)
        .hint("rename one of them; the module that is added needs a name")
        .into())
}

/// What the line that declares the module has to say to formatter and lints of this project.
pub fn attributes(
    package: &Package,
    sources: &CrateSources,
    files: &dyn Files,
) -> Result<Vec<&'static str>> {
    let near = |name: &str| [name.to_owned(), format!("{}{name}", package.folder)];
    let mut attributes = Vec::new();
    // The files are formatted in the style of 2024, which another edition or configuration would change.
    let mut is_formatted_otherwise = package.edition == "2021";
    for path in ["rustfmt.toml", ".rustfmt.toml"].into_iter().flat_map(near) {
        is_formatted_otherwise |= files.is_there(&path.parse().map_err(anyhow::Error::msg)?)?;
    }
    if is_formatted_otherwise {
        attributes.push("rustfmt::skip");
    }
    // Inside a binary this lint calls each `pub` of a module unreachable.
    const LINT: &str = "unreachable_pub";
    let mut is_linted = sources
        .files
        .first()
        .is_some_and(|root| root.text.contains(LINT));
    for path in near("Cargo.toml") {
        let text = files.read(&path.parse().map_err(anyhow::Error::msg)?)?;
        is_linted |= text.is_some_and(|text| text.contains(LINT));
    }
    if is_linted {
        attributes.push("allow(unreachable_pub)");
    }
    Ok(attributes)
}

fn taken(
    name: &str,
    sources: &CrateSources,
    package: &Package,
    files: &dyn Files,
) -> Result<Option<String>> {
    let folder = folder(&sources.root);
    for path in [format!("{folder}{name}"), format!("{folder}{name}.rs")] {
        let path: RelativePath = path.parse().map_err(anyhow::Error::msg)?;
        if files.is_there(&path)? || files.is_there(&inside(&path)?)? {
            return Ok(Some(path.to_string()));
        }
    }
    if package
        .dependencies
        .iter()
        .any(|dependency| dependency.code_name() == name)
    {
        return Ok(Some("a dependency".to_owned()));
    }
    let line = sources.files.first().and_then(|root| item_line(root, name));
    Ok(line.map(|line| format!("{}:{line}", sources.root.file)))
}

/// `Files` that hold no folders still know a folder by its `mod.rs`.
fn inside(folder: &RelativePath) -> Result<RelativePath> {
    format!("{folder}/mod.rs")
        .parse()
        .map_err(anyhow::Error::msg)
}

/// The line of an item of that name in the crate's root.
fn item_line(root: &SourceFile, name: &str) -> Option<usize> {
    let parsed = syntax::parse(&root.text).ok()?;
    let item = parsed.file.items.iter().find(|item| has_name(item, name))?;
    Some(syntax::line(&root.text, parsed.range(item).start))
}

fn has_name(item: &Item, name: &str) -> bool {
    match item {
        Item::Mod(it) => it.ident == name,
        Item::Fn(it) => it.sig.ident == name,
        Item::Static(it) => it.ident == name,
        Item::Const(it) => it.ident == name,
        Item::ExternCrate(it) => it.rename.as_ref().map_or(&it.ident, |(_, rename)| rename) == name,
        Item::Use(it) => imports(&it.tree, name),
        _ => false,
    }
}

fn imports(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => match &*path.tree {
            UseTree::Group(group) if path.ident == name => group
                .items
                .iter()
                .any(|item| matches!(item, UseTree::Name(it) if it.ident == "self")),
            tree => imports(tree, name),
        },
        UseTree::Name(it) => it.ident == name,
        UseTree::Rename(it) => it.rename == name,
        UseTree::Group(group) => group.items.iter().any(|tree| imports(tree, name)),
        UseTree::Glob(_) => false,
    }
}

/// `src/bin/x.rs` has no folder of its own: what is put beside it would become a program.
pub fn homeless(sources: &CrateSources) -> Option<Problem> {
    let root = &sources.root.file;
    let (folder, file) = root.as_str().rsplit_once('/')?;
    let name = file.strip_suffix(".rs")?;
    if !(folder == "src/bin" || folder.ends_with("/src/bin")) || name == "main" {
        return None;
    }
    let mut steps = vec![
        format!("move it: mkdir {folder}/{name} && git mv {root} {folder}/{name}/main.rs"),
        format!(
            "if Cargo.toml has a `path = \"src/bin/{file}\"`, say \"src/bin/{name}/main.rs\" there"
        ),
    ];
    let beside = sources.files.iter().skip(1).filter(|it| {
        it.path.as_str().starts_with(&format!("{folder}/"))
            && !it.path.as_str().starts_with(&format!("{folder}/{name}/"))
    });
    for file in beside {
        steps.push(format!("move {} along into {folder}/{name}/", file.path));
    }
    steps.push("then run this again".to_owned());
    Some(
        Problem::new(format!(
            "{root} has no folder of its own: a module beside it would become a program"
        ))
        .hint(steps.join("\n")),
    )
}
