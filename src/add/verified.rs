//! `--verify`: the server is started as the person said, and shows that it lets in only callers with a token.

use anyhow::Result;

use crate::{
    cli,
    report::{Report, addition::Proposal},
    verify::{self, Verdict, Verify},
};

pub fn verify(proposal: &Proposal<'_>, typed: &cli::Add, report: &Report) -> Result<Verdict> {
    let (site, addition) = (proposal.site, proposal.addition);
    let usual = verify::cargo_run(&site.package.name, &addition.features);
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
