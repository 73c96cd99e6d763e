//! What a person has to do where a service is served in a way that cannot be edited: the exact text.
//! Pure.

use super::{
    ByHand,
    functions::Index,
    sources::Parsed,
    trace::{Lead, LeadKind, Trace},
};
use crate::existing::modules::SourceFile;

/// The line that makes `auth`, with the path of the MCP service to be filled in.
const LET_AUTH: &str = "let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");";

/// Services of a function that end nowhere. One that was passed on is told where it was passed on.
pub fn unsettled(file: &Parsed<'_>, trace: &Trace) -> Vec<ByHand> {
    let open = |lead: &&Lead| !lead.is_settled;
    let told: Vec<usize> = trace
        .leads
        .iter()
        .filter(open)
        .flat_map(|lead| lead.from.clone())
        .collect();
    let leads = trace
        .leads
        .iter()
        .enumerate()
        .filter(|(id, lead)| open(lead) && !told.contains(id));
    leads.map(|(_, lead)| by_hand(file, lead)).collect()
}

fn by_hand(file: &Parsed<'_>, lead: &Lead) -> ByHand {
    let (why, steps) = reason(&lead.kind);
    ByHand {
        file: file.source.path.clone(),
        line: file.line(lead.at),
        why,
        steps,
    }
}

fn reason(kind: &LeadKind) -> (String, Vec<String>) {
    match kind {
        LeadKind::Made => (
            "an MCP service is made here, but its way to a router cannot be followed".to_owned(),
            wrap("where it is mounted, give `auth.protect(service)` instead of `service`"),
        ),
        LeadKind::Given { to, service } => (
            format!(
                "the MCP service is given to `{to}`, and what happens there cannot be followed"
            ),
            wrap(&format!(
                "give `{}` to it instead of `{service}`",
                app(service)
            )),
        ),
        LeadKind::Hyper { service, call } => (
            "the MCP service is served by hyper, not by an axum router".to_owned(),
            before_loop(&[format!(
                "instead of `{call}`: `{}`",
                with_app(call, service)
            )]),
        ),
        LeadKind::Handle { service, call } => (
            "requests are handed to the MCP service one by one".to_owned(),
            before_loop(&[
                format!("after it: let app = {};", app(service)),
                format!(
                    "instead of `{call}`: `tower::ServiceExt::oneshot(app.clone(), {})`",
                    arguments(call)
                ),
            ]),
        ),
        LeadKind::Macro { name } => (
            format!("the MCP service is used inside `{name}!`, which cannot be read"),
            wrap(
                "mount `auth.protect(service)` instead of `service`, and add `.merge(auth.routes())` to the router",
            ),
        ),
    }
}

fn before_loop(steps: &[String]) -> Vec<String> {
    let first = format!("before the loop that accepts connections: {LET_AUTH}");
    [&[first], steps].concat()
}

/// The call with a router around the service, which is its last argument.
fn with_app(call: &str, service: &str) -> String {
    match call.rsplit_once(service) {
        Some((before, after)) => format!("{before}{}{after}", app(service)),
        None => call.to_owned(),
    }
}

fn wrap(step: &str) -> Vec<String> {
    vec![format!("before it: {LET_AUTH}"), step.to_owned()]
}

/// A router that has everything.
fn app(service: &str) -> String {
    format!("axum::Router::new().merge(auth.routes()).fallback_service(auth.protect({service}))")
}

/// What stands between the parentheses of a method call.
fn arguments(call: &str) -> &str {
    let inside = call.rsplit_once(".handle(").map(|(_, rest)| rest);
    inside
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or("request")
}

/// A file that cannot be parsed, if it has to do with MCP services.
pub fn unreadable(source: &SourceFile) -> Option<ByHand> {
    source
        .text
        .contains("StreamableHttpService")
        .then(|| ByHand {
            file: source.path.clone(),
            line: 1,
            why: "this file cannot be read: its syntax is not known".to_owned(),
            steps: wrap("wrap every MCP service where it is mounted: `auth.protect(service)`"),
        })
}

/// Macro calls between items that hold a service.
pub fn in_macros(index: &Index<'_>) -> Vec<ByHand> {
    let mut found = Vec::new();
    for (file, item) in &index.macros {
        let mut holds = false;
        super::macro_bodies::each_name(item.mac.tokens.clone(), &mut |name| {
            holds |= name == "StreamableHttpService";
        });
        if holds {
            let file = &index.files[*file];
            let name = item
                .mac
                .path
                .segments
                .last()
                .map(|last| last.ident.to_string());
            let lead = Lead {
                at: file.range(*item).start,
                kind: LeadKind::Macro {
                    name: name.unwrap_or_default(),
                },
                is_settled: false,
                from: Vec::new(),
            };
            found.push(by_hand(file, &lead));
        }
    }
    found
}
