//! Every option with every preset, with all extras and with none, as a new project and as an addition: rendered.
//! Pure.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Findings, Tried, files::text_problem};
use crate::{
    answers::{Answers, parse_scopes},
    catalog::{AuthEntry, Catalog, Preset},
    context::{self, Choice, Place},
    existing::stdio,
    generate::{self, added},
    templates::{Renderer, Source, TemplateSet},
};

pub(super) fn check(
    set: &TemplateSet,
    catalog: &Catalog,
    renderer: Option<&Renderer<'_>>,
    unknown: &BTreeSet<String>,
    findings: &mut Findings,
) {
    let mut check = Check {
        set,
        catalog,
        renderer,
        unknown,
        findings,
    };
    for auth in catalog.auths() {
        let mut files = 0;
        for preset in &auth.presets {
            files = files.max(check.preset(auth, preset));
        }
        let option = auth.name.clone();
        let presets = auth.presets.len();
        check.findings.tried.push(Tried {
            option,
            presets,
            files,
        });
    }
}

struct Check<'a> {
    set: &'a TemplateSet,
    catalog: &'a Catalog,
    renderer: Option<&'a Renderer<'a>>,
    unknown: &'a BTreeSet<String>,
    findings: &'a mut Findings,
}

impl Check<'_> {
    /// Says how many files it gives.
    fn preset(&mut self, auth: &AuthEntry, preset: &Preset) -> usize {
        let mut most = 0;
        for full in [true, false] {
            let answers = match answers(self.catalog, auth, preset, full) {
                Ok(answers) => answers,
                Err(error) => {
                    self.findings.problem(format!("{error:#}"));
                    continue;
                }
            };
            let place = Place::of_new(self.catalog);
            let choice = Choice {
                answers: &answers,
                auth,
                preset,
                place,
            };
            most = most.max(self.project(&choice));
            if self.catalog.is_for_add() {
                self.addition(&answers);
            }
        }
        most
    }

    fn project(&mut self, choice: &Choice<'_>) -> usize {
        let layers = match generate::layers(choice, self.catalog) {
            Ok(layers) => layers,
            Err(error) => return self.stop(&error),
        };
        let (composition, problems) = self.set.compose_all(&layers);
        let is_composed = problems.is_empty();
        problems
            .into_iter()
            .for_each(|what| self.findings.problem(what));
        let outputs = composition.outputs.keys().map(|path| path.to_string());
        self.findings.outputs.extend(outputs);
        let mut is_rendered = true;
        for (path, source) in &composition.outputs {
            if let Source::Rendered(name) = source {
                is_rendered &= self.rendered(name, path.as_str(), choice);
            }
        }
        if is_composed && is_rendered {
            if !composition
                .outputs
                .keys()
                .any(|path| path.as_str() == "Cargo.toml")
            {
                let option = &choice.auth.name;
                self.findings
                    .problem(format!("option `{option}`: no layer gives Cargo.toml"));
            } else if let Err(error) = generate::pristine(choice.answers, self.catalog, self.set) {
                self.stop(&error);
            }
        }
        composition.outputs.len()
    }

    /// Says whether the template gives a text of the kind that its name says.
    fn rendered(&mut self, name: &str, path: &str, choice: &Choice<'_>) -> bool {
        let context = context::context(choice, self.catalog);
        let text = match self.renderer {
            // a mistake in its syntax, which is told already
            Some(renderer) if !renderer.has(name) => return false,
            Some(renderer) => renderer.render(name, &context),
            None => {
                let alone = self.set.renderer([name]);
                alone.and_then(|renderer| renderer.render(name, &context))
            }
        };
        match text {
            Ok(text) => match text_problem(path, &text) {
                None => true,
                Some(what) => {
                    let (file, option) = (self.set.shown(name), &choice.auth.name);
                    self.findings
                        .problem(format!("{path} of `{option}`, rendered from {file}{what}"));
                    false
                }
            },
            Err(error) => {
                self.stop(&error);
                false
            }
        }
    }

    fn addition(&mut self, answers: &Answers) {
        let mut kinds = vec![None];
        // a set without these layers is only for servers that speak HTTP
        for layers in stdio::LAYERS {
            let layers = layers.map(str::to_owned).to_vec();
            if layers.iter().all(|layer| self.set.has_layer(layer)) {
                let module = "http".to_owned();
                kinds.push(Some(added::Http { module, layers }));
            }
        }
        for http in kinds {
            let placement = added::Placement {
                folder: "src/".to_owned(),
                module: "auth".to_owned(),
                mcp_path: "/mcp".to_owned(),
                env_file: ".env.example".to_owned(),
                http,
                ..added::Placement::default()
            };
            let parts = added::added(answers, self.catalog, self.set, &placement);
            match parts {
                Ok(parts) => {
                    let paths = parts.files.keys().map(|path| path.to_string());
                    self.findings.outputs.extend(paths);
                }
                Err(error) => _ = self.stop(&error),
            }
        }
    }

    /// Nothing comes of it. What was said of an unknown word is not said again.
    fn stop(&mut self, error: &anyhow::Error) -> usize {
        let what = format!("{error:#}");
        let is_known = |word: &String| what.contains(&format!("`{word}`"));
        if !self.unknown.iter().any(is_known) {
            self.findings.problem(what);
        }
        0
    }
}

fn answers(catalog: &Catalog, auth: &AuthEntry, preset: &Preset, full: bool) -> Result<Answers> {
    let known = |name: &str| anyhow::anyhow!("there is no `{name}`");
    let wrong = |why: String| anyhow::anyhow!(why);
    Ok(Answers {
        name: "weather-api".parse().map_err(wrong)?,
        description: "What the *sky* does".parse().map_err(wrong)?,
        auth: catalog
            .auth_name(&auth.name)
            .ok_or_else(|| known(&auth.name))?,
        preset: auth
            .preset_name(&preset.name)
            .ok_or_else(|| known(&preset.name))?,
        scopes: parse_scopes(if full { "mcp:tools mcp:admin" } else { "" }).map_err(wrong)?,
        port: "8000".parse().map_err(wrong)?,
        extras: match full {
            true => catalog.extras().iter().map(|extra| extra.name).collect(),
            false => BTreeSet::new(),
        },
    })
}
