use super::*;

#[test]
fn the_document_has_what_it_takes_to_decide() {
    let document = shown(&every_case(), Detail::Files).document;
    assert_eq!(document["command"], "regenerate");
    assert_eq!(document["outcome"], "planned");
    assert_eq!(document["templates"]["after"]["sha256"], "ff".repeat(8));
    let conflict = &document["conflicts"][0];
    assert_eq!(conflict["path"], "clash.txt");
    assert_eq!(conflict["base"], ".mcp-auth/base/clash.txt");
    assert_eq!(
        conflict["hunks"],
        json!([{ "line": 2, "yours": "mine\n", "templates": "theirs\nthree\n" }])
    );
    assert_eq!(conflict["intents"], json!([1]));
    assert_eq!(
        document["intents"][0]["intent"],
        "a token in the query is refused"
    );
    assert_eq!(document["advisories"][0]["severity"], "high");
    assert_eq!(document["drift"], json!(["owned_drift.rs"]));
    assert_eq!(
        document["findings"],
        json!(["advisories", "conflicts", "changes", "drift"])
    );
    assert_eq!(document["counts"]["merge"], 1);
    let changes = document["changes"].as_array().unwrap();
    let of = |path: &str| {
        changes
            .iter()
            .find(|change| change["path"] == path)
            .unwrap()
    };
    let moved = of("new_place.txt");
    assert_eq!(moved["action"], "move");
    assert_eq!(moved["moved_from"], "old_place.txt");
    let merged = of("both.txt");
    assert_eq!(
        (&merged["added"], &merged["removed"]),
        (&json!(1), &json!(0))
    );
    let diff = merged["diff"].as_str().unwrap();
    assert!(
        diff.starts_with("--- a/both.txt\n+++ b/both.txt\n"),
        "{diff}"
    );
    assert!(diff.contains("\n four\n+five\n"), "{diff}");
    let record = document["record"].as_array().unwrap();
    assert!(record.contains(&json!({ "path": "mcp-auth.toml", "kind": "replace" })));
    let step = document["next_steps"][1].as_str().unwrap();
    assert!(
        step.starts_with("mcp-auth regenerate --yes --conflict=theirs "),
        "{step}"
    );
}
