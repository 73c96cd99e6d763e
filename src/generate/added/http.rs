//! HTTP beside stdio: the module that serves it, and the layers that it comes from.
//! Pure.

use serde::Deserialize;

use crate::catalog::Catalog;

/// The module in the templates.
pub const FILE: &str = "src/http.rs";

/// A module that serves MCP over HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Http {
    /// `http`, or another name where that is taken.
    pub module: String,
    pub layers: Vec<String>,
}

/// What comes whatever the answers are.
pub fn layers(catalog: &Catalog, http: Option<&Http>) -> Vec<String> {
    let layers = http.map_or(&[][..], |http| &http.layers);
    [&catalog.added.layers[..], layers].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        existing::stdio,
        generate::{
            added::{Placement, Shares, added, complete, dependencies, tests::in_a_workspace},
            tests::{all_answers, embedded},
        },
        relative::RelativePath,
        state,
    };

    #[test]
    fn the_module_its_dependencies_and_its_setting_come_along_and_are_remembered() {
        let (templates, catalog) = embedded();
        let answers = all_answers(&catalog).remove(0);
        for (rmcp, knows_hosts) in [("1.3.0", false), ("3.11.0", true)] {
            let http = Http {
                module: "mcp_http".into(),
                layers: stdio::layers(rmcp).map(str::to_owned).into(),
            };
            let texts = dependencies(&answers, &catalog, &templates, Some(&http)).unwrap();
            let all: String = texts.iter().map(|(_, text)| text.as_ref()).collect();
            assert!(all.contains("\nrmcp = { version = \"*\""));
            let placement = Placement {
                http: Some(http),
                ..in_a_workspace()
            };
            let added = added(&answers, &catalog, &templates, &placement).unwrap();
            let path: RelativePath = "crates/x/src/mcp_http.rs".parse().unwrap();
            let module = &added.files[&path].text;
            assert!(module.contains("use crate::mcp_auth::{Auth, Env};"));
            assert_eq!(module.contains("with_allowed_hosts"), knows_hosts);
            assert!(added.env_example.contains("\nBIND_ADDR=127.0.0.1:"));
            let shares = Shares::default();
            let all =
                complete(&added, &shares, &answers, &catalog, &templates, &placement).unwrap();
            let record = &all[&"crates/x/mcp-auth.toml".parse::<RelativePath>().unwrap()].text;
            let recorded = state::read(record).unwrap().added.unwrap();
            assert_eq!(recorded.http, placement.http);
        }
    }
}
