//! `mcp-auth templates export`: the set of the program as files, for a person to change.
//! Touches nothing itself; `apply` writes all of it or nothing.

use std::{collections::BTreeMap, path::Path};

use anyhow::Result;

use crate::{
    apply,
    catalog::Class,
    generate::{Generated, Output},
    plan::plan,
    project::{self, Occupancy},
    refusal::{Exit, Refusal},
    report::Report,
    templates::TemplateSet,
};

pub(super) fn export(dir: &Path, report: &mut Report) -> Result<Exit> {
    let set = TemplateSet::embedded()?;
    let target = project::look_at(dir)?;
    if let Occupancy::Occupied(_) = target.occupancy {
        return Err(Refusal::failed(format!("{} is not empty", dir.display()))
            .hint("choose a new folder, or an empty one; nothing was written")
            .into());
    }
    let mut generated = Generated::default();
    for (path, text) in set.files() {
        let output = Output {
            text: text.clone(),
            class: Class::Owned,
            executable: text.starts_with("#!/"),
        };
        let path = path.parse().map_err(anyhow::Error::msg)?;
        generated.files.insert(path, output);
    }
    let plan = plan(generated, BTreeMap::new());
    let mut progress = report.progress(plan.changes.len());
    let aftermath = apply::apply(&plan, &target, &mut |done| progress.step(done))?;
    drop(progress);
    report.aftermath(aftermath);
    report.exported_templates(dir, plan.changes.len())
}
