use super::*;
use crate::generate::tests::embedded;

mod elsewhere;
mod properties;

/// The hash of nothing.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn record() -> String {
    format!(
        "# Mine.\nschema = 1\ngenerator = \"0.1.0\"\nkind = \"added\"\n\n[templates]\nset = \"embedded\"\nsha256 = \"00\"\n\n[answers]\nname = \"x\"\ndescription = \"X\"\nauth = \"jwt\"\npreset = \"oidc\"\nscopes = [\"a\"]\nport = 1\nextras = []\n\n[added]\nmodule = \"mcp_auth\"\nsource = \"src/mcp_auth\"\nmcp_path = \"/mcp\"\nenv_file = \".env.sample\"\nrenames = {{ reqwest = \"auth_reqwest\" }}\n\n[files]\n\"a.rs\" = {{ class = \"owned\", sha256 = \"{EMPTY}\", mode = \"755\" }}\n"
    )
}

/// What is said about the record with another text in it.
fn error(from: &str, to: &str) -> String {
    assert!(record().contains(from), "{from}");
    let read = read(&record().replacen(from, to, 1));
    let (_, catalog) = embedded();
    let answers = read.and_then(|recorded| recorded.answers(&catalog));
    answers.unwrap_err().to_string()
}

#[test]
fn reads_what_it_says() {
    let recorded = read(&record()).unwrap();
    let files = recorded.files();
    assert!(files[&"a.rs".parse().unwrap()].executable);
    assert_eq!(recorded.added.as_ref().unwrap().mcp_path, "/mcp");
    let (_, catalog) = embedded();
    assert_eq!(recorded.answers(&catalog).unwrap().port.get(), 1);
}

#[test]
fn says_where_it_is_no_toml() {
    assert!(error("[files]", "[files").starts_with("mcp-auth.toml, line 26, column "));
    assert!(
        error("port = 1", "port = 1\nport = 2")
            .starts_with("mcp-auth.toml, line 17, column 1: duplicate key")
    );
}

/// Instead of the first stands the second, and the third is said.
const WRONG: &[[&str; 3]] = &[
    [
        "port = 1",
        "port = \"one\"",
        "line 16, column 8: `port` must be a number from 1 to 65535",
    ],
    [
        "port = 1",
        "port = 0",
        "line 16, column 8: `port` must be a number from 1 to 65535",
    ],
    [
        "auth = \"jwt\"",
        "auth = \"jtw\"",
        "line 13, column 8: `auth` cannot be `jtw`: use jwt, github, google, proxy, custom",
    ],
    [
        "auth = \"jwt\"",
        "auth = \"github\"",
        "line 14, column 10: `preset` cannot be `oidc`: use github",
    ],
    [
        "[\"a\"]",
        "[\"a\", \"b c\"]",
        "line 15, column 10: `scopes` cannot have `b c`: ` ` cannot be part of a scope",
    ],
    [
        "[\"a\"]",
        "[1]",
        "line 15, column 10: `scopes` must be a list of texts in quotes",
    ],
    [
        "[\"a\"]",
        "\"a\"",
        "line 15, column 10: `scopes` must be a list of texts in quotes",
    ],
    [
        "extras = []",
        "extras = [\"dokcer\"]",
        "line 17, column 10: `extras` cannot be `dokcer`: use ci, docker",
    ],
    [
        "\"x\"",
        "\"Not a name\"",
        "line 11, column 8: `name` cannot be `Not a name`: ",
    ],
    [
        "\"X\"",
        "\"\"",
        "line 12, column 15: `description` cannot be ``: it is empty",
    ],
    [
        "\"owned\"",
        "\"mine\"",
        "line 27, column 20: `class` cannot be `mine`: use owned, merged, seed",
    ],
    ["\"755\"", "755", "must be a text in quotes"],
    [
        "a.rs",
        "../a.rs",
        "line 27, column 1: `files` cannot have `../a.rs`: `../a.rs` is not a path inside a project",
    ],
    [
        "a.rs",
        ".mcp-auth/base/a.rs",
        "line 27, column 1: `files` cannot have `.mcp-auth/base/a.rs`: mcp-auth keeps its own things there",
    ],
    [
        "a.rs",
        ".mcp-auth-edit/journal.json",
        "mcp-auth keeps its own things there",
    ],
    [
        "a.rs",
        "MCP-auth.toml",
        "`files` cannot have `MCP-auth.toml`: mcp-auth keeps",
    ],
    [EMPTY, "00", "`sha256` cannot be `00`: it is no SHA-256"],
    [
        "\"src/mcp_auth\"",
        "\"../mcp_auth\"",
        "line 21, column 10: `source` cannot be `../mcp_auth`: ",
    ],
    [
        "\"src/mcp_auth\"",
        "\"src/auth\"",
        "line 21, column 10: `source` must end with the name of the module, `mcp_auth`",
    ],
    [
        "\"mcp_auth\"",
        "\"mcp-auth\"",
        "line 20, column 10: `module` cannot be `mcp-auth`: it is no name of a module",
    ],
    [
        "\"0.1.0\"",
        "\"new\"",
        "line 3, column 13: `generator` cannot be `new`: it is no version",
    ],
    [
        "schema = 1",
        "schema = 0",
        "line 2, column 10: `schema` must be a number from 1 on",
    ],
    ["[added]", "[[added]]", "`added` must be a table"],
];

