mod absence;
mod authentication;
mod choosing;
mod places;
mod stdio;

use std::collections::BTreeMap;

use anyhow::Result;

use super::*;
use crate::{
    existing::package::{CrateKind, CrateRoot, Dependency, DependencyKind},
    relative::RelativePath,
};

/// A project in memory: its packages are those with a `Dependencies` entry.
#[derive(Clone, Default)]
struct Project {
    files: BTreeMap<String, String>,
    packages: Vec<Package>,
}

impl Files for Project {
    fn read(&self, path: &RelativePath) -> Result<Option<String>> {
        Ok(self.files.get(path.as_str()).cloned())
    }
}

/// A server that mounts its service in line 4.
const MAIN: &str = "\
fn main() {
    let service = rmcp::transport::streamable_http_server::StreamableHttpService::new(new, manager, config());
    let router = axum::Router::new()
        .nest_service(\"/mcp\", service);
    serve(router);
}
fn config() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
}
";

impl Project {
    /// One package at the root, with rmcp 3.1.4 and axum 0.8.4.
    fn of(files: &[(&str, &str)]) -> Self {
        Self::default().package("", "server", files)
    }

    fn package(mut self, folder: &str, name: &str, files: &[(&str, &str)]) -> Self {
        let mut crates = Vec::new();
        for (path, text) in files {
            let path = format!("{folder}{path}");
            let kind = match path.strip_prefix(folder).unwrap_or_default() {
                "src/lib.rs" => Some((CrateKind::Library, name.to_owned())),
                "src/main.rs" => Some((CrateKind::Binary, name.to_owned())),
                bin if bin.starts_with("src/bin/") && bin.matches('/').count() == 2 => Some((
                    CrateKind::Binary,
                    bin[8..].trim_end_matches(".rs").to_owned(),
                )),
                _ => None,
            };
            let file = path.parse().unwrap();
            crates.extend(kind.map(|(kind, name)| CrateRoot { kind, name, file }));
            self.files.insert(path, (*text).to_owned());
        }
        crates.sort_by_key(|root: &CrateRoot| root.kind == CrateKind::Binary);
        self.packages.push(Package {
            name: name.into(),
            description: None,
            folder: folder.into(),
            manifest: format!("{folder}Cargo.toml").parse().unwrap(),
            edition: "2024".into(),
            rust_version: None,
            crates,
            dependencies: vec![dependency("rmcp", "3.1.4"), dependency("axum", "0.8.4")],
        });
        self
    }

    /// The last package has these instead.
    fn with(mut self, dependencies: &[Dependency]) -> Self {
        self.packages.last_mut().unwrap().dependencies = dependencies.to_vec();
        self
    }

    fn workspace(&self) -> Workspace {
        Workspace {
            root: "/w".into(),
            packages: self.packages.clone(),
        }
    }

    fn find(&self, wish: &Wish) -> Result<Site> {
        find(&self.workspace(), wish, self)
    }

    fn site(&self) -> Site {
        self.find(&Wish::default()).unwrap()
    }

    /// What is refused, each as `what => hint`.
    fn refusal(&self, wish: &Wish) -> Vec<String> {
        let refusal = self.find(wish).unwrap_err().downcast::<Refusal>().unwrap();
        refusal
            .problems
            .iter()
            .map(|it| format!("{} => {}", it.what, it.hint.as_deref().unwrap_or_default()))
            .collect()
    }

    /// The only problem, which begins with `what` and whose hint has `hint`.
    #[track_caller]
    fn refuses(&self, what: &str, hint: &str) {
        let problems = self.refusal(&Wish::default());
        let is_it =
            problems.len() == 1 && problems[0].starts_with(what) && problems[0].contains(hint);
        assert!(is_it, "{problems:#?}");
    }
}

fn dependency(package: &str, locked: &str) -> Dependency {
    Dependency {
        package: package.into(),
        key: package.into(),
        requirement: format!("^{locked}"),
        optional: false,
        kind: DependencyKind::Normal,
        target: None,
        features: Vec::new(),
        is_published: true,
        locked: Some(locked.into()),
    }
}
