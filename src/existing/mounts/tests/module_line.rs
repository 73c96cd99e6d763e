//! Where `mod auth;` goes.

use super::*;

const APP: &str = "fn app(service: rmcp::transport::StreamableHttpService<T, S>) -> axum::Router {\n    axum::Router::new().fallback_service(service)\n}\n";

/// What stands before the function once the module is declared.
fn head(before: &str) -> String {
    let text = format!("{before}{APP}");
    let edited = wired_file(&[("src/main.rs", &text)], "src/main.rs");
    let end = edited.find("fn app").unwrap();
    edited[..end].to_owned()
}

#[test]
fn at_its_place_among_sorted_lines() {
    assert_eq!(head("mod a;\nmod z;\n\n"), "mod a;\nmod auth;\nmod z;\n\n");
    assert_eq!(
        head("mod a; // first\n// last\nmod z;\n\n"),
        "mod a; // first\nmod auth;\n// last\nmod z;\n\n"
    );
    assert_eq!(
        head("mod a;\n#[cfg(unix)]\n/// Last.\nmod z;\n\n"),
        "mod a;\nmod auth;\n#[cfg(unix)]\n/// Last.\nmod z;\n\n"
    );
    assert_eq!(
        head("#[macro_use]\nmod a;\nmod aa;\n\n"),
        "#[macro_use]\nmod a;\nmod aa;\nmod auth;\n\n"
    );
}

#[test]
fn before_the_first_where_they_are_not_sorted() {
    assert_eq!(head("mod z;\nmod a;\n\n"), "mod auth;\nmod z;\nmod a;\n\n");
    assert_eq!(
        head("use a::b;\n\n// the parts\nmod z;\nmod a;\n\n"),
        "use a::b;\n\nmod auth;\n// the parts\nmod z;\nmod a;\n\n"
    );
}

#[test]
fn among_the_private_ones() {
    assert_eq!(
        head("pub mod a;\npub mod z;\n\nmod b;\n\nuse x::y;\n\n"),
        "pub mod a;\npub mod z;\n\nmod auth;\nmod b;\n\nuse x::y;\n\n"
    );
}

#[test]
fn without_others() {
    assert_eq!(head(""), "mod auth;\n\n");
    assert_eq!(
        head("//! The server.\n\n"),
        "//! The server.\n\nmod auth;\n\n"
    );
    assert_eq!(
        head("#![allow(unused)]\n\n// the app\n"),
        "#![allow(unused)]\n\nmod auth;\n\n// the app\n"
    );
    assert_eq!(
        head("use a::b;\nuse c::d; // d\n\n// the app\n"),
        "use a::b;\nuse c::d; // d\n\nmod auth;\n\n// the app\n"
    );
    assert_eq!(
        head("extern crate a;\n\n/// The app.\n"),
        "extern crate a;\n\nmod auth;\n\n/// The app.\n"
    );
}

#[test]
fn under_the_condition_that_all_mounts_share() {
    let text = format!("mod a;\n\n#[cfg(feature = \"http\")]\n{APP}");
    let edited = wired_file(&[("src/main.rs", &text)], "src/main.rs");
    assert!(
        edited.starts_with("mod a;\n#[cfg(feature = \"http\")]\nmod auth;\n\n"),
        "{edited}"
    );
    let text = format!(
        "mod a;\n\n#[cfg(feature = \"http\")]\n{APP}#[cfg(unix)]\n{}",
        APP.replace("app", "other")
    );
    let edited = wired_file(&[("src/main.rs", &text)], "src/main.rs");
    assert!(edited.starts_with("mod a;\nmod auth;\n\n"), "{edited}");
}
