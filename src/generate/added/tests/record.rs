//! What is remembered of an addition.

use super::*;

#[test]
fn the_record_and_the_copies_have_every_file_and_of_shared_files_our_part() {
    let (templates, catalog) = embedded();
    let answers = all_answers(&catalog).remove(0);
    let placement = in_a_workspace();
    let added = added(&answers, &catalog, &templates, &placement).unwrap();
    let manifest = "[dependencies]\nours = \"1\"\n";
    let shares = Shares {
        manifest: manifest.into(),
        gitignore: Some(added.gitignore.clone()),
    };
    let complete = complete(&added, &shares, &answers, &catalog, &templates, &placement).unwrap();
    let text = |path: &str| {
        complete[&path.parse::<RelativePath>().unwrap()]
            .text
            .as_ref()
    };
    let base = "crates/x/.mcp-auth/base";
    assert_eq!(text(&format!("{base}/Cargo.toml")), manifest);
    assert_eq!(text(&format!("{base}/.env.sample")), added.env_example);
    assert_eq!(text(&format!("{base}/.gitignore")), added.gitignore);
    let record: DocumentMut = text("crates/x/mcp-auth.toml").parse().unwrap();
    let recorded = record["files"].as_table().unwrap();
    assert_eq!(recorded.len(), added.files.len() + 3);
    assert_eq!(complete.len(), added.files.len() + recorded.len() + 1);
    for (path, output) in &added.files {
        let inner = path.as_str().strip_prefix("crates/x/").unwrap();
        assert_eq!(text(&format!("{base}/{inner}")), output.text);
        assert_eq!(recorded[inner]["class"].as_str(), Some(output.class.name()));
    }
    assert_eq!(
        recorded["Cargo.toml"]["class"].as_str(),
        Some(Class::Merged.name())
    );
    assert_eq!(
        recorded["src/mcp_auth/scope_table.rs"]["class"].as_str(),
        Some("seed")
    );
}
