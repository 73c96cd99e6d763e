//! Another answer is the same whether it is given to `new` or, later, to `regenerate`: byte for byte, the record and the
//! pristine copies too.

mod support;

use support::{
    CASES, Sandbox, Tree, differences, generate,
    owner::{NAME, Project, later, new_from_next},
    tree,
};

/// What `new` makes of these flags.
fn anew(flags: &[&str]) -> Tree {
    let sandbox = Sandbox::new("anew");
    tree(&generate(&sandbox, NAME, flags))
}

#[test]
fn every_option_becomes_every_other() {
    let wanted: Vec<Tree> = CASES.iter().map(|(_, flags)| anew(flags)).collect();
    let project = Project::new("options", CASES[0].1);
    let mut from = CASES[0].0;
    for at in walk(CASES.len()) {
        let (to, flags) = CASES[at];
        project.regenerate(&later(flags)).succeeds();
        let found = differences(&wanted[at], &project.tree());
        assert_eq!(found, [""; 0], "{from} to {to}");
        from = to;
    }
}

/// From the first on, so that each comes once after each other one.
fn walk(count: usize) -> Vec<usize> {
    let to_and_fro = |at: usize| (at + 2..count).flat_map(move |other| [other, at]);
    let there = (0..count).flat_map(|at| to_and_fro(at).chain([at + 1]));
    let there = there.filter(|at| *at < count);
    there.chain((0..count - 1).rev()).collect()
}

#[test]
fn newer_templates_and_another_option_at_once_are_the_same_as_one_by_one() {
    for ((from, old), (to, flags)) in [(&CASES[4], &CASES[2]), (&CASES[2], &CASES[0])] {
        let wanted = new_from_next(flags);
        let at_once = Project::new(from, old);
        at_once.renew(&later(flags)).succeeds();
        let found = differences(&wanted, &at_once.tree());
        assert_eq!(found, [""; 0], "{from} to {to} at once");
        let in_turn = Project::new(from, old);
        in_turn.renew(&[]).succeeds();
        in_turn.regenerate(&later(flags)).succeeds();
        let found = differences(&wanted, &in_turn.tree());
        assert_eq!(found, [""; 0], "{from} to {to} one by one");
    }
}

#[test]
fn the_walk_takes_every_step_once() {
    let mut steps: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    for to in walk(6) {
        steps.push((from, to));
        from = to;
    }
    steps.sort();
    steps.dedup();
    assert_eq!((steps.len(), walk(6).len()), (30, 30));
}

#[test]
fn every_other_answer_can_be_given_later() {
    let answers: [(&[&str], &[&str]); 7] = [
        (&["--name", "storms"], &["--set", "name=storms"]),
        (
            &["--description", "Tells \"when\" it storms"],
            &["--set", "description=Tells \"when\" it storms"],
        ),
        (&["--scopes", "a b:c"], &["--set", "scopes=a b:c"]),
        (&["--scopes", ""], &["--set", "scopes="]),
        (&["--port", "9000"], &["--set", "port=9000"]),
        (&["--without", "docker"], &["--set", "extras=ci"]),
        (
            &["--preset", "keycloak", "--port", "9000"],
            &["--set", "preset=keycloak", "--set", "port=9000"],
        ),
    ];
    for (new, later) in answers {
        let jwt = ["--auth", "jwt"];
        let wanted = anew(&[&jwt, new].concat());
        let project = Project::new("later", &jwt);
        let before = project.tree();
        project.regenerate(later).succeeds();
        assert_eq!(differences(&wanted, &project.tree()), [""; 0], "{later:?}");
        assert_ne!(
            differences(&before, &wanted),
            [""; 0],
            "{new:?} is the default"
        );
        let again = project
            .regenerate(&[later, &["--json"]].concat())
            .succeeds();
        assert_eq!(again.json()["outcome"], "unchanged", "{later:?}");
    }
}

#[test]
fn an_answer_changed_in_the_record_is_the_same_as_one_that_is_typed() {
    let jwt = ["--auth", "jwt"];
    let project = Project::new("by-hand", &jwt);
    project.edit("mcp-auth.toml", "port = 8000", "port = 9000");
    project.edit(
        "mcp-auth.toml",
        "extras = [\"ci\", \"docker\"]",
        "extras = []",
    );
    project.regenerate(&[]).succeeds();
    let wanted = anew(&["--auth", "jwt", "--port", "9000", "--without", "ci,docker"]);
    assert_eq!(differences(&wanted, &project.tree()), [""; 0]);
}

#[test]
fn the_scopes_follow_the_preset_unless_they_were_chosen() {
    let project = Project::new("default-scopes", &["--auth", "jwt"]);
    project.regenerate(&["--set", "preset=entra"]).succeeds();
    let wanted = anew(&["--auth", "jwt", "--preset", "entra"]);
    assert_eq!(differences(&wanted, &project.tree()), [""; 0]);

    let chosen = ["--auth", "jwt", "--scopes", "read write"];
    let project = Project::new("chosen-scopes", &chosen);
    project.regenerate(&["--set", "preset=entra"]).succeeds();
    let wanted = anew(&[&chosen[..], &["--preset", "entra"]].concat());
    assert_eq!(differences(&wanted, &project.tree()), [""; 0]);
}

#[test]
fn another_option_keeps_what_its_owner_wrote() {
    let project = Project::new("edited", &["--auth", "jwt"]);
    project.edit("src/tools.rs", "Processed: {}", "Done: {}");
    project.edit("src/main.rs", "mod tools;\n", "mod tools;\nmod weather;\n");
    project.edit(
        "Cargo.toml",
        "anyhow = \"1\"\n",
        "anyhow = \"1\"\narrayvec = \"0.7\" # small lists\n",
    );
    project.write("src/weather.rs", "//! Mine.\n");
    project.regenerate(&["--auth", "github"]).succeeds();
    let github = anew(&["--auth", "github"]);
    let main = String::from_utf8(github["src/main.rs"].clone()).unwrap();
    assert_eq!(
        project.read("src/main.rs"),
        main.replace("mod tools;\n", "mod tools;\nmod weather;\n")
    );
    assert!(project.read("src/tools.rs").contains("Done: {}"));
    assert!(
        project
            .read("Cargo.toml")
            .contains("arrayvec = \"0.7\" # small lists")
    );
    assert!(
        project.read("Cargo.toml").contains("redb"),
        "what github needs is there"
    );
    assert!(
        !project.read("Cargo.toml").contains("use_pem"),
        "what jwt needed is gone"
    );
    assert_eq!(project.read("src/weather.rs"), "//! Mine.\n");
    assert!(!project.exists("src/auth/jwt.rs") && project.exists("src/auth/github.rs"));
}
