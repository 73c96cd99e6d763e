//! What else people's files have in store for `regenerate`: a byte order mark, no newline at the end, a folder, no text at
//! all, markers of an earlier merge, a manifest that was sorted, a name that the templates have given as well.

mod support;

use std::fs;

use support::{
    Sandbox,
    conflict::edit,
    owner::{Project, new_from_next, text},
    regenerate::{git, project, regenerate},
};

const JWT: [&str; 2] = ["--auth", "jwt"];

#[test]
fn a_byte_order_mark_stays() {
    let project = Project::new("bom", &JWT);
    for path in ["src/serve.rs", "Cargo.toml", ".env.example"] {
        let text = project.read(path);
        project.write(path, &format!("\u{feff}{text}"));
    }
    project.renew(&[]).succeeds();
    let new = new_from_next(&JWT);
    for path in ["src/serve.rs", "Cargo.toml", ".env.example"] {
        let expected = format!("\u{feff}{}", text(&new[path]));
        assert_eq!(project.read(path), expected, "{path}");
    }
    project.is_settled(&[]);
}

#[test]
fn a_missing_line_end_at_the_end_stays_missing() {
    let project = Project::new("no-end", &JWT);
    let cut = |path: &str| {
        let text = project.read(path);
        project.write(path, text.trim_end());
    };
    for path in ["src/serve.rs", "src/main.rs", "README.md"] {
        cut(path);
    }
    project.edit("src/main.rs", "set BIND_ADDR to a free address", "mine");
    project.renew(&[]).succeeds();
    let new = new_from_next(&JWT);
    for path in ["src/serve.rs", "README.md"] {
        assert_eq!(project.read(path), text(&new[path]).trim_end(), "{path}");
    }
    assert!(project.read("src/main.rs").ends_with('}'));
    project.is_settled(&[]);
}

#[test]
fn a_file_that_became_a_folder_stays_one() {
    let project = Project::new("folder", &JWT);
    project.delete("src/serve.rs");
    project.write("src/serve.rs/mine.rs", "//! Mine.\n");
    let said = project.renewed(&[]);
    assert_eq!(said.code, Some(0), "{:#}", said.json);
    assert_eq!(said.action("src/serve.rs"), "incoming");
    assert_eq!(project.read("src/serve.rs/mine.rs"), "//! Mine.\n");
    let new = new_from_next(&JWT);
    let incoming = project.read(".mcp-auth/incoming/src/serve.rs");
    assert_eq!(incoming, text(&new["src/serve.rs"]));
    project.is_settled(&[]);
}

#[test]
fn what_is_no_text_is_not_touched() {
    let project = Project::new("latin", &JWT);
    let latin = b"//! Stra\xdfe\n";
    fs::write(project.path("src/serve.rs"), latin).unwrap();
    let said = project.renewed(&[]);
    assert_eq!(said.code, Some(0), "{:#}", said.json);
    assert_eq!(said.action("src/serve.rs"), "incoming");
    assert_eq!(fs::read(project.path("src/serve.rs")).unwrap(), latin);
    project.is_settled(&[]);
}

#[test]
fn markers_of_an_earlier_merge_are_named_and_left() {
    let project = Project::new("markers", &JWT);
    let marked = "<<<<<<< mine\n//! A.\n=======\n//! B.\n>>>>>>> theirs\n";
    project.write("src/main.rs", marked);
    let said = project.renewed(&[]);
    assert_eq!(said.code, Some(0), "{:#}", said.json);
    assert_eq!(said.action("src/main.rs"), "incoming");
    assert_eq!(project.read("src/main.rs"), marked);
    project.is_settled(&[]);
}

#[test]
fn a_sorted_manifest_with_other_spaces_is_merged_key_by_key() {
    let project = Project::new("manifest", &JWT);
    let text = project.read("Cargo.toml");
    let (head, rest) = text.split_once("[dependencies]\n").unwrap();
    let (dependencies, tail) = rest.split_once("\n\n").unwrap();
    let mut lines: Vec<String> = dependencies
        .lines()
        .map(|line| line.replace(" = ", "="))
        .collect();
    lines.reverse();
    let sorted = format!("{head}[dependencies]\n{}\n\n{tail}", lines.join("\n"));
    project.write("Cargo.toml", &sorted);
    project.renew(&[]).succeeds();
    let now = project.read("Cargo.toml");
    assert!(
        now.contains("1.0.50") && now.contains("bytes = \"1\""),
        "{now}"
    );
    let kept = lines.iter().filter(|line| !line.starts_with("anyhow"));
    for line in kept {
        assert!(now.contains(line.as_str()), "{line} is missing in\n{now}");
    }
    project.is_settled(&[]);
}

#[test]
fn the_templates_side_never_takes_what_its_owner_wrote_elsewhere() {
    let sandbox = Sandbox::new("unmergeable");
    sandbox.run(["templates", "export", "mine"]).succeeds();
    project(&sandbox, "weather", &JWT);
    let constant = |value: u8| format!("\nconst TWICE: u8 = {value};\n");
    edit(
        &sandbox,
        "mine/rust/server/src/serve.rs",
        "use tower::ServiceExt;\n",
        &format!("use tower::ServiceExt;\n{}", constant(1)),
    );
    let text = sandbox.read("weather/src/serve.rs") + &constant(2);
    sandbox.write("weather/src/serve.rs", &text);
    git(&sandbox, "weather", &["commit", "--quiet", "-am", "more"]);
    let flags = ["--templates", "mine", "--conflict", "theirs"];
    regenerate(&sandbox, "weather", &flags).succeeds();
    assert_eq!(sandbox.read("weather/src/serve.rs"), text);
    let incoming = sandbox.read("weather/.mcp-auth/incoming/src/serve.rs");
    assert!(incoming.contains("= 1;"), "{incoming}");
}
