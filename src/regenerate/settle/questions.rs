//! The questions about one file, and about each of its places. Part of `settle`.

use anyhow::Result;

use super::{Open, edited};
use crate::{
    merge::{Answer, Place, Reason},
    prompt::{Ask, Choices, Reply},
    report::Report,
};

/// What can become of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    All(Answer),
    Editor,
    Each,
    Show,
}

const MINE: (Choice, &str) = (
    Choice::All(Answer::Mine),
    "mine     yours, where both changed the same",
);
const THEIRS: (Choice, &str) = (
    Choice::All(Answer::Theirs),
    "theirs   the templates', where both changed the same",
);
const MARKERS: (Choice, &str) = (
    Choice::All(Answer::Markers),
    "markers  both, with conflict markers, for later",
);
const EDITOR: (Choice, &str) = (Choice::Editor, "editor   open it in your editor, now");
const EACH: (Choice, &str) = (Choice::Each, "each     ask about each place on its own");
const SHOW: (Choice, &str) = (Choice::Show, "show     see both sides first");

impl Open<'_, '_> {
    /// Asks until there is an answer that can be taken: the bytes of the file.
    pub(super) fn put(&self, ask: &mut dyn Ask, report: &mut Report) -> Result<Reply<Vec<u8>>> {
        let mut choices = vec![MINE, THEIRS, MARKERS, EDITOR, SHOW];
        if self.conflict.count() > 1 {
            choices.insert(4, EACH);
        }
        let label = self.label();
        let mut draft = self.all(Answer::Markers);
        loop {
            let Reply::Answer(choice) = choose(ask, &label, &choices)? else {
                return Ok(Reply::Back);
            };
            let answer = match choice {
                Choice::Show => {
                    report.conflict(self.file)?;
                    continue;
                }
                Choice::All(Answer::Markers) => {
                    return Ok(Reply::Answer(self.all(Answer::Markers)));
                }
                Choice::All(answer) => self.all(answer),
                Choice::Each => match self.put_each(ask, report)? {
                    Reply::Answer(bytes) => bytes,
                    Reply::Back => continue,
                },
                Choice::Editor => match edited::edited(self, &draft, report)? {
                    Some(bytes) => {
                        draft.clone_from(&bytes);
                        match edited::unfinished(&bytes) {
                            None => bytes,
                            Some(why) => {
                                report.note(&why);
                                continue;
                            }
                        }
                    }
                    None => continue,
                },
            };
            match edited::problem(self, &answer) {
                None => return Ok(Reply::Answer(answer)),
                Some(why) => {
                    report.note(&format!("that would be no valid {}: {why}", self.file.path))
                }
            }
        }
    }

    /// One question for each place; Esc at the first one leaves them.
    fn put_each(&self, ask: &mut dyn Ask, report: &mut Report) -> Result<Reply<Vec<u8>>> {
        let places = self.conflict.places();
        let mut answers = Vec::new();
        while let Some(place) = places.get(answers.len()) {
            let label = self.label_of(place, answers.len() + 1, places.len());
            match choose(ask, &label, &[MINE, THEIRS, MARKERS, SHOW])? {
                Reply::Answer(Choice::All(answer)) => answers.push(answer),
                Reply::Answer(_) => report.conflict(self.file)?,
                Reply::Back if answers.pop().is_none() => return Ok(Reply::Back),
                Reply::Back => {}
            }
        }
        Ok(Reply::Answer(self.conflict.settle(&answers)))
    }

    fn all(&self, answer: Answer) -> Vec<u8> {
        self.conflict.settle(&vec![answer; self.conflict.count()])
    }

    fn label(&self) -> String {
        let path = &self.file.path;
        let places = self.conflict.places();
        let first = places.first().map_or(1, |place| place.line);
        match (&self.conflict.reason, places.len()) {
            (Reason::Invalid(_) | Reason::Unclear, _) => {
                format!("{path}: both changed it, and not together")
            }
            (Reason::Overlap, 1) => format!("{path}:{first}: both changed this"),
            (Reason::Overlap, 2) => format!("{path}:{first} and 1 more place: both changed this"),
            (Reason::Overlap, count) => {
                format!(
                    "{path}:{first} and {} more places: both changed this",
                    count - 1
                )
            }
        }
    }

    fn label_of(&self, place: &Place<'_>, number: usize, count: usize) -> String {
        format!("{}:{} ({number} of {count})", self.file.path, place.line)
    }
}

fn choose(ask: &mut dyn Ask, label: &str, choices: &[(Choice, &str)]) -> Result<Reply<Choice>> {
    let question = Choices {
        label,
        items: choices.iter().map(|(_, text)| (*text).to_owned()).collect(),
        start: 0,
    };
    Ok(match ask.choose(&question)? {
        Reply::Answer(index) => Reply::Answer(choices.get(index).map_or(Choice::Show, |it| it.0)),
        Reply::Back => Reply::Back,
    })
}
