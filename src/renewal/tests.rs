use std::sync::LazyLock;

use crate::{
    generate::{
        copy_path,
        tests::{all_answers, embedded},
    },
    merge::Obstacle,
    plan::Kind,
    state::{self, BASE},
};

use super::*;

mod added;
mod both;
mod changes;
mod moves;
mod obstacles;
mod properties;
mod table;

pub const NO_FORMATTER: Formatter<'static> = &|_| None;

static SET: LazyLock<(Answers, Catalog, Origin)> = LazyLock::new(|| {
    let (templates, catalog) = embedded();
    (
        all_answers(&catalog).remove(0),
        catalog,
        templates.origin().clone(),
    )
});

pub type Files<'t> = &'t [(&'t str, &'t str)];

/// A project in memory, with the templates that it is to be regenerated with. The class of a file is the beginning of
/// its name: `owned`, `seed`, or else `merged`.
pub struct Project {
    pub answers: Answers,
    pub catalog: Catalog,
    pub origin: Origin,
    pub changes: Changes,
    pub tree: BTreeMap<RelativePath, Present>,
    pub templates: BTreeMap<RelativePath, Output>,
    pub placement: Option<Placement>,
    pub restored: BTreeSet<RelativePath>,
    pub security_only: bool,
}

pub fn path(path: &str) -> RelativePath {
    path.parse().unwrap()
}

fn output(path: &str, text: &str) -> Output {
    let name = path.rsplit('/').next().unwrap();
    let class = match name.split(['.', '_']).next() {
        Some("owned") => Class::Owned,
        Some("seed") => Class::Seed,
        _ => Class::Merged,
    };
    Output {
        text: text.to_owned().into(),
        class,
        executable: false,
    }
}

impl Project {
    pub fn of(files: Files<'_>) -> Self {
        let (answers, catalog, origin) = SET.clone();
        let mut project = Self {
            answers,
            catalog,
            origin,
            changes: Changes::default(),
            tree: BTreeMap::new(),
            templates: BTreeMap::new(),
            placement: None,
            restored: BTreeSet::new(),
            security_only: false,
        };
        project.templates(files);
        project.regenerate();
        project
    }

    /// The templates give these from now on.
    pub fn templates(&mut self, files: Files<'_>) {
        self.templates = files
            .iter()
            .map(|(name, text)| (path(name), output(name, text)))
            .collect();
    }

    pub fn changes(&mut self, changes: &str) {
        self.changes = Changes::parse(changes).unwrap();
    }

    pub fn write(&mut self, name: &str, text: impl AsRef<[u8]>) {
        self.tree
            .insert(path(name), Present::File(text.as_ref().to_vec()));
    }

    pub fn remove(&mut self, name: &str) {
        self.tree.remove(&path(name)).unwrap();
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        match self.tree.get(&path(name))? {
            Present::File(bytes) => Some(std::str::from_utf8(bytes).unwrap()),
            other => panic!("{name}: {other:?}"),
        }
    }

    pub fn record(&self) -> BTreeMap<RelativePath, FileRecord> {
        let record = self.text(state::FILE);
        let files = record.map(|record| state::read(record).unwrap().files());
        files.unwrap_or_default()
    }

    pub fn inputs(&self) -> Inputs<'_> {
        let recorded = self.record();
        let base =
            |path: &RelativePath| self.text(copy_path(path).unwrap().as_str()).unwrap().into();
        let kept = self
            .tree
            .iter()
            .filter(|(path, _)| path.as_str().starts_with(".mcp-auth/"));
        let bytes = |path: &RelativePath| self.text(path.as_str()).unwrap().into();
        let is_known =
            |path: &RelativePath| recorded.contains_key(path) || self.templates.contains_key(path);
        let present = self.tree.iter().filter(|(path, _)| is_known(path));
        Inputs {
            answers: &self.answers,
            catalog: &self.catalog,
            origin: &self.origin,
            changes: &self.changes,
            placement: self.placement.as_ref(),
            record: self.text(state::FILE).unwrap_or_default().into(),
            bases: recorded
                .keys()
                .map(|path| (path.clone(), base(path)))
                .collect(),
            present: present
                .map(|(path, there)| (path.clone(), there.clone()))
                .collect(),
            kept: kept.map(|(path, _)| (path.clone(), bytes(path))).collect(),
            generated: self.templates.clone(),
            restored: self.restored.clone(),
            security_only: self.security_only,
            recorded,
        }
    }

    /// What a look at the renewal finds.
    pub fn look<T>(&self, look: impl FnOnce(&Renewal<'_>) -> T) -> T {
        let inputs = self.inputs();
        look(&renewal(&inputs, NO_FORMATTER).unwrap())
    }

    pub fn decision(&self, name: &str) -> Decision {
        let inputs = self.inputs();
        let files = renewal(&inputs, NO_FORMATTER).unwrap().files.into_iter();
        let mut files = files.filter(|file| file.path == path(name));
        files.next().unwrap().decision
    }

    pub fn regenerate(&mut self) -> Plan {
        self.regenerate_with(&Settled::new())
    }

    /// Applies the plan, and looks whether another one after it has nothing to do.
    pub fn regenerate_with(&mut self, settled: &Settled) -> Plan {
        let plan = self.look(|renewal| renewal.plan(settled).unwrap());
        self.apply(&plan);
        self.restored.clear();
        let again = self.look(|renewal| renewal.plan(&Settled::new()).unwrap());
        let writes: Vec<&crate::plan::Change> = again.writes().collect();
        assert!(writes.is_empty(), "a second time: {writes:#?}");
        plan
    }

    pub fn apply(&mut self, plan: &Plan) {
        assert!(
            plan.changes
                .is_sorted_by(|one, other| one.path < other.path)
        );
        for change in &plan.changes {
            let before = change.before.clone().map(Present::File);
            assert_eq!(
                self.tree.get(&change.path),
                before.as_ref(),
                "{}",
                change.path
            );
            match &change.after {
                Some(after) => self.write(change.path.as_str(), after.text.as_bytes()),
                None => self.remove(change.path.as_str()),
            }
        }
    }
}

/// What is written for people to see, in short.
pub fn writes(plan: &Plan) -> Vec<(&str, Kind)> {
    let files = plan
        .writes()
        .map(|change| (change.path.as_str(), change.kind));
    files
        .filter(|(path, _)| *path != state::FILE && !path.starts_with(BASE))
        .collect()
}

/// The pristine copy.
pub fn base<'p>(project: &'p Project, name: &str) -> Option<&'p str> {
    project.text(&format!("{BASE}{name}"))
}

/// How many files of the templates their owner has changed.
pub fn drifting(project: &Project) -> usize {
    project.look(|renewal| renewal.files.iter().filter(|file| file.drifts).count())
}

/// Whether nothing would be written.
pub fn is_current(project: &Project) -> bool {
    project.look(|renewal| renewal.plan(&Settled::new()).unwrap().writes().count() == 0)
}
