//! What the files of a project tell about its answers: `Cargo.toml`, and two lines of `.env.example` or `.env`.
//! Pure; reads through `Files`, and of the settings nothing but those two lines, never a secret.

use std::collections::BTreeSet;

use anyhow::Result;
use toml_edit::DocumentMut;

use crate::{
    answers::{Description, Extra, Port, ProjectName, Scope, parse_scopes},
    existing::Files,
};

/// What is known of the answers; `None` is what nobody has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub name: Option<ProjectName>,
    pub description: Option<Description>,
    pub scopes: Option<Vec<Scope>>,
    pub port: Option<Port>,
    pub extras: Option<BTreeSet<Extra>>,
}

impl Facts {
    /// What is not said here, as the other has it.
    pub fn or(self, other: Self) -> Self {
        Self {
            name: self.name.or(other.name),
            description: self.description.or(other.description),
            scopes: self.scopes.or(other.scopes),
            port: self.port.or(other.port),
            extras: self.extras.or(other.extras),
        }
    }
}

/// All but the extras, which the templates know.
pub fn facts(files: &dyn Files) -> Result<Facts> {
    let read = |path: &str| files.read(&path.parse().map_err(anyhow::Error::msg)?);
    let manifest = read("Cargo.toml")?.unwrap_or_default();
    let settings = [".env.example", ".env"].map(read);
    let mut facts = of_manifest(&manifest);
    for text in settings {
        facts = facts.or(of_settings(&text?.unwrap_or_default()));
    }
    Ok(facts)
}

fn of_manifest(text: &str) -> Facts {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let doc: DocumentMut = text.parse().unwrap_or_default();
    let value = |key: &str| Some(doc.get("package")?.get(key)?.as_str()?.to_owned());
    Facts {
        name: value("name").and_then(|name| name.parse().ok()),
        description: value("description").and_then(|text| text.parse().ok()),
        ..Facts::default()
    }
}

fn of_settings(text: &str) -> Facts {
    let port = setting(text, "BIND_ADDR").and_then(|addr| addr.rsplit(':').next()?.parse().ok());
    let scopes = setting(text, "AUTH_REQUIRED_SCOPES");
    // a server without scopes has the line as an example without a value
    let none = || {
        text.lines()
            .any(|line| line.trim_end() == "# AUTH_REQUIRED_SCOPES=")
    };
    let scopes = scopes.or_else(|| none().then_some(""));
    Facts {
        scopes: scopes.and_then(|scopes| parse_scopes(scopes).ok()),
        port,
        ..Facts::default()
    }
}

/// The value of `NAME=value`, without quotes.
fn setting<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut values = text.lines().filter_map(|line| {
        let line = line.trim().strip_prefix(name)?.trim_start();
        Some(line.strip_prefix('=')?.trim())
    });
    let value = values.next_back()?;
    let quoted = ['\'', '"'].into_iter().find_map(|quote| {
        let inner = value.strip_prefix(quote)?;
        inner.strip_suffix(quote)
    });
    Some(quoted.unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_tells_the_name_and_the_description() {
        let facts = of_manifest("[package]\nname = \"weather\"\ndescription = \"It rains\"\n");
        assert_eq!(facts.name.unwrap().as_str(), "weather");
        assert_eq!(facts.description.unwrap().as_str(), "It rains");
        assert_eq!(of_manifest("no [ toml"), Facts::default());
        assert_eq!(
            of_manifest("[package]\nname = \"Test\"\n"),
            Facts::default()
        );
    }

    #[test]
    fn the_settings_tell_the_port_and_the_scopes() {
        let of = |text: &str| {
            let facts = of_settings(text);
            let scopes = facts.scopes.map(|scopes| {
                let names = scopes.iter().map(|scope| scope.as_str().to_owned());
                names.collect::<Vec<_>>().join(" ")
            });
            (facts.port.map(Port::get), scopes)
        };
        let some = |scopes: &str| Some(scopes.to_owned());
        assert_eq!(
            of("BIND_ADDR=127.0.0.1:9000\r\nAUTH_REQUIRED_SCOPES='a b'\r\n"),
            (Some(9000), some("a b"))
        );
        assert_eq!(of("BIND_ADDR = [::]:80\n"), (Some(80), None));
        assert_eq!(of("# AUTH_REQUIRED_SCOPES=\n"), (None, some("")));
        assert_eq!(of("# BIND_ADDR=x:1\nBIND_ADDRESS=x:1\n"), (None, None));
    }
}
