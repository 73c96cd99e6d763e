//! Decides what becomes of the files that both sides changed: as a flag says, or as the person answers.
//! Asks through `Ask`; Esc takes the last answer back.

mod edited;
mod questions;

use anyhow::Result;

use crate::{
    cli::OnConflict,
    merge::{Answer, Conflict, Decision, Reason},
    prompt::{Ask, Reply},
    relative::RelativePath,
    renewal::{Renewal, Renewed, Settled, Settlement},
    report::Report,
};

#[derive(Clone)]
pub struct Settling<'a, 'i> {
    open: Vec<Open<'a, 'i>>,
    settled: Settled,
}

/// A file that somebody is asked about.
#[derive(Clone, Copy)]
struct Open<'a, 'i> {
    file: &'a Renewed<'i>,
    conflict: &'a Conflict,
}

impl<'a, 'i> Settling<'a, 'i> {
    pub fn new(renewal: &'a Renewal<'i>, how: Option<OnConflict>) -> Self {
        let mut settling = Self {
            open: Vec::new(),
            settled: Settled::new(),
        };
        for file in &renewal.files {
            match (&file.decision, how) {
                (Decision::Conflict(conflict), Some(how)) => {
                    settling.keep(&file.path, by_flag(conflict, how));
                }
                (Decision::Conflict(conflict), None) => {
                    settling.open.push(Open { file, conflict });
                }
                (Decision::Beside(_) | Decision::NotMergeable(_), Some(OnConflict::Mine)) => {
                    settling.keep(&file.path, Settlement::AsItIs);
                }
                _ => {}
            }
        }
        settling
    }

    pub fn settled(&self) -> &Settled {
        &self.settled
    }

    pub fn is_open(&self) -> bool {
        self.open.len() > self.answered()
    }

    /// Asks about each file that is open. Esc at a question takes the answer before it back.
    pub fn ask(&mut self, ask: &mut dyn Ask, report: &mut Report) -> Result<()> {
        while let Some(open) = self.open.get(self.answered()) {
            let path = open.file.path.clone();
            match open.put(ask, report)? {
                Reply::Answer(bytes) => self.keep(&path, Settlement::File(bytes)),
                Reply::Back => self.back(),
            }
        }
        Ok(())
    }

    /// Takes the last answer back, if one was asked for.
    pub fn back(&mut self) {
        if let Some(last) = self.answered().checked_sub(1) {
            self.settled.remove(&self.open[last].file.path);
        }
    }

    fn answered(&self) -> usize {
        let is_answered = |open: &&Open<'_, '_>| self.settled.contains_key(&open.file.path);
        self.open.iter().take_while(is_answered).count()
    }

    fn keep(&mut self, path: &RelativePath, settlement: Settlement) {
        self.settled.insert(path.clone(), settlement);
    }
}

fn by_flag(conflict: &Conflict, how: OnConflict) -> Settlement {
    let all = |answer| Settlement::File(conflict.settle(&vec![answer; conflict.count()]));
    match how {
        OnConflict::Markers => all(Answer::Markers),
        OnConflict::Mine => all(Answer::Mine),
        // all that its owner has changed would go with it
        OnConflict::Theirs if conflict.reason != Reason::Overlap => Settlement::Incoming,
        OnConflict::Theirs => all(Answer::Theirs),
        OnConflict::Incoming => Settlement::Incoming,
    }
}
