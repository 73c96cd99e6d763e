use super::{AXUM, member, merged};

const NEW: &str = "[dependencies]\nm = { version = \"1\", features = [\"f\"] }\n";

/// Ten features that stand around those that are there.
fn features(names: &str) -> String {
    format!("[dependencies]\nx = {{ version = \"1\", features = [{names}] }}\n")
}

#[test]
fn sorted_tables_stay_sorted_and_others_are_appended_to() {
    assert_eq!(
        member("[dependencies]\na = \"1\"\nz = \"1\"\n", NEW),
        "[dependencies]\na = \"1\"\nm = { version = \"1\", features = [\"f\"] }\nz = \"1\"\n"
    );
    assert_eq!(
        member("[dependencies]\nz = \"1\"\na = \"1\"\n", NEW),
        "[dependencies]\nz = \"1\"\na = \"1\"\nm = { version = \"1\", features = [\"f\"] }\n"
    );
}

#[test]
fn comments_stay_with_the_entries_they_are_about() {
    let theirs = "[dependencies]\n# first\na = \"1\" # one\n\n# last\nz = \"1\" # two\n# end\n\n[features]\n";
    let expected = "[dependencies]\n# first\na = \"1\" # one\nm = { version = \"1\", features = [\"f\"] }\n\n# last\nz = \"1\" # two\n# end\n\n[features]\n";
    assert_eq!(member(theirs, NEW), expected);
}

#[test]
fn a_missing_section_is_made_where_people_look_for_it() {
    let edited = member(
        "[package]\nname = \"x\"\n\n[dev-dependencies]\nt = \"1\"\n\n[profile.dev]\ndebug = 0\n",
        NEW,
    );
    assert_eq!(
        edited,
        "[package]\nname = \"x\"\n\n[dependencies]\nm = { version = \"1\", features = [\"f\"] }\n\n[dev-dependencies]\nt = \"1\"\n\n[profile.dev]\ndebug = 0\n"
    );
    let edited = member("[package]\nname = \"x\"\n# end\n", NEW);
    assert_eq!(
        edited,
        "[package]\nname = \"x\"\n\n[dependencies]\nm = { version = \"1\", features = [\"f\"] }\n# end\n"
    );
    let edited = member(
        "[dependencies.a]\nversion = \"1\"\n\n[profile.dev]\ndebug = 0\n",
        "[dev-dependencies]\nm = \"1\"\n",
    );
    assert_eq!(
        edited,
        "[dependencies.a]\nversion = \"1\"\n\n[dev-dependencies]\nm = \"1\"\n\n[profile.dev]\ndebug = 0\n"
    );
}

#[test]
fn a_dependency_with_a_table_of_its_own_keeps_it() {
    let theirs = "[package]\nname = \"x\"\n\n[dependencies.axum]\nversion = \"0.8\" # web\n\n[dependencies.z]\nversion = \"1\"\n";
    assert_eq!(
        member(theirs, AXUM),
        theirs.replace("# web\n", "# web\nfeatures = [\"multipart\"]\n")
    );
    assert_eq!(
        member(theirs, NEW),
        theirs.replace(
            "\n[dependencies.axum]",
            "\n[dependencies]\nm = { version = \"1\", features = [\"f\"] }\n\n[dependencies.axum]"
        )
    );
    let theirs = "[dependencies]\na = \"1\"\n\n[dependencies.axum]\nversion = \"0.8\"\nfeatures = [\"ws\"]\n";
    assert_eq!(
        member(theirs, AXUM),
        theirs.replace("[\"ws\"]", "[\"multipart\", \"ws\"]")
    );
}

#[test]
fn dotted_keys_stay_dotted_and_keep_their_order() {
    let theirs = "[dependencies]\naxum.version = \"0.8\"\naxum.default-features = true\nz.workspace = false\n";
    assert_eq!(
        member(theirs, AXUM),
        theirs.replace("= true\n", "= true\naxum.features = [\"multipart\"]\n")
    );
    let edited = member(
        "[dependencies]\na.version = \"1\"\na.features = [\"x\"]\nz.version = \"1\"\nz.features = [\"x\"]\n",
        NEW,
    );
    assert_eq!(
        edited,
        "[dependencies]\na.version = \"1\"\na.features = [\"x\"]\nm = { version = \"1\", features = [\"f\"] }\nz.version = \"1\"\nz.features = [\"x\"]\n"
    );
    let edited = member(
        "dependencies.axum = \"0.8\"\n\n[package]\nname = \"x\"\n",
        NEW,
    );
    assert_eq!(
        edited,
        "dependencies.axum = \"0.8\"\ndependencies.m = { version = \"1\", features = [\"f\"] }\n\n[package]\nname = \"x\"\n"
    );
}

#[test]
fn dependencies_in_one_inline_table_stay_there() {
    let theirs = "dependencies = { axum = \"0.8\" } # all\n\n[package]\nname = \"x\"\n";
    assert_eq!(
        member(theirs, AXUM),
        theirs.replace(
            "\"0.8\" }",
            "{ version = \"0.8\", features = [\"multipart\"] } }"
        )
    );
    assert_eq!(
        member(theirs, NEW),
        theirs.replace(
            "\"0.8\" }",
            "\"0.8\", m = { version = \"1\", features = [\"f\"] } }"
        )
    );
}