#[test]
fn says_where_a_value_is_none() {
    for [from, to, said] in WRONG {
        let error = error(from, to);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn a_key_that_means_nothing_is_named_with_the_one_that_may_be_meant() {
    assert_eq!(
        error("port = 1", "prot = 1"),
        "mcp-auth.toml, line 10, column 1: `answers` has no `port`; mcp-auth.toml, line 16, column 1: `prot` means nothing in `answers`: is `port` meant?"
    );
    assert_eq!(
        error("[answers]", "hello = 1\n[answers]"),
        "mcp-auth.toml, line 10, column 1: `hello` means nothing in `templates`"
    );
    assert_eq!(
        error("mode =", "made ="),
        format!(
            "mcp-auth.toml, line 27, column {}: `made` means nothing in `a.rs`: is `mode` meant?",
            42 + 64
        )
    );
    assert_eq!(
        error("schema = 1", "colour = 1"),
        "mcp-auth.toml: it has no `schema`; mcp-auth.toml, line 2, column 1: `colour` means nothing"
    );
}

#[test]
fn all_that_is_wrong_is_said_together() {
    let text = record()
        .replace("port = 1", "port = 0")
        .replace("\"owned\"", "\"mine\"")
        .replace("\"X\"", "1");
    let error = read(&text).unwrap_err();
    let refusal = error.downcast_ref::<Refusal>().unwrap();
    let lines: Vec<&str> = refusal
        .problems
        .iter()
        .map(|problem| &problem.what[..22])
        .collect();
    assert_eq!(
        lines,
        [
            "mcp-auth.toml, line 12",
            "mcp-auth.toml, line 16",
            "mcp-auth.toml, line 27"
        ]
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_do_not_matter() {
    let windows = format!("\u{feff}{}", record().replace('\n', "\r\n"));
    assert_eq!(read(&windows).unwrap().added.unwrap().mcp_path, "/mcp");
    let error = read(&windows.replace("port = 1", "port = 0")).unwrap_err();
    assert!(error.to_string().contains("line 16, column 8"), "{error}");
}

#[test]
fn features_are_read_where_there_are_some() {
    let features = |text: &str| read(text).unwrap().added.unwrap().features;
    assert!(features(&record()).is_empty());
    let more = record().replace("mcp_path", "features = [\"web\"]\nmcp_path");
    assert_eq!(features(&more), ["web"]);
}

#[test]
fn a_record_from_before_there_were_sets_is_of_the_embedded_one() {
    let text = record().replace("[templates]\nset = \"embedded\"\nsha256 = \"00\"\n\n", "");
    assert_eq!(read(&text).unwrap().templates.set, "embedded");
}
