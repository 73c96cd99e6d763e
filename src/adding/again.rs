//! Mounts that were added after the module was: they get the `auth` of their function, if it has one.
//! Pure.

use std::ops::Range;

use syn::{Block, FnArg, ImplItemFn, ItemFn, Local, Pat, PatType, Signature, Stmt, visit::Visit};

use crate::{
    existing::{
        modules::SourceFile,
        mounts::{ByHand, Mount, MountPath},
        site::Site,
        syntax::{self, Parsed},
    },
    insertion::Insertion,
};

/// `let auth = crate::auth::Auth::from_env_or_exit("/mcp");`, or a parameter `auth: &Auth`.
struct Known {
    name: String,
    line: usize,
    /// The path as the code has it; `None` where it is read elsewhere.
    path: Option<String>,
}

/// How a mount is protected with what is there.
pub struct Wrapped {
    pub insertions: [Insertion; 2],
    /// The path that `auth` was read for is another.
    pub remaining: Option<ByHand>,
}

/// `None` where no `auth` can be used: then it needs one of its own.
pub fn wrap(site: &Site, mount: &Mount) -> Option<Wrapped> {
    let mut files = site.sources.files.iter();
    let file = files.find(|file| file.path == mount.file)?;
    let known = known(file, mount.service.start)?;
    let insertion = |at, text| Insertion { at, text };
    Some(Wrapped {
        insertions: [
            insertion(mount.service.start, format!("{}.protect(", known.name)),
            insertion(mount.service.end, ")".to_owned()),
        ],
        remaining: other_path(mount, &known),
    })
}

fn other_path(mount: &Mount, known: &Known) -> Option<ByHand> {
    let path = match &mount.path {
        MountPath::Known(path) => format!("{path:?}"),
        MountPath::Root => "\"\"".to_owned(),
        MountPath::Expression(code) => code.clone(),
    };
    let read_for = match &known.path {
        Some(read) if [path.as_str(), "\"\"", "\"/\""].contains(&read.as_str()) => return None,
        Some(read) => format!("was read for the path {read}"),
        None => "was read elsewhere, for a path of its own".to_owned(),
    };
    Some(ByHand {
        file: mount.file.clone(),
        line: known.line,
        why: format!(
            "`{}` {read_for}, and now it also protects what is mounted in line {}",
            known.name, mount.line
        ),
        steps: vec![
            "say \"\" instead of that path: the whole server is the protected resource then, and clients need tokens for it"
                .to_owned(),
        ],
    })
}

/// The last `auth` before this place that can be seen there.
fn known(file: &SourceFile, at: usize) -> Option<Known> {
    let parsed = syntax::parse(&file.text).ok()?;
    let mut search = Search {
        text: &file.text,
        parsed: &parsed,
        at,
        found: None,
    };
    search.visit_file(&parsed.file);
    search.found
}

struct Search<'s> {
    text: &'s str,
    parsed: &'s Parsed,
    at: usize,
    found: Option<Known>,
}

impl Search<'_> {
    fn holds(&self, range: &Range<usize>) -> bool {
        range.contains(&self.at)
    }

    /// Whatever is around the function is not seen in it.
    fn parameters(&mut self, signature: &Signature) {
        let mut parameters = signature.inputs.iter();
        self.found = parameters.find_map(|parameter| {
            let FnArg::Typed(PatType { pat, ty, .. }) = parameter else {
                return None;
            };
            let Pat::Ident(name) = &**pat else {
                return None;
            };
            let its = self.text[self.parsed.range(ty)].trim_start_matches('&');
            let is_auth = its == "Auth" || its.ends_with("auth::Auth");
            is_auth.then(|| Known {
                name: name.ident.to_string(),
                line: syntax::line(self.text, self.parsed.range(parameter).start),
                path: None,
            })
        });
    }

    fn local(&mut self, local: &Local) {
        let Pat::Ident(name) = &local.pat else {
            return;
        };
        let value = local.init.as_ref();
        let value = value.map(|init| &self.text[self.parsed.range(&init.expr)]);
        let path = value.and_then(path);
        let name = name.ident.to_string();
        if let Some(path) = path {
            let line = syntax::line(self.text, self.parsed.range(local).start);
            let path = Some(path);
            self.found = Some(Known { name, line, path });
        } else if self.found.as_ref().is_some_and(|known| known.name == name) {
            self.found = None;
        }
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if self.holds(&self.parsed.range(function)) {
            self.parameters(&function.sig);
            self.visit_block(&function.block);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if self.holds(&self.parsed.range(function)) {
            self.parameters(&function.sig);
            self.visit_block(&function.block);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        if !self.holds(&self.parsed.range(block)) {
            return;
        }
        for statement in &block.stmts {
            let range = self.parsed.range(statement);
            match statement {
                Stmt::Local(local) if range.end <= self.at => self.local(local),
                _ if self.holds(&range) => self.visit_stmt(statement),
                _ => {}
            }
        }
    }
}

/// The second argument of `Auth::read`, or the only one of `Auth::from_env_or_exit`.
fn path(value: &str) -> Option<String> {
    let (call, is_read) = match value.find("Auth::from_env_or_exit(") {
        Some(at) => (at, false),
        None => (value.find("Auth::read(")?, true),
    };
    let arguments = value[call..].split_once('(')?.1;
    let arguments = &arguments[..arguments.find(')')?];
    let path = match is_read {
        true => arguments.split_once(',')?.1,
        false => arguments,
    };
    Some(path.trim().trim_end_matches(',').trim_end().to_owned())
}
