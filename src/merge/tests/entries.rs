use super::*;

const ENV: &str = "# The settings of weather.\n\n# Who signs.\nAUTH_ISSUER=https://ISSUER\n\n# Where it listens.\n# BIND_ADDR=127.0.0.1:8000\n\n# The log.\nRUST_LOG=info\n";

fn env(user: &str, new: &str) -> String {
    merged(".env.example", ENV, user, new)
}

#[test]
fn variables_next_to_each_other_are_changed_each_for_itself() {
    let user = ENV.replace("https://ISSUER", "https://login.example.org");
    let new = ENV
        .replace("8000", "9000")
        .replace("# Who signs.", "# Who signs the tokens.");
    let expected = user
        .replace("8000", "9000")
        .replace("# Who signs.", "# Who signs the tokens.");
    assert_eq!(env(&user, &new), expected);
}

#[test]
fn a_new_variable_comes_after_its_predecessor() {
    let user = ENV.replace("RUST_LOG=info", "RUST_LOG=debug\n\n# Mine.\nMINE=1");
    let added = "\n# Who may call.\nSCOPES=mcp\n";
    let new = ENV.replace(
        "ISSUER=https://ISSUER\n",
        &format!("ISSUER=https://ISSUER\n{added}"),
    );
    let expected = user.replace(
        "ISSUER=https://ISSUER\n",
        &format!("ISSUER=https://ISSUER\n{added}"),
    );
    assert_eq!(env(&user, &new), expected);
}

#[test]
fn a_variable_that_is_gone_goes_unless_its_owner_changed_it() {
    let new = ENV.replace("\n# Where it listens.\n# BIND_ADDR=127.0.0.1:8000\n", "");
    let user = ENV.replace("RUST_LOG=info", "RUST_LOG=debug");
    assert_eq!(
        env(&user, &new),
        new.replace("RUST_LOG=info", "RUST_LOG=debug")
    );
    let user = ENV.replace("# BIND_ADDR=127.0.0.1", "BIND_ADDR=0.0.0.0");
    assert_eq!(env(&user, &new), user);
}

#[test]
fn a_variable_that_its_owner_deleted_does_not_come_back() {
    let user = ENV.replace("\n# The log.\nRUST_LOG=info\n", "");
    let new = ENV.replace("RUST_LOG=info", "RUST_LOG=warn");
    assert_eq!(env(&user, &new), user);
}

#[test]
fn two_values_for_one_variable_are_a_conflict_about_that_line() {
    let user = ENV.replace("RUST_LOG=info", "RUST_LOG=debug");
    let new = ENV
        .replace("RUST_LOG=info", "RUST_LOG=warn")
        .replace("8000", "9000");
    let conflict = conflict(".env.example", ENV, &user, &new);
    let marked = "<<<<<<< yours\nRUST_LOG=debug\n=======\nRUST_LOG=warn\n>>>>>>> templates\n";
    let marked = ENV
        .replace("RUST_LOG=info\n", marked)
        .replace("8000", "9000");
    assert_eq!(resolved(&conflict, Answer::Markers), marked);
}

#[test]
fn a_base_that_holds_only_what_was_ours_of_a_file_will_do() {
    let ours = "# Authentication.\n\n# Who signs.\nAUTH_ISSUER=https://ISSUER\n\n# How much they differ.\n# LEEWAY=30\n";
    let user = format!("# My settings.\nPORT=1\n\n{ours}\n# Mine too.\nOTHER=2\n");
    let new = ours.replace("30", "60") + "\n# What for.\nAUDIENCE=x\n";
    let result = merged(".env.example", ours, &user, &new);
    let expected = user.replace("# LEEWAY=30\n", "# LEEWAY=60\n\n# What for.\nAUDIENCE=x\n");
    assert_eq!(result, expected);
}

#[test]
fn the_first_variable_may_be_new_or_go() {
    let (one, two) = ("# One.\nONE=1\n", "# Two.\nTWO=2\n");
    let both = format!("{one}\n{two}");
    let user = format!("{two}\nMINE=1\n");
    assert_eq!(
        merged(".env.example", two, &user, &both),
        format!("{one}\n{user}")
    );
    let user = format!("{both}\nMINE=1\n");
    assert_eq!(
        merged(".env.example", &both, &user, two),
        format!("{two}\nMINE=1\n")
    );
}

#[test]
fn patterns_are_merged_one_by_one() {
    let base = "/target\n\n# secrets\n/.env\n*.pem\n";
    let user = "/target\n/mine\n\n# secrets\n/.env\n/keys\n";
    let new = "/target\n\n# secrets\n/.env\n*.pem\n*.key\n\n# editors\n.idea\n";
    assert_eq!(
        merged(".gitignore", base, user, new),
        "/target\n/mine\n\n# secrets\n/.env\n*.key\n\n# editors\n.idea\n/keys\n"
    );
    assert_eq!(
        merged("docs/.gitignore", base, user, "/target\n"),
        "/target\n/mine\n/keys\n"
    );
}

#[test]
fn a_key_that_is_there_twice_is_merged_twice() {
    let base = "A=1\nB=1\nA=2\n";
    assert_eq!(
        merged(".env.example", base, "A=1\nB=2\nA=2\n", "A=1\nB=1\nA=3\n"),
        "A=1\nB=2\nA=3\n"
    );
}
