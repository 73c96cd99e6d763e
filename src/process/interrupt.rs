//! Ctrl-C while programs of ours run: it is noticed, so that they are stopped before this one ends.
//! Handles signals, nothing else.

use anyhow::Result;

use crate::refusal::{Exit, Problem, Refusal};

/// From when it is made until it is dropped, signals to end are noted instead of obeyed. One for a run: once the first
/// is dropped, signals are obeyed for good.
pub struct Interrupt {
    #[cfg(unix)]
    noted: unix::Noted,
}

impl Interrupt {
    /// # Errors
    /// The system does not allow it.
    pub fn watch() -> Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            noted: unix::Noted::new()?,
        })
    }

    /// # Errors
    /// A `Refusal` if somebody interrupted.
    pub fn check(&self) -> Result<()> {
        #[cfg(unix)]
        if self.noted.is_asked() {
            let what = "interrupted; what was started has been stopped";
            return Err(Refusal::many(Exit::Interrupted, vec![Problem::new(what)]).into());
        }
        Ok(())
    }
}

// Elsewhere the console tells all programs that run in it, and they end together.
#[cfg(unix)]
mod unix {
    use std::{
        io,
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
    };

    use signal_hook::{
        SigId,
        consts::{SIGHUP, SIGINT, SIGTERM},
        flag, low_level,
    };

    pub struct Noted {
        asked: Arc<AtomicBool>,
        /// Whoever handles a signal once does so for good: afterwards the usual is done by hand.
        over: Arc<AtomicBool>,
        handlers: Vec<SigId>,
    }

    impl Noted {
        pub fn new() -> io::Result<Self> {
            let mut noted = Self {
                asked: Arc::default(),
                over: Arc::default(),
                handlers: Vec::new(),
            };
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                flag::register_conditional_default(signal, noted.over.clone())?;
                let handler = flag::register(signal, noted.asked.clone())?;
                noted.handlers.push(handler);
            }
            Ok(noted)
        }

        pub fn is_asked(&self) -> bool {
            self.asked.load(Ordering::Relaxed)
        }
    }

    impl Drop for Noted {
        fn drop(&mut self) {
            self.over.store(true, Ordering::Relaxed);
            for handler in self.handlers.drain(..) {
                low_level::unregister(handler);
            }
        }
    }
}
