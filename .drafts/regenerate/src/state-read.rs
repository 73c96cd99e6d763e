//! Reads `mcp-auth.toml` back: the answers a project was made with, where things are, and the hash of each file.
//! Pure. What cannot be read is told with line and column.

use std::{collections::BTreeMap, ops::Range};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{FILE, SCHEMA};
use crate::{
    answers::{Answers, Auth, Extra, parse_scopes},
    catalog::Catalog,
    generate::added::{Http, Placement},
    refusal::Refusal,
};

#[derive(Debug, Deserialize)]
pub struct Recorded {
    schema: i64,
    /// The version that wrote it.
    pub generator: String,
    answers: RecordedAnswers,
    /// There if the project was there before.
    pub added: Option<RecordedPlace>,
    /// By their path from the project's folder.
    pub files: BTreeMap<String, RecordedFile>,
}

#[derive(Debug, Deserialize)]
struct RecordedAnswers {
    name: String,
    description: String,
    auth: String,
    preset: String,
    scopes: Vec<String>,
    port: u16,
    #[serde(default)]
    extras: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct RecordedPlace {
    pub module: String,
    /// The module's folder from the package: `src/auth`.
    pub source: String,
    pub mcp_path: String,
    pub env_file: String,
    #[serde(default)]
    pub renames: BTreeMap<String, String>,
    pub http: Option<Http>,
}

#[derive(Debug, Deserialize)]
pub struct RecordedFile {
    pub class: String,
    pub sha256: String,
}

/// # Errors
/// A `Refusal` that says where the file is wrong, or that a newer version wrote it.
pub fn read(text: &str) -> Result<Recorded> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let recorded: Recorded = toml_edit::de::from_str(text).map_err(|error| {
        let place = error
            .span()
            .map(|span| place(text, &span))
            .unwrap_or_default();
        let message = error.message().trim();
        Refusal::failed(format!("{FILE}{place} cannot be read: {message}"))
            .hint("take it back from version control: it is written by mcp-auth alone")
    })?;
    if recorded.schema > SCHEMA {
        let what = format!(
            "{FILE} was written by a newer mcp-auth ({})",
            recorded.generator
        );
        return Err(Refusal::failed(what)
            .hint("run `cargo install mcp-auth`")
            .into());
    }
    Ok(recorded)
}

fn place(text: &str, span: &Range<usize>) -> String {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    format!(", line {line}, column {column},")
}

impl Recorded {
    /// The answers, as far as the catalog still knows them.
    pub fn answers(&self, catalog: &Catalog) -> Result<Answers> {
        let RecordedAnswers {
            name,
            description,
            auth,
            preset,
            scopes,
            port,
            extras,
        } = &self.answers;
        let known = |what: &str, value: &str| {
            format!("{FILE} has the {what} `{value}`, which is not known")
        };
        let option = Auth::ALL.into_iter().find(|option| option.name() == auth);
        let option = option.with_context(|| known("option", auth))?;
        let preset_name = catalog.auth(option)?.preset_name(preset);
        let extra = |name: &String| {
            let extra = Extra::ALL.into_iter().find(|extra| extra.name() == name);
            extra.with_context(|| known("extra", name))
        };
        Ok(Answers {
            name: name.parse().map_err(wrong)?,
            description: description.parse().map_err(wrong)?,
            auth: option,
            preset: preset_name.with_context(|| known("preset", preset))?,
            scopes: parse_scopes(&scopes.join(" ")).map_err(wrong)?,
            port: port.to_string().parse().map_err(wrong)?,
            extras: extras.iter().map(extra).collect::<Result<_>>()?,
        })
    }
}

impl RecordedPlace {
    /// For the package in that folder, which is empty or ends with `/`.
    pub fn placement(&self, package: &str) -> Placement {
        let folder = self
            .source
            .strip_suffix(&self.module)
            .unwrap_or(&self.source);
        Placement {
            package: package.to_owned(),
            folder: format!("{package}{folder}"),
            module: self.module.clone(),
            mcp_path: self.mcp_path.clone(),
            env_file: self.env_file.clone(),
            renames: self.renames.clone(),
            http: self.http.clone(),
        }
    }
}

fn wrong(message: String) -> anyhow::Error {
    anyhow::anyhow!("{FILE}: {message}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "schema = 1\ngenerator = \"0.1.0\"\nkind = \"added\"\n\n[answers]\nname = \"x\"\ndescription = \"\"\nauth = \"jwt\"\npreset = \"oidc\"\nscopes = [\"a\"]\nport = 1\nextras = []\n\n[added]\nmodule = \"mcp_auth\"\nsource = \"src/mcp_auth\"\nmcp_path = \"/mcp\"\nenv_file = \".env.sample\"\nrenames = { reqwest = \"auth_reqwest\" }\n\n[files]\n\"a.rs\" = { class = \"owned\", sha256 = \"00\", mode = \"755\" }\n";

    #[test]
    fn says_where_the_file_is_wrong() {
        let error = |from, to| read(&RECORD.replace(from, to)).unwrap_err().to_string();
        assert!(
            error("port = 1", "port = \"one\"")
                .starts_with("mcp-auth.toml, line 11, column 8, cannot be read: invalid type"),
            "{}",
            error("port = 1", "port = \"one\"")
        );
        assert!(error("[files]", "[files").starts_with("mcp-auth.toml, line 21, column"));
        assert_eq!(
            error("schema = 1", "schema = 2"),
            "mcp-auth.toml was written by a newer mcp-auth (0.1.0)"
        );
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_do_not_matter() {
        let windows = format!("\u{feff}{}", RECORD.replace('\n', "\r\n"));
        let place = read(&windows)
            .unwrap()
            .added
            .unwrap()
            .placement("crates/x/");
        assert_eq!(place.folder, "crates/x/src/");
        assert_eq!(place.renames["reqwest"], "auth_reqwest");
    }
}
