use super::*;

const BASE: &str = "[package]\nname = \"weather\"\nversion = \"0.1.0\"\n\n[dependencies]\nanyhow = \"1\"\naxum = { version = \"0.8\", features = [\"json\", \"tokio\"] }\nserde = { version = \"1\", features = [\"derive\"] }\ntower = \"0.5\"\n\n[profile.release]\nstrip = true\n";

fn manifest(user: &str, new: &str) -> String {
    merged("Cargo.toml", BASE, user, new)
}

#[test]
fn dependencies_that_both_added_at_one_place_are_no_conflict() {
    let user = BASE.replace("tower =", "sqlx = \"0.8\" # mine\ntower =");
    let new = BASE.replace(
        "tower =",
        "tokio = { version = \"1\", features = [\"rt\"] }\ntower =",
    );
    let expected = user.replace(
        "tower =",
        "tokio = { version = \"1\", features = [\"rt\"] }\ntower =",
    );
    assert_eq!(manifest(&user, &new), expected);
}

#[test]
fn features_are_a_set_that_both_may_change() {
    let user = BASE.replace("[\"json\", \"tokio\"]", "[\"json\", \"tokio\", \"ws\"]");
    let new = BASE.replace("[\"json\", \"tokio\"]", "[\"form\", \"tokio\"]");
    let expected = BASE.replace("[\"json\", \"tokio\"]", "[\"form\", \"tokio\", \"ws\"]");
    assert_eq!(manifest(&user, &new), expected);
    let lines = "[\n    \"json\", # answers\n    \"tokio\",\n    \"ws\",\n]";
    let user = BASE.replace("[\"json\", \"tokio\"]", lines);
    let new = BASE.replace("[\"json\", \"tokio\"]", "[\"form\", \"json\", \"tokio\"]");
    let expected = user.replace("    \"json\",", "    \"form\",\n    \"json\",");
    assert_eq!(manifest(&user, &new), expected);
}

#[test]
fn a_version_may_move_under_the_features_of_its_owner() {
    let user = BASE.replace("\"tokio\"] }", "\"tokio\", \"ws\"] } # the router");
    let new = BASE.replace("version = \"0.8\"", "version = \"0.9\"");
    assert_eq!(manifest(&user, &new), user.replace("\"0.8\"", "\"0.9\""));
}

#[test]
fn a_version_alone_and_a_table_are_the_same_dependency() {
    let user = BASE.replace(
        "tower = \"0.5\"",
        "tower = { version = \"0.5\", features = [\"util\"] }",
    );
    let new = BASE.replace("tower = \"0.5\"", "tower = \"0.6\"");
    assert_eq!(manifest(&user, &new), user.replace("\"0.5\"", "\"0.6\""));

    let user = BASE.replace("tower = \"0.5\"", "tower = \"0.5\" # layers");
    let new = BASE.replace(
        "tower = \"0.5\"",
        "tower = { version = \"0.5\", features = [\"util\"] }",
    );
    let expected = new.replace("[\"util\"] }", "[\"util\"] } # layers");
    assert_eq!(manifest(&user, &new), expected);

    let user = BASE.replace("tower = \"0.5\"", "tower.workspace = true");
    let new = BASE.replace(
        "tower = \"0.5\"",
        "tower = { version = \"0.5\", features = [\"util\"] }",
    );
    let result = manifest(&user, &new);
    assert!(
        result.contains("tower.workspace = true\ntower.features = [\"util\"]"),
        "{result}"
    );
}

#[test]
fn two_versions_are_a_conflict_about_that_line() {
    let user = BASE.replace("tower = \"0.5\"", "tower = \"0.5.3\"");
    let new = BASE
        .replace("tower = \"0.5\"", "tower = \"0.6\"")
        .replace("strip = true", "strip = \"debuginfo\"");
    let conflict = conflict("Cargo.toml", BASE, &user, &new);
    let marked = "<<<<<<< yours\ntower = \"0.5.3\"\n=======\ntower = \"0.6\"\n>>>>>>> templates\n";
    let marked = BASE
        .replace("tower = \"0.5\"\n", marked)
        .replace("strip = true", "strip = \"debuginfo\"");
    assert_eq!(resolved(&conflict, Answer::Markers), marked);
    assert_eq!(conflict.reason, Reason::Overlap);
}

