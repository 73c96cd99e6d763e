//! `--verify`: the server is started as the person said, and shows that it lets in only callers with a token.

use anyhow::Result;

use super::{earlier, look::Project};
use crate::{
    catalog::Catalog,
    cli,
    existing::site::Site,
    process::interrupt::Interrupt,
    report::{Report, addition::Proposal},
    state::Recorded,
    verify::{self, Verdict, Verify},
};

pub fn verify(
    proposal: &Proposal<'_>,
    typed: &cli::Add,
    interrupt: &Interrupt,
    report: &Report,
) -> Result<Verdict> {
    let (site, addition) = (proposal.site, proposal.addition);
    let usual = addition.run(&site.package);
    let run = typed.run.as_deref().unwrap_or(&usual);
    report.doing(&format!("starting the server: {run}"));
    let verify = Verify {
        root: proposal.root,
        package: &site.package.name,
        features: &addition.features,
        run,
        url: typed.url.as_deref(),
        port: proposal.answers.port.get(),
        mcp_path: addition.mcp_path.as_deref(),
        auth: &proposal.answers.auth,
        preset: proposal.answers.preset.as_str(),
        scopes: &proposal.answers.scopes,
        catalog: proposal.catalog,
    };
    verify::verify(&verify, interrupt, &mut |line| report.heard(line))
}

/// Of what was added before: `mcp-auth.toml` knows what it was.
pub fn verify_again(
    site: &Site,
    recorded: Option<Recorded>,
    project: &Project,
    catalog: &Catalog,
    typed: &cli::Add,
    report: &Report,
) -> Result<Verdict> {
    let recorded = earlier::needed(recorded, site)?;
    let answers = recorded.answers(catalog)?;
    let added = recorded.added.as_ref();
    let features = added.map_or(&[][..], |added| &added.features);
    let usual = match added.is_some_and(|added| added.http.is_some()) {
        true => verify::http_run(&site.package.name, features),
        false => verify::cargo_run(&site.package.name, features),
    };
    let run = typed.run.as_deref().unwrap_or(&usual);
    report.doing(&format!("starting the server: {run}"));
    let verify = Verify {
        root: project.root(),
        package: &site.package.name,
        features,
        run,
        url: typed.url.as_deref(),
        port: answers.port.get(),
        // empty is also what nobody knew
        mcp_path: added
            .map(|added| added.mcp_path.as_str())
            .filter(|path| !path.is_empty()),
        auth: &answers.auth,
        preset: answers.preset.as_str(),
        scopes: &answers.scopes,
        catalog,
    };
    let interrupt = Interrupt::watch()?;
    verify::verify(&verify, &interrupt, &mut |line| report.heard(line))
}