#[test]
fn an_inline_dependency_keeps_its_blanks() {
    let edited = member("[dependencies]\naxum = {version = \"0.8\"}\n", AXUM);
    assert_eq!(
        edited,
        "[dependencies]\naxum = {version = \"0.8\", features = [\"multipart\"]}\n"
    );
    let edited = member(
        "[dependencies]\naxum = { version = '0.8', optional = false } # web\n",
        AXUM,
    );
    assert_eq!(
        edited,
        "[dependencies]\naxum = { version = '0.8', optional = false, features = [\"multipart\"] } # web\n"
    );
}

#[test]
fn a_list_in_one_line_stays_in_one_line() {
    let edited = member(&features("\"a\", \"c\""), &features("\"b\", \"d\""));
    assert_eq!(edited, features("\"a\", \"b\", \"c\", \"d\""));
    assert_eq!(
        member(&features(" \"c\" "), &features("\"a\", \"d\"")),
        features(" \"a\", \"c\", \"d\" ")
    );
    assert_eq!(
        member(&features("\"z\", \"a\""), &features("\"m\"")),
        features("\"z\", \"a\", \"m\"")
    );
    assert_eq!(member(&features(""), &features("\"m\"")), features("\"m\""));
}

#[test]
fn a_list_with_a_line_per_entry_gets_lines_and_keeps_the_comments_behind_them() {
    let commas = "\n    \"b\", # why b\n    # about d\n    \"d\", # why d\n";
    let edited = member(&features(commas), &features("\"a\", \"c\", \"e\""));
    let expected = "\n    \"a\",\n    \"b\", # why b\n    \"c\",\n    # about d\n    \"d\", # why d\n    \"e\",\n";
    assert_eq!(edited, features(expected));
    let bare = "\n    \"b\",\n    \"d\" # why d\n";
    let edited = member(&features(bare), &features("\"e\""));
    assert_eq!(
        edited,
        features("\n    \"b\",\n    \"d\", # why d\n    \"e\"\n")
    );
}

#[test]
fn a_list_that_is_wrapped_stays_so() {
    let wrapped = "\"a\", \"c\",\n    \"e\", \"g\"";
    let edited = member(&features(wrapped), &features("\"b\", \"f\", \"h\""));
    assert_eq!(
        edited,
        features("\"a\", \"b\", \"c\",\n    \"e\", \"f\", \"g\", \"h\"")
    );
    let edited = member(&features("\n"), &features("\"a\""));
    assert_eq!(edited, features("\"a\"\n"));
    let edited = member(&features("\"a\", "), &features("\"b\""));
    assert_eq!(edited, features("\"a\", \"b\", "));
}

#[test]
fn an_inline_dependency_over_several_lines_keeps_its_comments() {
    let theirs = "[dependencies]\naxum = {\n    version = \"0.8\", # web\n    default-features = true, # all\n} # end\n";
    let edited = member(theirs, AXUM);
    let expected = theirs.replace("# all\n", "# all\n    features = [\"multipart\"],\n");
    assert_eq!(edited, expected);
    let edited = member(&theirs.replace("true,", "true"), AXUM);
    assert_eq!(edited, expected.replace("\"],\n", "\"]\n"));
}

#[test]
fn indented_entries_get_indented_neighbours() {
    let edited = member("[dependencies]\n  a = \"1\"\n  z = \"1\"\n", NEW);
    assert_eq!(
        edited,
        "[dependencies]\n  a = \"1\"\n  m = { version = \"1\", features = [\"f\"] }\n  z = \"1\"\n"
    );
}

#[test]
fn line_ends_byte_order_mark_and_a_missing_last_newline_stay() {
    let edited = member("\u{feff}[dependencies]\r\na = \"1\"\r\nz = \"1\"", NEW);
    assert_eq!(
        edited,
        "\u{feff}[dependencies]\r\na = \"1\"\r\nm = { version = \"1\", features = [\"f\"] }\r\nz = \"1\""
    );
    let mixed = "[dependencies]\r\na = \"1\"\nz = \"1\"\r\n";
    assert_eq!(
        member(mixed, NEW),
        "[dependencies]\r\na = \"1\"\nm = { version = \"1\", features = [\"f\"] }\r\nz = \"1\"\r\n"
    );
}

#[test]
fn default_features_are_never_switched() {
    let off = "[dependencies]\nbase64 = { version = \"0.22\", default-features = false }\n";
    let on = "[dependencies]\nbase64 = \"0.22\"\n";
    let merged = merged(off, on);
    assert_eq!(
        merged.member,
        "[dependencies]\nbase64 = { version = \"0.22\", default-features = false, features = [\"std\"] }\n"
    );
    assert_eq!(
        merged.notes,
        ["base64 keeps `default-features = false` in Cargo.toml, and gets the feature std"]
    );
    assert_eq!(member(on, off), on);
}
