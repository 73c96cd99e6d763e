mod steps;

use super::*;
use crate::existing::{
    modules::SourceFile,
    package::{CrateKind, CrateRoot},
};

const NAMES: Modules<'_> = Modules {
    auth: Module::plain("auth"),
    http: Module::plain("http"),
};

fn sources(files: &[(&str, &str)]) -> CrateSources {
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: path.parse().unwrap(),
        text: (*text).to_owned(),
        module: match *path {
            "src/main.rs" => Vec::new(),
            path => vec![
                path.trim_start_matches("src/")
                    .trim_end_matches(".rs")
                    .to_owned(),
            ],
        },
        cfgs: Vec::new(),
    };
    let files: Vec<SourceFile> = files.iter().map(file).collect();
    CrateSources {
        root: CrateRoot {
            kind: CrateKind::Binary,
            name: "server".into(),
            file: files[0].path.clone(),
        },
        files,
    }
}

/// What `src/main.rs` becomes, and the steps that remain.
fn wired(text: &str) -> (String, Vec<ByHand>) {
    let sources = sources(&[("src/main.rs", text)]);
    let found = find(&sources);
    assert_eq!(found.len(), 1, "{found:?}");
    let wiring = wire(&sources, &found[0], NAMES);
    let edit = &wiring.edits[0];
    let edited = insertion::insert(text, &edit.insertions);
    assert_eq!(
        insertion::remove(&edited, &edit.insertions).as_deref(),
        Some(text)
    );
    (edited, wiring.remaining)
}

fn becomes(before: &str, after: &str) {
    let (edited, remaining) = wired(before);
    assert_eq!(edited, after);
    assert_eq!(remaining, []);
}

fn main_with(statements: &str) -> String {
    format!("#[tokio::main]\nasync fn main() -> anyhow::Result<()> {{\n{statements}\n}}\n")
}

#[test]
fn the_usual_server() {
    becomes(
        r#"//! Counts.
use anyhow::Result;
use rmcp::{ServiceExt, transport::stdio};

use counter::Counter;
mod counter;

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();

    // Create an instance of our counter router
    let service = Counter::new().serve(stdio()).await.inspect_err(|e| {
        tracing::error!("serving error: {:?}", e);
    })?;

    service.waiting().await?;
    Ok(())
}
"#,
        r#"//! Counts.
use anyhow::Result;
use rmcp::{ServiceExt, transport::stdio};

use counter::Counter;
mod auth;
mod counter;
mod http;

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();

    if std::env::args_os().any(|arg| arg == "--http") {
        crate::http::serve(Counter::new).await?;
        return Ok(());
    }
    // Create an instance of our counter router
    let service = Counter::new().serve(stdio()).await.inspect_err(|e| {
        tracing::error!("serving error: {:?}", e);
    })?;

    service.waiting().await?;
    Ok(())
}
"#,
    );
}

#[test]
fn a_main_without_a_result_prints_the_error() {
    becomes(
        "struct Tools;\n\n#[tokio::main]\nasync fn main() {\n  let running = Tools.serve((tokio::io::stdin(), tokio::io::stdout())).await.unwrap();\n  running.waiting().await.unwrap();\n}\n",
        "mod auth;\nmod http;\n\nstruct Tools;\n\n#[tokio::main]\nasync fn main() {\n  if std::env::args_os().any(|arg| arg == \"--http\") {\n    if let Err(error) = crate::http::serve(|| Tools).await {\n      eprintln!(\"error: {error}\");\n      std::process::exit(1);\n    }\n    return;\n  }\n  let running = Tools.serve((tokio::io::stdin(), tokio::io::stdout())).await.unwrap();\n  running.waiting().await.unwrap();\n}\n",
    );
}

#[test]
fn line_ends_marks_and_tabs_stay_as_they_are() {
    becomes(
        "\u{feff}use rmcp::ServiceExt;\r\n\r\n#[tokio::main]\r\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\r\n\tTools::default().serve(rmcp::transport::stdio()).await?.waiting().await?;\r\n\tOk(())\r\n}\r\n",
        "\u{feff}use rmcp::ServiceExt;\r\n\r\nmod auth;\r\nmod http;\r\n\r\n#[tokio::main]\r\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\r\n\tif std::env::args_os().any(|arg| arg == \"--http\") {\r\n\t\tcrate::http::serve(Tools::default).await?;\r\n\t\treturn Ok(());\r\n\t}\r\n\tTools::default().serve(rmcp::transport::stdio()).await?.waiting().await?;\r\n\tOk(())\r\n}\r\n",
    );
}

