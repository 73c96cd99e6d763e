//! All mounts of a crate, and where their routers end up.
//! Pure.

use super::{
    Found, Mount, MountPath, Wired, by_hand,
    functions::Index,
    learning, paths, places,
    sources::Parsed,
    strangers,
    trace::{Origin, Part, Seen, Trace},
};

pub struct Analysis<'i, 'a> {
    pub index: &'i Index<'a>,
    /// One for each function.
    pub traces: Vec<Trace>,
}

/// The router in which a mount is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Functions and roots, outwards: in each of these routers the public routes are served as they are.
    pub way: Vec<(usize, usize)>,
    pub prefix: Vec<Part>,
    pub leaves: bool,
}

impl End {
    /// The outermost router.
    pub fn last(&self) -> Option<&(usize, usize)> {
        self.way.last()
    }
}

impl<'i, 'a> Analysis<'i, 'a> {
    pub fn new(index: &'i Index<'a>) -> Self {
        let traces = learning::traces(index);
        Self { index, traces }
    }

    pub fn file(&self, function: usize) -> &'i Parsed<'a> {
        &self.index.files[self.index.functions[function].file]
    }

    /// All mounts, each with the function that it is in.
    pub fn mounts(&self) -> impl Iterator<Item = (usize, &Seen)> {
        let traces = self.traces.iter().enumerate();
        traces.flat_map(|(id, trace)| trace.mounts.iter().map(move |seen| (id, seen)))
    }

    /// Whether a router becomes a part of another one, or is it, in the same function.
    pub fn flows(&self, function: usize, from: usize, to: usize) -> bool {
        let roots = &self.traces[function].roots;
        let mut reached = vec![from];
        let mut next = 0;
        while let Some(&root) = reached.get(next) {
            next += 1;
            for (parent, _) in &roots[root].parents {
                if !reached.contains(parent) {
                    reached.push(*parent);
                }
            }
        }
        reached.contains(&to)
    }

    /// Where clients reach a mount, and whether somebody has to look where its router is served.
    pub fn path(&self, seen: &Seen, ends: &[End]) -> (MountPath, bool) {
        let leaves = ends.iter().any(|end| end.leaves);
        let Some(first) = ends.first() else {
            return (paths::path(&seen.path), false);
        };
        let is_one = ends.iter().all(|end| end.prefix == first.prefix);
        let is_far = first.way.len() > 1 || ends.len() > 1;
        let is_told = first
            .prefix
            .iter()
            .all(|part| matches!(part, Part::Text(_)));
        if !is_one || (is_far && !is_told) {
            return (MountPath::Root, true);
        }
        let parts = [first.prefix.as_slice(), &seen.path].concat();
        (paths::path(&parts), leaves)
    }

    /// Everything about mounts.
    pub fn found(&self) -> Found {
        let mut found = Found::default();
        let mut mounts: Vec<(usize, usize, Mount)> = Vec::new();
        for (id, seen) in self.mounts() {
            mounts.push((self.index.functions[id].file, seen.at, self.mount(id, seen)));
        }
        mounts.sort_by_key(|(file, at, _)| (*file, *at));
        found.mounts = mounts.into_iter().map(|(_, _, mount)| mount).collect();
        for (id, trace) in self.traces.iter().enumerate() {
            let file = self.file(id);
            if !self.is_inside_wrapper(id) {
                found.by_hand.extend(by_hand::unsettled(file, trace));
            }
            found.strangers.extend(strangers::told(file, trace));
            found.wired.extend(trace.wired.iter().map(|&at| Wired {
                file: file.source.path.clone(),
                line: file.line(at),
            }));
        }
        found
    }

    /// `Service::call` of a struct around a service that is mounted: what is protected is the struct.
    fn is_inside_wrapper(&self, id: usize) -> bool {
        let function = &self.index.functions[id];
        let mut mounted = self.traces.iter().flat_map(|trace| &trace.mounted);
        function.signature.ident == "call"
            && mounted.any(|name| function.owner.as_ref() == Some(name))
    }

    fn mount(&self, id: usize, seen: &Seen) -> Mount {
        let file = self.file(id);
        let (path, leaves_function) = self.path(seen, &self.ends(id, seen));
        let mut cfgs = file.source.cfgs.clone();
        cfgs.extend(places::cfgs(&places::around(file, seen.at)));
        Mount {
            file: file.source.path.clone(),
            line: file.line(seen.at),
            call: seen.call.clone(),
            function: self.index.functions[id].name(),
            service: seen.service.clone(),
            path,
            leaves_function,
            cfgs,
        }
    }

    /// Where the routers of a mount end up.
    pub fn ends(&self, function: usize, mount: &Seen) -> Vec<End> {
        let mut ends = Vec::new();
        for &root in &mount.roots {
            for end in self.ends_of(function, root, &mut Vec::new()) {
                if !ends.contains(&end) {
                    ends.push(end);
                }
            }
        }
        ends
    }

    fn ends_of(&self, function: usize, root: usize, seen: &mut Vec<(usize, usize)>) -> Vec<End> {
        let here = |leaves| End {
            way: vec![(function, root)],
            prefix: Vec::new(),
            leaves,
        };
        if seen.contains(&(function, root)) {
            return Vec::new();
        }
        seen.push((function, root));
        let trace = &self.traces[function];
        let mut ends = Vec::new();
        for (parent, path) in &trace.roots[root].parents {
            for mut end in self.ends_of(function, *parent, seen) {
                end.prefix.extend(path.iter().cloned());
                ends.push(end);
            }
        }
        if ends.is_empty() && trace.returned.routers().contains(&root) {
            ends = self.ends_at_callers(function, root, seen);
            if ends.is_empty() {
                ends.push(here(true));
            }
        }
        if ends.is_empty() {
            ends.push(here(false));
        }
        seen.pop();
        ends
    }

    /// A router that is returned is served as it is where its function is called, or becomes a part of another.
    fn ends_at_callers(
        &self,
        function: usize,
        root: usize,
        seen: &mut Vec<(usize, usize)>,
    ) -> Vec<End> {
        let mut ends = Vec::new();
        for (caller, trace) in self.traces.iter().enumerate() {
            for (call, candidate) in trace.roots.iter().enumerate() {
                if candidate.origin == Origin::Call(function) {
                    ends.extend(self.ends_of(caller, call, seen));
                }
            }
        }
        for end in &mut ends {
            if end.prefix.is_empty() {
                end.way.insert(0, (function, root));
            }
        }
        ends
    }
}
