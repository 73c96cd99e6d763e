//! All insertions that protect mounts, function by function.
//! Pure.

use std::{collections::BTreeMap, ops::Range};

use super::{
    ByHand, Module, Mount, MountPath, Names, Wiring,
    analysis::Analysis,
    chains,
    functions::Index,
    jobs::{Job, Jobs},
    lets::{self, Shared},
    module_line, paths, proof,
    sources::{self, Parsed},
    variable::{self, Variables},
};
use crate::{
    existing::modules::CrateSources,
    insertion::{FileEdit, Insertion},
};

struct Wire<'w, 'a> {
    analysis: &'w Analysis<'w, 'a>,
    module: Module<'w>,
    /// By the number of the file.
    edits: BTreeMap<usize, Vec<Insertion>>,
    remaining: Vec<ByHand>,
    notes: Vec<String>,
}

pub fn wire(sources: &CrateSources, names: &Names, mounts: &[Mount], module: Module<'_>) -> Wiring {
    if mounts.is_empty() {
        return Wiring::default();
    }
    let (files, _) = sources::parse_all(sources);
    let index = Index::new(&files, names);
    let analysis = Analysis::new(&index);
    let Jobs { jobs, remaining } = Jobs::plan(&analysis, mounts);
    let mut wire = Wire {
        analysis: &analysis,
        module,
        edits: BTreeMap::new(),
        remaining,
        notes: Vec::new(),
    };
    for (function, job) in &jobs {
        wire.job(*function, job);
    }
    wire.declare(sources, mounts);
    proof::proven(sources, names, mounts, wire.finish())
}

impl Wire<'_, '_> {
    fn job(&mut self, function: usize, job: &Job) {
        let file = self.analysis.file(function);
        let it = &self.analysis.index.functions[function];
        match lets::share(file, it, &job.uses()) {
            Ok(shared) => self.function(function, job, &shared),
            Err(closure) => self.remaining.push(ByHand {
                file: file.source.path.clone(),
                line: file.line(closure),
                why: "a closure without a block would take `auth` away from the other mounts"
                    .to_owned(),
                steps: vec!["put the closure's body in braces, and run this again".to_owned()],
            }),
        }
    }

    fn function(&mut self, function: usize, job: &Job, shared: &[Shared]) {
        let file = self.analysis.file(function);
        let it = &self.analysis.index.functions[function];
        let variables = Variables::of(file, it);
        let name = variables.free();
        let mut insertions = Vec::new();
        for one in shared {
            let path = self.path(function, job, &variables, one.range());
            let cfg = one.cfg.as_deref();
            let text = variable::line(file.text(), one.at, name, self.module.name, &path, cfg);
            insertions.push(Insertion { at: one.at, text });
        }
        let wrap = format!("{name}.protect(");
        let grows = |range: &Range<usize>| {
            let inside = job.services.iter().filter(|it| range.contains(&it.start));
            inside.count() * (wrap.len() + 1)
        };
        for &after in &job.routers {
            let call = format!(".merge({name}.routes())");
            insertions.extend(chains::call_after(file, it.block, after, &call, grows));
        }
        for service in &job.services {
            let pairs = [(service.start, wrap.as_str()), (service.end, ")")];
            insertions.extend(pairs.map(|(at, text)| Insertion {
                at,
                text: text.to_owned(),
            }));
        }
        self.edits.entry(it.file).or_default().extend(insertions);
    }

    /// The second argument of `Auth::read`: the path, if there is one that can be told where the `let` stands.
    fn path(
        &mut self,
        function: usize,
        job: &Job,
        variables: &Variables,
        between: Range<usize>,
    ) -> String {
        let name = &self.analysis.index.functions[function].signature.ident;
        let note = match job.paths.as_slice() {
            [MountPath::Known(path)] if !path.contains('{') => return format!("{path:?}"),
            [MountPath::Root] | [] => return "\"\"".to_owned(),
            [MountPath::Expression(code)]
                if !job.services.is_empty()
                    && paths::is_plain(code)
                    && !variables.changes(code, between) =>
            {
                return code.clone();
            }
            [_] => format!(
                "the path of the MCP service is not known where `{name}` reads the configuration, \
                 so the whole server is the protected resource"
            ),
            _ => format!(
                "`{name}` serves MCP under several paths, so the whole server is the protected resource"
            ),
        };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
        "\"\"".to_owned()
    }

    /// `mod auth;`, under the conditions that all mounts share.
    fn declare(&mut self, sources: &CrateSources, mounts: &[Mount]) {
        let files = self.analysis.index.files;
        let is_root = |file: &Parsed<'_>| file.source.path == sources.root.file;
        let Some(root) = files.iter().position(is_root) else {
            return;
        };
        let mut common = mounts
            .first()
            .map(|mount| mount.cfgs.clone())
            .unwrap_or_default();
        common.retain(|cfg| mounts.iter().all(|mount| mount.cfgs.contains(cfg)));
        common.dedup();
        let cfg = lets::all(&common);
        let insertion = module_line::declare(&files[root], self.module, cfg.as_deref());
        self.edits.entry(root).or_default().push(insertion);
    }

    fn finish(self) -> Wiring {
        let files = self.analysis.index.files;
        let edits = self.edits.into_iter().map(|(file, mut insertions)| {
            insertions.sort_by_key(|insertion| insertion.at);
            FileEdit {
                path: files[file].source.path.clone(),
                insertions,
            }
        });
        Wiring {
            edits: edits.collect(),
            remaining: self.remaining,
            notes: self.notes,
        }
    }
}
