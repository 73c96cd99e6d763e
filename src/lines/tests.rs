use super::*;

const BLOCK: &str = "# Authentication. Fill in what is in capitals.\n\n# Who signs.\nAUTH_ISSUER=https://ISSUER\n\n# Where it listens.\n# On all addresses: 0.0.0.0.\n# BIND_ADDR=127.0.0.1:8000\n";

#[test]
fn an_empty_file_gets_the_whole_block() {
    assert_eq!(merge_env("", BLOCK), BLOCK);
}

#[test]
fn variables_that_are_missing_come_under_a_heading_after_a_blank_line() {
    assert_eq!(merge_env("PORT=1\n", BLOCK), format!("PORT=1\n\n{BLOCK}"));
    assert_eq!(merge_env("PORT=1\n\n", BLOCK), format!("PORT=1\n\n{BLOCK}"));
    let some = "# Authentication. Fill in what is in capitals.\n\n# Who signs.\nAUTH_ISSUER=https://ISSUER\n";
    assert_eq!(
        merge_env("BIND_ADDR=0.0.0.0:1\n", BLOCK),
        format!("BIND_ADDR=0.0.0.0:1\n\n{some}")
    );
}

#[test]
fn a_variable_that_is_there_in_any_form_is_not_added_again() {
    for present in [
        "BIND_ADDR=1",
        "# BIND_ADDR=1",
        "#BIND_ADDR=",
        "export BIND_ADDR=1",
        "# export BIND_ADDR=1",
        "  BIND_ADDR = 1",
        "\u{feff}BIND_ADDR=1",
    ] {
        let merged = merge_env(present, BLOCK);
        assert!(merged.starts_with(present), "{merged}");
        assert_eq!(merged.matches("BIND_ADDR").count(), 1, "{merged}");
        assert!(merged.contains("AUTH_ISSUER"), "{merged}");
    }
    for other in [
        "OLD_BIND_ADDR=1\n",
        "# the BIND_ADDR is set by the image\n",
        "bind_addr=1\n",
    ] {
        assert!(
            merge_env(other, BLOCK).contains("\n# BIND_ADDR=127"),
            "{other}"
        );
    }
}

#[test]
fn where_all_variables_are_there_nothing_changes() {
    let present = "AUTH_ISSUER=a\r\nBIND_ADDR=b";
    assert_eq!(merge_env(present, BLOCK), present);
}

#[test]
fn merging_again_changes_nothing() {
    for present in ["", "A=1", "A=1\r\n", "\u{feff}A=1\n\n", "BIND_ADDR=1\n"] {
        let once = merge_env(present, BLOCK);
        assert_eq!(merge_env(&once, BLOCK), once);
        let once = merge_gitignore(present, "/target\n\n# secrets\n/.env\n");
        assert_eq!(
            merge_gitignore(&once, "/target\n\n# secrets\n/.env\n"),
            once
        );
    }
}

#[test]
fn line_ends_byte_order_mark_and_a_missing_last_newline_stay() {
    let merged = merge_env("\u{feff}A=1\r\nB=2", "# Ours.\n\nC=3\n");
    assert_eq!(merged, "\u{feff}A=1\r\nB=2\r\n\r\n# Ours.\r\n\r\nC=3");
    let merged = merge_gitignore("a\r\nb", "c\n");
    assert_eq!(merged, "a\r\nb\r\n\r\nc");
}

#[test]
fn patterns_that_are_missing_come_with_the_comment_above_them() {
    let ours = "/target\n\n# secrets and what the server stores\n/.env\n/data\n";
    assert_eq!(merge_gitignore("", ours), ours);
    assert_eq!(
        merge_gitignore("/target\n", ours),
        "/target\n\n# secrets and what the server stores\n/.env\n/data\n"
    );
    assert_eq!(
        merge_gitignore("target/\n.env\n", ours),
        "target/\n.env\n\n# secrets and what the server stores\n/data\n"
    );
    assert_eq!(
        merge_gitignore("target\n.env\ndata/\n", ours),
        "target\n.env\ndata/\n"
    );
}
