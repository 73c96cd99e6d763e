use super::super::validity::problem;
use super::*;

fn found(name: &str, merged: &str, user: &str, new: &str) -> Option<String> {
    problem(&path(name), merged, user, new)
}

#[test]
fn names_what_is_defined_twice() {
    for (twice, name) in [
        ("fn a() {}", "`a`"),
        ("struct A;", "the type or module `A`"),
        ("mod a {}", "the type or module `a`"),
        ("use x::A;", "the import of `A`"),
        ("use x::a::{self, B};", "the import of `a`"),
        ("impl X for Y {}", "`<Y as X>`"),
        ("impl Y { fn a() {} }", "`Y::a`"),
        ("macro_rules! a { () => {} }", "`macro_rules! a`"),
    ] {
        let both = format!("{twice}\n{twice}\n");
        assert_eq!(
            found("a.rs", &both, twice, twice),
            Some(format!("{name} is there twice"))
        );
        assert_eq!(
            found("a.rs", &both, &both, twice),
            None,
            "its owner has it twice"
        );
        assert_eq!(found("a.rs", twice, twice, twice), None);
    }
    for (merged, name) in [
        ("struct A { x: u8, x: u8 }", "the field `A.x`"),
        ("enum A { X, X }", "`A::X`"),
        ("mod m { fn f() {} fn f() {} }", "`m::f`"),
        ("trait T { fn f(); fn f(); }", "`T::f`"),
    ] {
        assert_eq!(
            found("a.rs", merged, "", ""),
            Some(format!("{name} is there twice"))
        );
    }
}

#[test]
fn allows_what_may_be_there_twice() {
    let merged = "use x::A as _;\nuse y::B as _;\nuse x::*;\nuse y::*;\nimpl A {}\nimpl A {}\nimpl X<u8> for A {}\nimpl X<u16> for A {}\nconst _: () = ();\nconst _: () = ();\nfn a() {}\nmod a {}\n";
    assert_eq!(found("a.rs", merged, "", ""), None);
}

#[test]
fn says_where_a_file_is_not_what_its_name_says() {
    let problem = found("a.rs", "fn a() {\n", "", "").unwrap();
    assert!(problem.starts_with("line "), "{problem}");
    assert!(found("a.toml", "a = 1\na = 2\n", "", "").is_some());
    assert!(found("a.json", "{\"a\": 1,}", "", "").is_some());
    assert_eq!(found("a.json", "{\"a\": 1}", "", ""), None);
    assert_eq!(found("notes.md", "anything {", "", ""), None);
    assert_eq!(found("Dockerfile", "anything {", "", ""), None);
}

#[test]
fn sees_a_key_of_a_workflow_that_came_twice() {
    let one = "on: push\njobs:\n  test:\n    steps:\n      - uses: a\n        with:\n          x: 1\n      - uses: a\n        with:\n          x: 1\n      - run: |\n          x: 1\n          x: 1\n  lint:\n    steps: []\n";
    assert_eq!(found("ci.yml", one, "", ""), None);
    let twice = one.replace("  lint:\n", "  test:\n");
    let problem = found("ci.yml", &twice, one, one).unwrap();
    assert_eq!(problem, "`jobs > test` is there twice");
    let twice = one.replace(
        "          x: 1\n      - run",
        "          x: 1\n          x: 2\n      - run",
    );
    assert!(found("ci.yml", &twice, one, one).is_some());
    assert!(found("ci.yml", "a:\n\tb: 1\n", one, one).is_some());
}
