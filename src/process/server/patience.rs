//! How long a program is waited for. Pure.

use std::time::{Duration, Instant};

/// How long it may take until it serves: cargo is silent while it links.
const UNTIL_READY: Duration = Duration::from_secs(300);
/// And once cargo has started what it built, however much that prints.
const WHEN_BUILT: Duration = Duration::from_secs(60);

/// What cargo prints as long as it gets on.
const PROGRESS: [&str; 3] = ["Compiling ", "Downloaded ", "Downloading "];

pub struct Patience {
    ends: Instant,
    is_built: bool,
}

impl Patience {
    pub fn new(now: Instant) -> Self {
        Self {
            ends: now + UNTIL_READY,
            is_built: false,
        }
    }

    /// Only cargo's progress renews it: a server that logs, but serves elsewhere, would be waited for without end.
    pub fn hear(&mut self, line: &str, now: Instant) {
        let line = line.trim_start();
        if self.is_built {
            return;
        }
        if line.starts_with("Running `") {
            self.is_built = true;
            self.ends = now + WHEN_BUILT;
        } else if PROGRESS.iter().any(|word| line.starts_with(word)) {
            self.ends = now + UNTIL_READY;
        }
    }

    pub fn is_over(&self, now: Instant) -> bool {
        now > self.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOMENT: Duration = Duration::from_secs(1);

    /// Hears this line every second, and says after how many it is over.
    fn lasts(patience: &mut Patience, start: Instant, line: &str) -> u32 {
        for second in 1..2000 {
            let now = start + MOMENT * second;
            if patience.is_over(now) {
                return second;
            }
            patience.hear(line, now);
        }
        u32::MAX
    }

    #[test]
    fn a_server_that_logs_is_not_waited_for_without_end() {
        let start = Instant::now();
        let mut patience = Patience::new(start);
        assert_eq!(lasts(&mut patience, start, "INFO serving on port 9"), 301);
    }

    #[test]
    fn what_is_built_gets_a_shorter_time_once() {
        let start = Instant::now();
        let mut patience = Patience::new(start);
        patience.hear("     Running `target/debug/dice`", start);
        assert_eq!(lasts(&mut patience, start, "     Running `again`"), 61);
    }

    #[test]
    fn a_build_may_take_as_long_as_it_gets_on() {
        let start = Instant::now();
        let mut patience = Patience::new(start);
        let line = "   Compiling serde v1.0.0";
        assert_eq!(lasts(&mut patience, start, line), u32::MAX);
    }
}
