//! Random cases of whole runs, and what has to be true of each of them. `CASES` says how many are tried,
//! and `SEED`, a number, which ones.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    env,
    sync::LazyLock,
    time::Instant,
};

use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{Ran, Sandbox, Tree, generate, states::State, tree};

/// Generated once for all cases.
pub static PROJECTS: LazyLock<Vec<Tree>> = LazyLock::new(|| {
    let options: [&[&str]; 3] = [
        &["--auth", "custom", "--preset", "api-keys"],
        &["--auth", "jwt"],
        &["--auth", "github"],
    ];
    let sandbox = Sandbox::new("projects");
    let projects = options.iter().enumerate();
    projects
        .map(|(number, flags)| tree(&generate(&sandbox, &format!("project-{number}"), flags)))
        .collect()
});

/// The same cases each time unless `SEED` says otherwise, so that a failure is one of the change that is tested.
pub fn for_random<T: std::fmt::Debug>(
    name: &str,
    strategy: impl Strategy<Value = T>,
    cases: u32,
    test: impl Fn(T) -> &'static str,
) {
    let given = |name| {
        env::var(name)
            .ok()
            .and_then(|number| number.parse::<u32>().ok())
    };
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 60,
        ..Config::with_cases(given("CASES").unwrap_or(cases))
    };
    let seed = given("SEED").unwrap_or(0).to_le_bytes().repeat(8);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let (since, ends) = (Instant::now(), RefCell::new(BTreeMap::new()));
    let outcome = TestRunner::new_with_rng(config, rng).run(&strategy, |case| {
        *ends.borrow_mut().entry(test(case)).or_insert(0) += 1;
        Ok(())
    });
    let seconds = since.elapsed().as_secs_f32();
    println!("{name}: {:?} in {seconds:.0} s", ends.borrow());
    outcome.unwrap();
}

/// It has not fallen over, and if it failed it has said why.
pub fn is_sane(ran: &Ran) -> bool {
    let said = format!("{}{}", ran.stdout, ran.stderr);
    let says_why = ran.code == Some(0) || !said.trim().is_empty();
    says_why && !said.contains("panicked")
}

pub fn is_owners(path: &str) -> bool {
    !path.starts_with(".mcp-auth/") && path != "mcp-auth.toml"
}

/// The lines that people wrote and that are neither in a file afterwards nor in what was said.
pub fn lost_lines(generated: &Tree, before: &State, after: &State, ran: &Ran) -> Vec<String> {
    let known = generated.iter().filter(|(path, _)| is_owners(path));
    let known: HashSet<&[u8]> = known.flat_map(|(_, bytes)| lines(bytes)).collect();
    let is_seen = |path: &str| is_owners(path) || path.starts_with(".mcp-auth/incoming/");
    let there = after.files().filter(|(path, _)| is_seen(path));
    let there: HashSet<&[u8]> = there.flat_map(|(_, bytes)| lines(bytes)).collect();
    let mut lost = Vec::new();
    for (path, bytes) in before.files().filter(|(path, _)| is_owners(path)) {
        for line in lines(bytes).filter(|line| !known.contains(line) && !there.contains(line)) {
            let line = String::from_utf8_lossy(line).into_owned();
            if !ran.stderr.contains(&line) && !ran.stdout.contains(&line) {
                lost.push(format!("{path}: {line}"));
            }
        }
    }
    lost
}

/// Without what an editor or a checkout changes unseen.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let lines = bytes.split(|byte| *byte == b'\n');
    lines
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
}