#[test]
fn what_is_dropped_goes_unless_its_owner_changed_it() {
    let new = BASE.replace("serde = { version = \"1\", features = [\"derive\"] }\n", "");
    let user = BASE.replace("0.1.0", "0.2.0");
    assert_eq!(manifest(&user, &new), new.replace("0.1.0", "0.2.0"));
    let user = BASE.replace("[\"derive\"]", "[\"derive\", \"rc\"]");
    assert_eq!(manifest(&user, &new), user);
    let new = BASE.replace("\n[profile.release]\nstrip = true\n", "");
    let user = BASE.replace("0.1.0", "0.2.0");
    assert_eq!(manifest(&user, &new), new.replace("0.1.0", "0.2.0"));
    let user = BASE.replace("strip = true", "strip = true\nlto = true");
    let result = manifest(&user, &new);
    assert!(
        result.ends_with("[profile.release]\nlto = true\n"),
        "{result}"
    );
}

#[test]
fn a_comment_of_its_owner_is_not_dropped_with_what_it_is_about() {
    let new = BASE.replace("serde = { version = \"1\", features = [\"derive\"] }\n", "");
    for user in [
        BASE.replace("serde =", "# for the tools\nserde ="),
        BASE.replace("[\"derive\"] }", "[\"derive\"] } # for the tools"),
    ] {
        let conflict = conflict("Cargo.toml", BASE, &user, &new);
        assert_eq!(resolved(&conflict, Answer::Mine), user);
        assert_eq!(resolved(&conflict, Answer::Theirs), new);
    }
}

#[test]
fn what_its_owner_deleted_stays_deleted_key_by_key() {
    let user = BASE.replace("tower = \"0.5\"\n", "");
    let new = BASE
        .replace("tower = \"0.5\"", "tower = \"0.6\"")
        .replace("anyhow = \"1\"", "anyhow = \"2\"");
    assert_eq!(
        manifest(&user, &new),
        user.replace("anyhow = \"1\"", "anyhow = \"2\"")
    );
}

#[test]
fn the_order_the_comments_and_the_layout_are_the_owners() {
    let user = "# my server\n[dependencies]\ntower=\"0.5\"   # layers\nserde = { features = ['derive'], version = \"1\" }\n\n# last but not least\nanyhow = \"1\"\n\n[dependencies.axum]\nversion = \"0.8\"\nfeatures = [\"json\", \"tokio\"]\n\n[profile.release]\nstrip = true\n\n[package]\nname = \"weather\"\nversion = \"0.1.0\"\n";
    let new = BASE
        .replace("tower = \"0.5\"", "tower = \"0.6\"")
        .replace("\"derive\"", "\"derive\", \"rc\"");
    let new = new
        .replace("\"tokio\"] }", "\"tokio\", \"ws\"] }")
        .replace("strip", "lto = true\nstrip");
    let expected = user
        .replace("tower=\"0.5\" ", "tower=\"0.6\" ")
        .replace("['derive']", "['derive', \"rc\"]")
        .replace("\"tokio\"]", "\"tokio\", \"ws\"]")
        .replace("strip = true", "lto = true\nstrip = true");
    assert_eq!(manifest(user, &new), expected);
}

#[test]
fn a_new_table_comes_after_its_predecessor() {
    let user = BASE.replace("0.1.0", "0.2.0") + "\n[profile.dev]\ndebug = 1\n";
    let added = "\n[dev-dependencies]\ntower = { version = \"0.5\", features = [\"util\"] }\n";
    let new = BASE.replace("\n[profile", &format!("{added}\n[profile"));
    let expected = user.replace("\n[profile.release", &format!("{added}\n[profile.release"));
    assert_eq!(manifest(&user, &new), expected);
}

