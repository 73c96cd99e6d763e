//! The files of a new project, of which templates and their changes speak, by their names in this one.
//! Pure.

use anyhow::Result;

use super::{ENV_EXAMPLE, Placement, http};
use crate::relative::RelativePath;

const MODULE: &str = "src/auth";

/// Our paths and those of a new project, for what has another place in a project that was there before.
pub struct Names<'a> {
    /// `None` in a new project.
    placement: Option<&'a Placement>,
    /// The module's folder, which is also the beginning of the module's file.
    source: String,
    /// The file of the module that serves HTTP, where there is one.
    http: Option<String>,
}

impl<'a> Names<'a> {
    pub fn of(placement: Option<&'a Placement>) -> Result<Self> {
        let Some(placement) = placement else {
            return Ok(Self {
                placement: None,
                source: MODULE.to_owned(),
                http: None,
            });
        };
        let source = placement.source()?;
        let folder = source.strip_suffix(&placement.module).unwrap_or_default();
        let http = placement.http.as_ref();
        Ok(Self {
            placement: Some(placement),
            http: http.map(|http| format!("{folder}{}.rs", http.module)),
            source,
        })
    }

    /// Where a file of a new project is here; `None` for what is no path.
    pub fn here(&self, path: &str) -> Option<RelativePath> {
        let here = match (self.placement, &self.http, path) {
            (None, ..) => None,
            (_, Some(http), http::FILE) => Some(http.clone()),
            (Some(placement), _, ENV_EXAMPLE) => Some(placement.env_file.clone()),
            (Some(_), ..) => moved(path, MODULE, &self.source),
        };
        here.as_deref().unwrap_or(path).parse().ok()
    }

    /// What a file of this project is called in a new one.
    pub fn in_templates(&self, path: &RelativePath) -> String {
        let path = path.as_str();
        let name = match self.placement {
            None => None,
            Some(_) if self.http.as_deref() == Some(path) => Some(http::FILE.to_owned()),
            Some(placement) if path == placement.env_file => Some(ENV_EXAMPLE.to_owned()),
            Some(_) => moved(path, &self.source, MODULE),
        };
        name.unwrap_or_else(|| path.to_owned())
    }
}

/// The module's file or one in its folder, with another module's name.
fn moved(path: &str, from: &str, to: &str) -> Option<String> {
    let rest = path.strip_prefix(from)?;
    rest.starts_with(['.', '/']).then(|| format!("{to}{rest}"))
}
