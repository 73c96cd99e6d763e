//! A line that counts, for work that takes longer than a moment.

use std::{
    io::{self, Write},
    time::{Duration, Instant},
};

use super::Report;

/// Removes the line when dropped.
pub struct Progress {
    total: usize,
    shown: bool,
    since: Instant,
    drawn: bool,
}

impl Progress {
    const MOMENT: Duration = Duration::from_millis(300);

    pub fn step(&mut self, done: usize) {
        if self.shown && self.since.elapsed() > Self::MOMENT {
            self.drawn = true;
            let _ = write!(io::stderr(), "\r  writing {done} of {}", self.total);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r{:40}\r", "");
        }
    }
}

impl Report {
    pub fn progress(&self, total: usize) -> Progress {
        let shown = self.shows_progress();
        Progress {
            total,
            shown,
            since: Instant::now(),
            drawn: false,
        }
    }
}
