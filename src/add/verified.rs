//! `--verify`: the server is started as the person said, and shows that it lets in only callers with a token.

use anyhow::Result;

use super::look::Project;
use crate::{
    catalog::Catalog,
    cli,
    existing::{Files, site::Site},
    refusal::Refusal,
    report::{Report, addition::Proposal},
    state::{self, Recorded},
    verify::{self, Verdict, Verify},
};

pub fn verify(proposal: &Proposal<'_>, typed: &cli::Add, report: &Report) -> Result<Verdict> {
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
        auth: proposal.answers.auth,
        preset: proposal.answers.preset.as_str(),
        scopes: &proposal.answers.scopes,
        catalog: proposal.catalog,
    };
    verify::verify(&verify, &mut |line| report.heard(line))
}

/// Of what was added before: `mcp-auth.toml` knows what it was.
pub fn verify_again(
    site: &Site,
    project: &Project,
    catalog: &Catalog,
    typed: &cli::Add,
    report: &Report,
) -> Result<Verdict> {
    let recorded = recorded(site, project)?;
    let answers = recorded.answers(catalog)?;
    let added = recorded.added.as_ref();
    let usual = match added.is_some_and(|added| added.http.is_some()) {
        true => verify::http_run(&site.package.name, &[]),
        false => verify::cargo_run(&site.package.name, &[]),
    };
    let run = typed.run.as_deref().unwrap_or(&usual);
    report.doing(&format!("starting the server: {run}"));
    let verify = Verify {
        root: project.root(),
        package: &site.package.name,
        features: &[],
        run,
        url: typed.url.as_deref(),
        port: answers.port.get(),
        // empty is also what nobody knew
        mcp_path: added
            .map(|added| added.mcp_path.as_str())
            .filter(|path| !path.is_empty()),
        auth: answers.auth,
        preset: answers.preset.as_str(),
        scopes: &answers.scopes,
        catalog,
    };
    verify::verify(&verify, &mut |line| report.heard(line))
}

fn recorded(site: &Site, project: &Project) -> Result<Recorded> {
    let path = format!("{}{}", site.package.folder, state::FILE);
    let text = project
        .files
        .read(&path.parse().map_err(anyhow::Error::msg)?)?;
    let Some(text) = text else {
        let problem = format!("{path} is not there, so that nobody knows which tokens to try");
        return Err(Refusal::failed(problem)
            .hint("take it back from version control")
            .into());
    };
    state::read(&text)
}
