//! What has to be inserted into which function: services to wrap, routers that get the public routes, paths.
//! Pure.

use std::{collections::BTreeMap, ops::Range};

use super::{
    ByHand, Mount, MountPath,
    analysis::{Analysis, End},
    places::{self, Level},
    trace::{Origin, Seen},
};

/// What goes into one function.
#[derive(Default)]
pub struct Job {
    /// Services to be wrapped.
    pub services: Vec<Range<usize>>,
    /// Ends of the expressions behind which the public routes are merged.
    pub routers: Vec<usize>,
    /// The paths of all mounts that it serves.
    pub paths: Vec<MountPath>,
}

impl Job {
    /// Places in the source at which `auth` is used.
    pub fn uses(&self) -> Vec<usize> {
        let services = self.services.iter().map(|service| service.start);
        let routers = self.routers.iter().map(|after| after - 1);
        services.chain(routers).collect()
    }
}

/// The jobs by the numbers of their functions, and what has to be done by hand.
pub struct Jobs {
    pub jobs: BTreeMap<usize, Job>,
    pub remaining: Vec<ByHand>,
}

struct Planner<'p, 'a> {
    analysis: &'p Analysis<'p, 'a>,
    /// The mounts and their functions.
    chosen: Vec<(usize, &'p Seen)>,
    /// Where each of them ends up.
    ends: Vec<Vec<End>>,
}

impl Jobs {
    pub fn plan(analysis: &Analysis<'_, '_>, mounts: &[Mount]) -> Self {
        let is_chosen = |function: usize, seen: &Seen| {
            let file = &analysis.file(function).source.path;
            let mut mounts = mounts.iter();
            mounts.any(|mount| mount.file == *file && mount.service == seen.service)
        };
        let chosen: Vec<(usize, &Seen)> = analysis
            .mounts()
            .filter(|(function, seen)| is_chosen(*function, seen))
            .collect();
        let ends = chosen.iter().map(|(id, seen)| analysis.ends(*id, seen));
        let planner = Planner {
            analysis,
            ends: ends.collect(),
            chosen,
        };
        let mut jobs = Self {
            jobs: BTreeMap::new(),
            remaining: Vec::new(),
        };
        planner.plan(&mut jobs);
        planner.paths(&mut jobs);
        jobs
    }
}

impl Planner<'_, '_> {
    fn plan(&self, jobs: &mut Jobs) {
        for ((function, seen), ends) in self.chosen.iter().zip(&self.ends) {
            let job = jobs.jobs.entry(*function).or_default();
            job.services.push(seen.service.clone());
            let mut points = Vec::new();
            for (function, root) in ends.iter().filter_map(|end| self.meeting_point(end)) {
                let after = self.merge_point(function, root);
                points.push((
                    function,
                    after.filter(|_| !self.is_repeated(function, root)),
                ));
            }
            if points.is_empty() || points.iter().any(|(_, after)| after.is_none()) {
                let by_hand = self.routes_by_hand(*function, seen);
                jobs.remaining.push(by_hand);
            }
            for (function, after) in points {
                let routers = &mut jobs.jobs.entry(function).or_default().routers;
                routers.extend(after.filter(|after| !routers.contains(after)));
            }
        }
    }

    /// The router into which the routes go: near the mount, or, where the routers of several functions meet, there.
    fn meeting_point(&self, end: &End) -> Option<(usize, usize)> {
        let same = |other: &&End| other.last() == end.last();
        let others = || self.ends.iter().flatten().filter(same);
        let near = *end.way.first()?;
        if others().all(|other| other.way.first().is_some_and(|first| first.0 == near.0)) {
            return Some(near);
        }
        let mut way = end.way.iter().copied();
        way.find(|point| others().all(|other| other.way.contains(point)))
    }

    /// The function adds to a router that it is given, for several callers: the routes would be merged twice, at which
    /// axum panics.
    fn is_repeated(&self, function: usize, root: usize) -> bool {
        let traces = &self.analysis.traces;
        let roots = traces.iter().flat_map(|trace| &trace.roots);
        let calls = roots.filter(|root| root.origin == Origin::Call(function));
        traces[function].roots[root].origin == Origin::Parameter && calls.count() > 1
    }

    fn routes_by_hand(&self, function: usize, seen: &Seen) -> ByHand {
        let file = self.analysis.file(function);
        ByHand {
            file: file.source.path.clone(),
            line: file.line(seen.at),
            why: "the router that serves this mount is not made in this function, or the function is called several times"
                .to_owned(),
            steps: vec!["add `.merge(auth.routes())` once to the router that is served".to_owned()],
        }
    }

    /// Where the routes are merged into a router: where it begins, or, if all its mounts stand in one branch or under
    /// one `#[cfg]`, where it is taken up there.
    fn merge_point(&self, function: usize, root: usize) -> Option<usize> {
        let places = self.places(function, root);
        let mut common = places
            .first()
            .map_or(Vec::new(), |&at| self.gates(function, at));
        for &at in &places {
            let own = self.gates(function, at);
            common.retain(|gate| own.contains(gate));
        }
        let root = &self.analysis.traces[function].roots[root];
        let mut candidates = root.after.iter().chain(&root.taken_up).copied();
        let first = candidates.clone().next();
        let fits = |after: &usize| common.iter().all(|gate| gate.contains(&(after - 1)));
        candidates.find(fits).or(first)
    }

    /// Where the mounts stand that a router serves; those of other functions where their routers come in.
    fn places(&self, function: usize, root: usize) -> Vec<usize> {
        let flows = |from: usize| self.analysis.flows(function, from, root);
        let mounts = self
            .chosen
            .iter()
            .filter(|(id, seen)| *id == function && seen.roots.iter().any(|&from| flows(from)))
            .map(|(_, seen)| seen.service.start);
        let roots = self.analysis.traces[function].roots.iter().enumerate();
        let calls = roots.filter_map(|(id, from)| {
            let serves = self
                .chosen
                .iter()
                .any(|(its, _)| from.origin == Origin::Call(*its));
            let after = from.after.filter(|_| serves && flows(id))?;
            Some(after - 1)
        });
        mounts.chain(calls).collect()
    }

    fn gates(&self, function: usize, at: usize) -> Vec<Range<usize>> {
        let levels = places::around(self.analysis.file(function), at);
        let gates = levels.into_iter().filter_map(|level| match level {
            Level::Cfg { of, .. } | Level::Branch(of) => Some(of),
            _ => None,
        });
        gates.collect()
    }

    /// Functions whose routers meet serve the same paths.
    fn paths(&self, jobs: &mut Jobs) {
        for ((function, seen), ends) in self.chosen.iter().zip(&self.ends) {
            let (path, _) = self.analysis.path(seen, ends);
            let meets = |others: &[End]| {
                let mut others = others.iter();
                others.any(|other| ends.iter().any(|end| end.last() == other.last()))
            };
            let mut functions = vec![*function];
            let points = ends.iter().filter_map(|end| self.meeting_point(end));
            functions.extend(points.map(|(function, _)| function));
            let all = self.chosen.iter().zip(&self.ends);
            functions.extend(all.filter(|(_, ends)| meets(ends)).map(|((id, _), _)| *id));
            for id in functions {
                if let Some(job) = jobs.jobs.get_mut(&id)
                    && !job.paths.contains(&path)
                {
                    job.paths.push(path.clone());
                }
            }
        }
    }
}
