//! How long it takes to understand a large project. Run in release:
//! `cargo test --release --bin mcp-auth large_project -- --ignored --nocapture`

use std::{env, fmt::Write, fs, path::Path, time::Instant};

use super::*;
use crate::project::files::Disk;

const FUNCTION: &str = r#"
/// Adds up, and says so in "words".
pub fn add(items: &[u64], name: &str) -> Result<String, std::fmt::Error> {
    let mut total = 0u64; // of the items
    for (index, item) in items.iter().enumerate() {
        if index % 2 == 0 { total = total.wrapping_add(*item); } else { total = total.wrapping_mul(31 + *item); }
    }
    let text = format!("{name}: {total} of {} items\n", items.len());
    match total { 0 => Ok(String::new()), 1..=9 => Ok(text.to_uppercase()), _ => Ok(text) }
}
"#;
const TESTS: &str = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() { assert!(super::add(&[1], \"a\").is_ok()); }\n}\n";

/// In every tenth file.
const ROUTES: &str = "pub fn routes() -> axum::Router { axum::Router::new().route(\"/add\", axum::routing::get(add)) }\n";

/// 25 modules of 40 modules each; tells the lines.
fn write_large_project(root: &Path) -> usize {
    let code = format!("{}{TESTS}", FUNCTION.repeat(18));
    let mut main = String::new();
    let mut lines = 0;
    for module in 0..25 {
        let folder = root.join(format!("src/m{module}"));
        fs::create_dir_all(&folder).unwrap();
        let mut text = FUNCTION.repeat(18);
        for file in 0..40 {
            let routes = if file % 10 == 0 { ROUTES } else { "" };
            fs::write(
                folder.join(format!("f{file}.rs")),
                format!("{code}{routes}"),
            )
            .unwrap();
            writeln!(text, "pub mod f{file};").unwrap();
            lines += code.lines().count();
        }
        fs::write(root.join(format!("src/m{module}.rs")), &text).unwrap();
        lines += text.lines().count();
        writeln!(main, "mod m{module};").unwrap();
    }
    fs::write(root.join("src/main.rs"), format!("{main}{MAIN}")).unwrap();
    lines
}

#[test]
#[ignore = "measures"]
fn a_large_project_is_understood_at_once() {
    let root = env::current_exe().unwrap().with_file_name("large-project");
    let lines = write_large_project(&root);
    let project = Project::of(&[("src/main.rs", MAIN)]);
    let workspace = Workspace {
        root: root.clone(),
        is_declared: false,
        packages: project.packages,
    };
    for _ in 0..3 {
        let start = Instant::now();
        let site = find(&workspace, &Wish::default(), &Disk::new(&root)).unwrap();
        let took = start.elapsed();
        assert_eq!((site.mounts.len(), site.sources.files.len()), (1, 101));
        println!("{lines} lines understood in {took:?}");
    }
    fs::remove_dir_all(&root).unwrap();
}
