//! What is not plain remains for a person.

use super::*;

/// Why this is not plain; the modules are declared all the same.
fn why(text: &str) -> String {
    let (edited, remaining) = wired(text);
    assert!(edited.contains("mod auth;\nmod http;\n"), "{edited}");
    assert!(!edited.contains("--http"), "{edited}");
    let [only] = &remaining[..] else {
        panic!("{remaining:?}");
    };
    only.why
        .trim_start_matches("HTTP has to be chosen by hand: ")
        .to_owned()
}

#[test]
fn what_is_not_plain_is_a_step_with_its_reason() {
    let captured = main_with(
        "    let config = Config::load();\n    Tools::new(config.clone()).serve(stdio()).await?;",
    );
    assert_eq!(
        why(&captured),
        "the handler is made from variables of `main`"
    );
    let mutable = main_with(
        "    let mut tools = Tools::new();\n    tools.add();\n    tools.serve(stdio()).await?;",
    );
    assert_eq!(
        why(&mutable),
        "the handler is made from variables of `main`"
    );
    let awaited = main_with("    Tools::new().await?.serve(stdio()).await?;");
    assert_eq!(
        why(&awaited),
        "the handler is made with `?`, `.await` or a macro"
    );
    let arguments =
        main_with("    let args = Args::parse();\n    Tools::new().serve(stdio()).await?;");
    assert_eq!(why(&arguments), place::HAS_ARGUMENTS);
    let nested = main_with("    if true {\n        Tools::new().serve(stdio()).await?;\n    }");
    assert_eq!(why(&nested), place::NOT_IN_MAIN);
    let spawned = main_with("    tokio::spawn(async { Tools::new().serve(stdio()).await });");
    assert_eq!(why(&spawned), place::NOT_IN_MAIN);
    let inline = main_with("    let a = 1; Tools::new().serve(stdio()).await?;");
    assert_eq!(why(&inline), place::SHARES_ITS_LINE);
    let other =
        "fn main() {\n    smol::block_on(async { Tools::new().serve(stdio()).await });\n}\n";
    assert_eq!(why(other), place::NOT_IN_MAIN);
    let smol = "#[smol::main]\nasync fn main() {\n    Tools::new().serve(stdio()).await;\n}\n";
    assert_eq!(why(smol), place::NOT_TOKIO);
    let code = "#[tokio::main]\nasync fn main() -> ExitCode {\n    Tools::new().serve(stdio()).await;\n    ExitCode::SUCCESS\n}\n";
    assert_eq!(why(code), place::ENDS_OTHERWISE);
}

#[test]
fn a_step_says_where_and_what() {
    let files = [
        (
            "src/main.rs",
            "mod run;\n\n#[tokio::main]\nasync fn main() {\n    run::run().await\n}\n",
        ),
        (
            "src/run.rs",
            "pub async fn run() {\n    let tools = Tools::new();\n    tools.serve(stdio()).await;\n}\n",
        ),
    ];
    let sources = sources(&files);
    let wiring = wire(&sources, &find(&sources)[0], NAMES);
    assert_eq!(wiring.edits.len(), 1);
    let edited = insertion::insert(files[0].1, &wiring.edits[0].insertions);
    assert!(
        edited.starts_with("mod auth;\nmod http;\nmod run;\n"),
        "{edited}"
    );
    let [step] = &wiring.remaining[..] else {
        panic!("{:?}", wiring.remaining);
    };
    assert_eq!((step.file.as_str(), step.line), ("src/run.rs", 3));
    assert_eq!(
        step.steps[1],
        "    crate::http::serve(move || tools).await?;"
    );
}