#[test]
fn a_base_that_holds_only_what_was_ours_of_a_manifest_will_do() {
    let ours =
        "[dependencies]\naxum = { version = \"0.8\", features = [\"json\"] }\nreqwest = \"0.12\"\n";
    let user = "[package]\nname = \"mine\"\n\n[dependencies]\naxum = { version = \"0.8\", features = [\"json\", \"ws\"] }\nreqwest = \"0.12\"\nrmcp = \"1\"\n";
    let new = "[dependencies]\naxum = { version = \"0.8\", features = [\"form\", \"json\"] }\nreqwest = \"0.13\"\nsha2 = \"0.11\"\n";
    let expected = "[package]\nname = \"mine\"\n\n[dependencies]\naxum = { version = \"0.8\", features = [\"form\", \"json\", \"ws\"] }\nreqwest = \"0.13\"\nrmcp = \"1\"\nsha2 = \"0.11\"\n";
    assert_eq!(merged("Cargo.toml", ours, user, new), expected);
}

#[test]
fn tables_of_one_kind_are_matched_by_their_names() {
    let (one, two) = (
        "[[example]]\nname = \"one\"\ntest = true\n",
        "[[example]]\nname = \"two\"\n",
    );
    let own = "[[example]]\nname = \"own\"\n";
    let base = format!("{one}\n{two}");
    let user = format!("{two}\n{own}\n{one}");
    let new = format!(
        "{}\n[[example]]\nname = \"three\"\n",
        one.replace("true", "false")
    );
    let result = merged("Cargo.toml", &base, &user, &new);
    let expected = format!(
        "{own}\n{}\n[[example]]\nname = \"three\"\n",
        one.replace("true", "false")
    );
    assert_eq!(result.trim_start(), expected);
}

#[test]
fn a_manifest_that_is_no_toml_is_left_alone() {
    let user = BASE.replace("tower = ", "tower ");
    let decision = decided("Cargo.toml", BASE, &user, &BASE.replace("0.5", "0.6"));
    let Decision::NotMergeable(Obstacle::InvalidToml(problem)) = decision else {
        panic!("{decision:?}");
    };
    assert!(problem.starts_with("line 9: "), "{problem}");
}

#[test]
fn a_list_that_is_dropped_keeps_what_its_owner_put_in() {
    let user = BASE.replace("\"tokio\"] }", "\"tokio\", \"ws\"] }");
    let new = BASE.replace(", features = [\"json\", \"tokio\"]", "");
    let expected = BASE.replace("[\"json\", \"tokio\"]", "[\"ws\"]");
    assert_eq!(manifest(&user, &new), expected);
}

#[test]
fn a_manifest_keeps_its_line_ends_and_mark() {
    let user = BASE.replace("0.1.0", "0.2.0").replace('\n', "\r\n");
    let user = format!("\u{feff}{}", user.trim_end());
    let new = BASE.replace("tower =", "tokio = \"1\"\ntower =");
    let expected = user.replace("tower =", "tokio = \"1\"\r\ntower =");
    assert_eq!(manifest(&user, &new), expected);
}

#[test]
fn what_a_workspace_says_goes_however_it_is_written() {
    let base = "[dependencies]\na = { workspace = true }\nb = { workspace = true }\n";
    let user =
        "[dependencies]\nmine.workspace = true\na.workspace = true\nb.workspace = true # why\n";
    let new = "[dependencies]\nc = { workspace = true }\n";
    let bare = user.replace(" # why", "");
    let expected = "[dependencies]\nmine.workspace = true\nc.workspace = true\n";
    assert_eq!(merged("Cargo.toml", base, &bare, new), expected);
    assert_eq!(conflict("Cargo.toml", base, user, new).count(), 1);
}
