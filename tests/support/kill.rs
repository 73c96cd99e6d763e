//! Runs that are killed on purpose, at a random instant of the part of their work that a test is about.

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    path::Path,
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

/// How long a run takes until its work folder is there, until its journal is, and on the whole.
#[derive(Debug, Default)]
pub struct Pace {
    folder: Duration,
    journal: Duration,
    whole: Duration,
}

const JOURNAL: &str = "journal.json";

/// Lets the run end. `work` is the folder that it works in.
pub fn pace(mut command: Command, work: &Path) -> Pace {
    let start = Instant::now();
    let mut child = command.spawn().unwrap();
    await_there(&mut child, work);
    let folder = start.elapsed();
    await_there(&mut child, &work.join(JOURNAL));
    let journal = start.elapsed();
    assert!(child.wait().unwrap().success(), "{command:?}");
    Pace {
        folder,
        journal,
        whole: start.elapsed(),
    }
}

/// By turns at any time, while the texts are put aside, and while they come into their places.
pub fn kill(mut command: Command, pace: &Pace, work: &Path, number: u32) {
    let mut child = command.spawn().unwrap();
    let span = match number % 4 {
        0 => pace.whole,
        1 => {
            await_there(&mut child, work);
            pace.journal.saturating_sub(pace.folder)
        }
        _ => {
            await_there(&mut child, &work.join(JOURNAL));
            pace.whole.saturating_sub(pace.journal)
        }
    };
    thread::sleep(span.mul_f64(random()));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Returns as well when the program has ended.
fn await_there(child: &mut Child, path: &Path) {
    while !path.exists() && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_micros(200));
    }
}

/// From 0 to 1.
fn random() -> f64 {
    (RandomState::new().build_hasher().finish() % 1000) as f64 / 1000.0
}
