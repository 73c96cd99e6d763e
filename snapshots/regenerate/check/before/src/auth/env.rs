//! Mine. Reads configuration from the environment and `.env`, and gathers every problem before giving up.
//! Mine. The only file here that touches environment variables, `.env` and secret files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    io::{self, Write},
    str::FromStr,
};

/// The variables whose misspelt neighbours are worth a warning.
const OUR_PREFIXES: [&str; 3] = ["AUTH_", "JWT_", "API_KEYS"];

/// The variables that say who is trusted or let in, and the words of `.env.example` in them to be replaced.
const TRUSTED: [&str; 15] = [
    "AUTH_ALLOWED_CLAIMS",
    "AUTH_AUTHORIZATION_URL",
    "AUTH_CLIENT_ID",
    "AUTH_INTROSPECTION_URL",
    "AUTH_ISSUER",
    "AUTH_REVOCATION_URL",
    "AUTH_TOKEN_URL",
    "AUTH_USERINFO_URL",
    "GITHUB_ALLOWED_ORGS",
    "GITHUB_ALLOWED_TEAMS",
    "GITHUB_ALLOWED_USERS",
    "GITHUB_API_URL",
    "GITHUB_URL",
    "GOOGLE_ALLOWED_DOMAINS",
    "GOOGLE_ALLOWED_EMAILS",
];
const PLACEHOLDERS: [&str; 2] = ["YOUR-", "EXAMPLE.COM"];

/// Configuration as text, with the problems met while reading it.
pub struct Env {
    variables: BTreeMap<String, String>,
    /// The names of variables whose value is not Unicode.
    unreadable: BTreeSet<String>,
    asked: BTreeSet<String>,
    problems: Vec<String>,
}

impl Env {
    /// The process environment, completed by `.env` in the working directory; the environment wins.
    pub fn load() -> Self {
        let mut problems = Vec::new();
        let mut variables = BTreeMap::new();
        match dotenvy::from_path_iter(".env") {
            Ok(lines) => {
                for line in lines {
                    match line {
                        Ok((name, value)) => drop(variables.insert(name, value)),
                        // The parser's own message quotes the line, which may hold a secret.
                        Err(_) => problems.push(
                            ".env has a line that is not `NAME=value`; quote values with spaces"
                                .to_owned(),
                        ),
                    }
                }
            }
            Err(error) if error.not_found() => {}
            Err(_) => problems.push(".env exists but cannot be read; check its permissions".into()),
        }
        let mut env = Self {
            problems,
            ..Self::of(variables)
        };
        for (name, value) in std::env::vars_os() {
            match (name.into_string(), value.into_string()) {
                (Ok(name), Ok(value)) => drop(env.variables.insert(name, value)),
                (Ok(name), Err(_)) => drop(env.unreadable.insert(name)),
                (Err(_), _) => {}
            }
        }
        env
    }

    /// Configuration from a list instead of the process: what the tests use.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            unreadable: BTreeSet::new(),
            asked: BTreeSet::new(),
            problems: Vec::new(),
        }
    }

    /// Reads everything with `read`; prints all problems and ends the process if there are any.
    ///
    /// Never returns an error, so that a server can be protected inside a function of any return type.
    pub fn or_exit<T>(read: impl FnOnce(&mut Self) -> Option<T>) -> T {
        match Self::load().read(read) {
            Ok(value) => value,
            Err(problems) => {
                // Where nobody listens there is nobody to tell.
                let _ = writeln!(io::stderr(), "error: {problems}");
                std::process::exit(1);
            }
        }
    }

    /// Reads everything with `read`, which returns `None` after recording a problem.
    ///
    /// # Errors
    /// All problems found, not only the first.
    pub fn read<T>(mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Result<T, Problems> {
        match read(&mut self) {
            Some(value) if self.problems.is_empty() => {
                self.warn_of_unknown_names();
                Ok(value)
            }
            _ => Err(Problems(self.problems)),
        }
    }

    /// The value of a variable without surrounding white space; an empty value counts as unset.
    pub fn get(&mut self, name: &str) -> Option<String> {
        self.asked.insert(name.to_owned());
        if self.unreadable.contains(name) {
            self.problem(format!("{name} is not valid Unicode"));
        }
        let value = unquoted(self.variables.get(name)?.trim()).to_owned();
        if TRUSTED.contains(&name) && PLACEHOLDERS.iter().any(|word| value.contains(word)) {
            self.problem(format!(
                "{name} still holds the placeholder of .env.example"
            ));
        }
        (!value.is_empty()).then_some(value)
    }

    /// A secret, from `NAME` or from the file that `NAME_FILE` names.
    pub fn secret(&mut self, name: &str) -> Option<Secret> {
        let file = self.get(&format!("{name}_FILE"));
        let value = self.get(name);
        match (value, file) {
            (Some(_), Some(_)) => {
                self.problem(format!(
                    "{name} and {name}_FILE are both set; keep one of them"
                ));
                None
            }
            (Some(value), None) => Some(Secret(value)),
            (None, Some(path)) => match fs::read_to_string(&path) {
                Ok(text) if text.trim().is_empty() => {
                    self.problem(format!("{name}_FILE: `{path}` is empty"));
                    None
                }
                Ok(text) => Some(Secret(text.trim().to_owned())),
                Err(error) => {
                    self.problem(format!("{name}_FILE: cannot read `{path}`: {error}"));
                    None
                }
            },
            (None, None) => None,
        }
    }

    /// A value of any type that parses from text; `default` when unset.
    pub fn parse<T: FromStr>(&mut self, name: &str, default: T, example: &str) -> Option<T> {
        let Some(value) = self.get(name) else {
            return Some(default);
        };
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.problem(format!(
                "{name}: `{value}` is not valid, for example {name}={example}"
            ));
        }
        parsed
    }

    /// A list separated by commas or white space; empty when unset.
    pub fn list(&mut self, name: &str) -> Vec<String> {
        let value = self.get(name).unwrap_or_default();
        value
            .split([',', ' ', '\t', '\n'])
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// Records a problem: which variable, what is wrong, an example of what is right.
    pub fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// A misspelt name would otherwise be a setting that silently does nothing.
    fn warn_of_unknown_names(&self) {
        for name in self.variables.keys() {
            if OUR_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
                && !self.asked.contains(name)
            {
                tracing::warn!("{name} is set but this server does not know it; is it misspelt?");
            }
        }
    }
}

/// A value out of its quotes: `docker --env-file` leaves them on, shells and `.env` do not.
fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// Everything that is wrong with the configuration, one line each.
#[derive(Debug)]
pub struct Problems(Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this server is not configured yet:")?;
        for problem in &self.0 {
            write!(f, "\n  - {problem}")?;
        }
        write!(
            f,
            "\nset these in the environment or in .env; .env.example explains each"
        )
    }
}

/// Text that must not be shown: it has neither `Debug` nor `Display`.
pub struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Secret {
    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}