/// The line that chooses HTTP.
fn served(text: &str) -> String {
    let (edited, remaining) = wired(text);
    assert_eq!(remaining, []);
    let line = edited
        .lines()
        .find(|line| line.contains("crate::http::serve"));
    line.unwrap().trim().to_owned()
}

#[test]
fn handlers_and_transports_in_variables_are_followed() {
    let text = main_with(
        "    let tools = Tools::new();\n    let transport = stdio();\n    let server = tools.serve(transport).await?;",
    );
    assert_eq!(served(&text), "crate::http::serve(Tools::new).await?;");
    let text = main_with(
        "    let tools = Tools { limit: 3, name: String::new() };\n    rmcp::serve_server(tools, stdio()).await?;",
    );
    assert_eq!(
        served(&text),
        "crate::http::serve(|| Tools { limit: 3, name: String::new() }).await?;"
    );
    let text = main_with("    let quit = Tools::with(MAX, \"a\").serve(stdio()).await?;");
    assert_eq!(
        served(&text),
        "crate::http::serve(|| Tools::with(MAX, \"a\")).await?;"
    );
}

#[test]
fn an_error_that_cannot_be_converted_is_printed() {
    let converts = |output: &str, uses: &str| {
        let text = format!(
            "{uses}\n#[tokio::main]\nasync fn main() -> {output} {{\n    T.serve(stdio()).await?;\n    Ok(())\n}}\n"
        );
        served(&text).ends_with(".await?;")
    };
    for output in [
        "anyhow::Result<()>",
        "color_eyre::Result<()>",
        "eyre::Result<(), eyre::Report>",
        "std::io::Result<()>",
        "Result<(), Box<dyn Error + Send + Sync>>",
        "std::result::Result<(), std::io::Error>",
    ] {
        assert!(converts(output, ""), "{output}");
    }
    assert!(converts(
        "Result<()>",
        "use anyhow::{Context as _, Result};"
    ));
    assert!(!converts("Result<()>", "use crate::error::Result;"));
    assert!(!converts("Result<(), rmcp::RmcpError>", ""));
    assert!(!converts("Result<(), Box<Oops>>", ""));
}

#[test]
fn tests_comments_and_other_transports_are_passed_over() {
    let text = "// Tools.serve(stdio())\nconst A: &str = \"Tools.serve(stdio())\";\n#[cfg(test)]\nmod tests {\n    async fn a() {\n        Tools.serve(stdio()).await;\n    }\n}\n#[tokio::test]\nasync fn b() {\n    Tools.serve(stdio()).await;\n}\nasync fn c() {\n    Tools.serve(child).await;\n    axum::serve(listener, stdio()).await;\n}\n";
    assert_eq!(find(&sources(&[("src/main.rs", text)])), []);
}

#[test]
fn the_modules_may_have_other_names() {
    let text = main_with("    Tools::new().serve(stdio()).await?;");
    let sources = sources(&[("src/main.rs", &text)]);
    let names = Modules {
        auth: Module::plain("mcp_auth"),
        http: Module::plain("mcp_http"),
    };
    let wiring = wire(&sources, &find(&sources)[0], names);
    let edited = insertion::insert(&text, &wiring.edits[0].insertions);
    assert!(
        edited.starts_with("mod mcp_auth;\nmod mcp_http;\n\n#[tokio::main]"),
        "{edited}"
    );
    assert!(edited.contains("crate::mcp_http::serve(Tools::new).await?;"));
}

#[test]
fn the_template_goes_by_the_version_of_rmcp() {
    for rmcp in [
        "1.4.0", "1.7.0", "2.2.0", "3.11.0", "3", "=1.4", "^2.0", "*", "",
    ] {
        assert_eq!(layers(rmcp)[1], "added-http-since-1.4", "{rmcp}");
    }
    for rmcp in ["0.9.1", "0.16.0", "1.3.9", "1", "^0.8", "~1.2"] {
        assert_eq!(layers(rmcp)[1], "added-http-before-1.4", "{rmcp}");
    }
}
