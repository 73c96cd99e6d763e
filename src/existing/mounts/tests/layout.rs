//! Line ends, byte order marks, indentation and comments stay what they are.

use super::*;

const SERVICE: &str = "rmcp::transport::StreamableHttpService<T, S>";

#[test]
fn windows_line_ends_a_byte_order_mark_and_a_shebang() {
    let text = "\u{feff}#!/usr/bin/env räst\r\n#![allow(dead_code)]\r\nmod tools;\r\n\r\nfn app(service: SERVICE) -> axum::Router {\r\n    // für alle\r\n    axum::Router::new()\r\n        .nest_service(\"/mcp\", service)\r\n}\r\n".replace("SERVICE", SERVICE);
    let after = "\u{feff}#!/usr/bin/env räst\r\n#![allow(dead_code)]\r\nmod auth;\r\nmod tools;\r\n\r\nfn app(service: SERVICE) -> axum::Router {\r\n    // für alle\r\n    let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");\r\n    axum::Router::new()\r\n        .merge(auth.routes())\r\n        .nest_service(\"/mcp\", auth.protect(service))\r\n}\r\n".replace("SERVICE", SERVICE);
    assert_eq!(wired_file(&[("src/main.rs", &text)], "src/main.rs"), after);
}

#[test]
fn tabs() {
    becomes(
        &"\nfn app(service: SERVICE) -> axum::Router {\n\tif on {\n\t\taxum::Router::new().nest_service(\"/mcp\", service)\n\t} else {\n\t\taxum::Router::new()\n\t}\n}\n"
            .replace("SERVICE", SERVICE),
        &"\nfn app(service: SERVICE) -> axum::Router {\n\tif on {\n\t\tlet auth = crate::auth::Auth::from_env_or_exit(\"/mcp\");\n\t\taxum::Router::new()\n\t\t\t.merge(auth.routes())\n\t\t\t.nest_service(\"/mcp\", auth.protect(service))\n\t} else {\n\t\taxum::Router::new()\n\t}\n}\n"
            .replace("SERVICE", SERVICE),
    );
}

#[test]
fn comments_and_attributes_between_everything() {
    becomes(
        &r##"
fn app(service: SERVICE) -> axum::Router {
    let text = r#"nest_service("/mcp", service)"#; // nest_service("/mcp", service)
    /* one */ // two
    #[allow(unused_mut)]
    let mut app = /* three */ axum::Router::new() /* four
        five */
        // six
        . /* seven */ nest_service /* eight */ ( /* nine */ "/mcp" , /* ten */ service /* eleven */ , ) // twelve
        ;
    app
}
"##
        .replace("SERVICE", SERVICE),
        &r##"
fn app(service: SERVICE) -> axum::Router {
    let text = r#"nest_service("/mcp", service)"#; // nest_service("/mcp", service)
    /* one */ // two
    let auth = crate::auth::Auth::from_env_or_exit("/mcp");
    #[allow(unused_mut)]
    let mut app = /* three */ axum::Router::new()
        .merge(auth.routes()) /* four
        five */
        // six
        . /* seven */ nest_service /* eight */ ( /* nine */ "/mcp" , /* ten */ auth.protect(service) /* eleven */ , ) // twelve
        ;
    app
}
"##
        .replace("SERVICE", SERVICE),
    );
}

#[test]
fn everything_in_one_line() {
    becomes(
        &"\nfn app(service: SERVICE) -> axum::Router { axum::Router::new().nest_service(\"/mcp\", service) }\n"
            .replace("SERVICE", SERVICE),
        &"\nfn app(service: SERVICE) -> axum::Router { let auth = crate::auth::Auth::from_env_or_exit(\"/mcp\"); axum::Router::new().merge(auth.routes()).nest_service(\"/mcp\", auth.protect(service)) }\n"
            .replace("SERVICE", SERVICE),
    );
}

#[test]
fn a_variable_that_is_in_use_is_not_taken() {
    for (uses, name) in [
        ("let auth = 1;", "mcp_auth"),
        ("check(|auth| 1);", "mcp_auth"),
        ("println!(\"{auth}\");", "mcp_auth"),
        ("let mcp_auth = auth;", "server_auth"),
        ("self.auth.check(); auth::check(); config.auth();", "auth"),
    ] {
        let text = format!(
            "fn app(service: {SERVICE}) {{\n    {uses}\n    axum::Router::new().nest_service(\"/mcp\", service);\n}}\n"
        );
        let edited = wired(&text);
        assert!(
            edited.contains(&format!("    let {name} = crate")),
            "{edited}"
        );
        assert!(
            edited.contains(&format!("{name}.protect(service)")),
            "{edited}"
        );
    }
}

#[test]
fn a_long_line_is_broken_as_rustfmt_does() {
    let lines = |blanks: usize| {
        let blanks = " ".repeat(blanks);
        let text = format!(
            "fn app(service: {SERVICE}) {{\n{blanks}axum::Router::new().nest_service(\"/mcp\", service);\n}}\n"
        );
        let edited = wired(&text);
        let lines = edited.lines().map(str::trim).skip(1);
        let lines: Vec<String> = lines.map(str::to_owned).collect();
        lines
    };
    let value = "crate::auth::Auth::from_env_or_exit(\"/mcp\");";
    assert_eq!(lines(44)[0], format!("let auth = {value}"));
    assert_eq!(lines(48)[..2], ["let auth =", value]);
    assert_eq!(
        lines(56)[..3],
        [
            "let auth = crate::auth::Auth::from_env_or_exit(",
            "\"/mcp\",",
            ");"
        ]
    );
}

#[test]
fn a_path_that_is_bound_too_late_is_left_to_the_configuration() {
    let text = format!(
        "fn app(service: {SERVICE}) {{\n    let app = {{ let path = read(); axum::Router::new().nest_service(&path, service) }};\n    let path = 1;\n}}\nfn other(service: {SERVICE}) {{\n    axum::Router::new().merge(read(|path| axum::Router::new().nest_service(path, service)));\n}}\n"
    );
    let edited = wired(&text);
    assert!(
        edited.contains(
            "let path = read(); let auth = crate::auth::Auth::from_env_or_exit(&path); axum"
        ),
        "{edited}"
    );
    assert!(edited.contains("from_env_or_exit(\"\")"), "{edited}");
}
