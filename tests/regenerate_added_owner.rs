//! `mcp-auth regenerate` in projects that were there before `mcp-auth add`: what is their owner's there, and the way back.

mod support;

use support::{
    Sandbox,
    add::{self, JWT},
    added::{OTHERS, added, package, regenerate, same},
    existing,
};

#[test]
fn abort_gives_everything_back_and_the_addition_can_be_taken_back_then() {
    for shape in [
        "simple-main",
        "workspace-deps-member",
        "crlf-bom",
        "env-sample",
    ] {
        let sandbox = add::copy(shape);
        let before = add::entries(&sandbox.path(""));
        add::add(&sandbox, &JWT).succeeds();
        let between = add::entries(&sandbox.path(""));
        regenerate(&sandbox, &["--auth", "proxy"]).succeeds();
        add::undo(&sandbox).fails(1, &["regenerate", "--abort"]);
        let package = package(&sandbox);
        let folder = if package.is_empty() { "." } else { &package };
        sandbox
            .run(["regenerate", folder, "--abort", "--yes"])
            .succeeds();
        same(shape, &between, &add::entries(&sandbox.path("")));
        add::undo(&sandbox).succeeds();
        same(shape, &before, &add::entries(&sandbox.path("")));
    }
}

#[test]
fn what_people_wrote_since_stays_theirs() {
    let sandbox = added("crlf-bom", &JWT);
    let mine = |path: &str, more: &str| {
        let text = sandbox.read(path);
        sandbox.write(path, &format!("{text}{}", more.replace('\n', "\r\n")));
    };
    mine(
        "Cargo.toml",
        "\n[package.metadata.mine]\nkept = true # mine\n",
    );
    mine(".env.example", "\n# mine\nMINE=1\n");
    mine(".gitignore", "/mine\n");
    mine("src/main.rs", "// mine\n");
    regenerate(&sandbox, OTHERS[3].1).succeeds();
    for path in ["Cargo.toml", ".env.example", ".gitignore", "src/main.rs"] {
        let text = sandbox.read(path);
        assert!(
            text.ends_with("\r\n") && text.contains("mine"),
            "{path}: {text}"
        );
        let bare = text.replace("\r\n", "");
        assert!(!bare.contains(['\r', '\n']), "{path} has mixed line ends");
    }
    let manifest = sandbox.read("Cargo.toml");
    assert!(!manifest.contains("jsonwebtoken"), "{manifest}");
    let settings = sandbox.read(".env.example");
    assert!(settings.contains("\nAPI_KEYS="), "{settings}");
    assert!(!settings.contains("AUTH_ISSUER"), "{settings}");
}

/// The new part of a file that its owner does not have is in the file that is there, or makes one.
#[test]
fn a_deleted_file_stays_deleted_and_one_that_came_since_gets_our_part() {
    let sandbox = added("simple-main", &JWT);
    std::fs::remove_file(sandbox.path(".env.example")).unwrap();
    regenerate(&sandbox, &["--auth", "github"]).succeeds();
    assert!(!sandbox.path(".env.example").exists());
    assert!(
        sandbox
            .read(".mcp-auth/base/.env.example")
            .contains("AUTH_ISSUER")
    );
}

#[test]
fn the_login_pages_are_looked_at_when_they_are_new() {
    let sandbox = added("simple-main", &JWT);
    let main = sandbox.read("src/main.rs");
    sandbox.write("src/main.rs", &format!("{main}\nfn more() -> axum::Router {{\n    axum::Router::new().route(\"/token\", axum::routing::get(async || \"mine\"))\n}}\n"));
    let ran = regenerate(&sandbox, &["--auth", "github"]).succeeds();
    for words in [
        "has the route `/token`, which the login needs",
        "into_make_service_with_connect_info",
    ] {
        assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    }
    let again = regenerate(&sandbox, &["--auth", "google"]).succeeds();
    assert!(!again.stderr.contains("/token"), "{}", again.stderr);
}

#[test]
fn what_another_member_inherits_stays_in_the_workspace() {
    let sandbox = Sandbox::new("members");
    sandbox.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n\n[workspace.dependencies]\naxum = \"0.8\"\n");
    for name in ["one", "two"] {
        existing::server(&sandbox, name);
    }
    for name in ["one", "two"] {
        let path = format!("{name}/Cargo.toml");
        let manifest = sandbox.read(&path).replace("dice", name);
        let manifest = manifest.replace("axum = \"0.8\" # the web", "axum.workspace = true");
        sandbox.write(&path, &manifest);
        add::add(&sandbox, &["--package", name, "--auth", "jwt"]).succeeds();
    }
    let offered = |key: &str| sandbox.read("Cargo.toml").contains(&format!("\n{key} = "));
    assert!(offered("jsonwebtoken") && !offered("maud"));
    let ran = |folder: &str, flags: &[&str]| {
        sandbox
            .run(
                ["regenerate", folder, "--yes", "--no-check"]
                    .iter()
                    .chain(flags),
            )
            .succeeds()
    };
    ran("one", &["--auth", "github"]);
    assert!(
        offered("jsonwebtoken") && offered("maud"),
        "{}",
        sandbox.read("Cargo.toml")
    );
    ran("one", &[]);
    // nobody uses it any more, and it is not ours in `two`
    ran("two", &["--auth", "github"]);
    assert!(
        offered("jsonwebtoken") && offered("maud"),
        "{}",
        sandbox.read("Cargo.toml")
    );
    let before = add::entries(&sandbox.path(""));
    ran("two", &[]);
    same("members", &before, &add::entries(&sandbox.path("")));
}
