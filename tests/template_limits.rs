//! What a template set cannot do: write outside of the project, read anything, go on for ever.

mod support;

use std::fs;

use support::Sandbox;

#[test]
fn no_template_writes_outside_of_the_project() {
    for path in ["rust/base/.git/config", "rust/base/mcp-auth.toml"] {
        let sandbox = Sandbox::new("escape");
        sandbox.run(["templates", "export", "mine"]).succeeds();
        sandbox.write(&format!("mine/{path}"), "x = 1\n");
        let new = [
            "new",
            "weather",
            "--templates",
            "mine",
            "--auth",
            "jwt",
            "--yes",
        ];
        sandbox.run(new).fails(1, &[&format!("mine/{path}: ")]);
        sandbox
            .run(["templates", "check", "mine"])
            .fails(1, &[&format!("mine/{path}: ")]);
        assert_eq!(sandbox.names(), ["mine"]);
    }
}

#[test]
fn no_template_reads_the_environment_or_the_disk() {
    for text in [
        "{{ get_env(name=\"HOME\") }}",
        "{% include \"/etc/passwd\" %}",
        "{% include \"../../secret\" %}",
        "{{ now() }}",
    ] {
        let sandbox = Sandbox::new("reach");
        sandbox.run(["templates", "export", "mine"]).succeeds();
        sandbox.write("secret", "s3cret");
        sandbox.write("mine/rust/base/x.tera", text);
        let new = [
            "new",
            "weather",
            "--templates",
            "mine",
            "--auth",
            "jwt",
            "--yes",
        ];
        sandbox
            .run(new)
            .fails(1, &["mine/rust/base/x.tera, line 1, column ", "Unknown"]);
        assert_eq!(sandbox.names(), ["mine", "secret"]);
    }
}

#[test]
fn a_loop_that_prints_without_end_is_stopped() {
    let sandbox = Sandbox::new("loop");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    let many = "{% for a in range(end=100000) %}{% for b in range(end=100000) %}xxxxxxxxxxxxxxxx{% endfor %}{% endfor %}";
    sandbox.write("mine/rust/base/x.tera", many);
    let new = [
        "new",
        "weather",
        "--templates",
        "mine",
        "--auth",
        "jwt",
        "--yes",
    ];
    sandbox
        .run(new)
        .fails(1, &["mine/rust/base/x.tera: it gives more than 16 MiB"]);
}

#[test]
fn what_is_no_text_file_is_refused_by_name() {
    let sandbox = Sandbox::new("files");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    fs::write(sandbox.path("mine/rust/base/latin.md"), b"caf\xe9").unwrap();
    fs::write(
        sandbox.path("mine/rust/base/huge.md"),
        vec![b'x'; (1 << 20) + 1],
    )
    .unwrap();
    let said = [
        "mine/rust/base/latin.md is not UTF-8",
        "mine/rust/base/huge.md is longer than 1 MiB",
    ];
    sandbox.run(["templates", "check", "mine"]).fails(1, &said);
    let new = [
        "new",
        "weather",
        "--templates",
        "mine",
        "--auth",
        "jwt",
        "--yes",
    ];
    sandbox.run(new).fails(1, &said);
    assert_eq!(sandbox.names(), ["mine"]);
}

#[test]
fn no_link_is_followed_in_a_set() {
    use std::os::unix::fs::symlink;

    let sandbox = Sandbox::new("links");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    sandbox.write("elsewhere/secret.md", "s3cret");
    symlink(
        sandbox.path("elsewhere/secret.md"),
        sandbox.path("mine/rust/base/SECRET.md"),
    )
    .unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.path("mine/rust/linked")).unwrap();
    sandbox.run(["templates", "check", "mine"]).fails(
        1,
        &[
            "mine/rust/base/SECRET.md is a symbolic link",
            "mine/rust/linked is a symbolic link",
        ],
    );
    // what is around the set is nobody's business, and the set itself may be reached by a link
    fs::remove_file(sandbox.path("mine/rust/base/SECRET.md")).unwrap();
    fs::remove_file(sandbox.path("mine/rust/linked")).unwrap();
    symlink(sandbox.path("elsewhere"), sandbox.path("mine/elsewhere")).unwrap();
    symlink(sandbox.path("mine"), sandbox.path("link")).unwrap();
    sandbox.run(["templates", "check", "link"]).succeeds();
}
