//! A program that keeps running: the person's server, or a provider for trials. It and all that it starts are one
//! group, which is stopped in the end, whatever happens. Starts and stops processes, nothing else.
#![expect(clippy::disallowed_methods, reason = "the only starter of processes")]

mod patience;

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

use self::patience::Patience;
use super::{group, interrupt::Interrupt};
use crate::refusal::{Exit, Problem, Refusal};

const MOMENT: Duration = Duration::from_millis(100);
/// How many lines are kept for when it fails.
const LAST_WORDS: usize = 20;

pub struct Server {
    /// The command, as it was typed.
    command: String,
    child: Child,
    lines: Receiver<Line>,
    last: VecDeque<String>,
    patience: Patience,
}

/// The words of a command, split as a shell would.
///
/// # Errors
/// A `Refusal` if it is none.
pub fn words(command: &str) -> Result<Vec<String>> {
    let words = shlex::split(command).filter(|words| !words.is_empty());
    words.ok_or_else(|| Refusal::usage(format!("`{command}` is not a command")).into())
}

/// What a program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Output(String),
    Error(String),
}

impl Line {
    pub fn text(&self) -> &str {
        match self {
            Self::Output(text) | Self::Error(text) => text,
        }
    }
}

impl Server {
    /// Starts `command` without a shell.
    ///
    /// # Errors
    /// A `Refusal` if it is no command or cannot be started.
    pub fn start(command: &str, root: &Path, variables: &[(String, String)]) -> Result<Self> {
        let words = words(command)?;
        let mut program = Command::new(&words[0]);
        program
            .args(&words[1..])
            .current_dir(root)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        group::separate(&mut program);
        let mut child = program
            .spawn()
            .map_err(|error| Refusal::failed(format!("cannot start `{}`: {error}", words[0])))?;
        let (sender, lines) = channel();
        listen(child.stdout.take(), Line::Output, sender.clone());
        listen(child.stderr.take(), Line::Error, sender);
        Ok(Self {
            command: command.to_owned(),
            child,
            lines,
            last: VecDeque::new(),
            patience: Patience::new(Instant::now()),
        })
    }

    /// Goes on until `is_ready`, which is asked often and gets the lines that came since. `otherwise` says what is the
    /// case as long as it is not.
    ///
    /// # Errors
    /// A `Refusal` if the program ends, takes too long, or somebody interrupts.
    pub fn wait(
        &mut self,
        interrupt: &Interrupt,
        otherwise: &str,
        mut is_ready: impl FnMut(&[Line]) -> bool,
    ) -> Result<()> {
        loop {
            let lines = self.heard();
            if is_ready(&lines) {
                return Ok(());
            }
            interrupt.check()?;
            if let Some(status) = self.child.try_wait()? {
                return Err(self.ended(status));
            }
            if self.patience.is_over(Instant::now()) {
                let what = format!("`{}` runs, but {otherwise}", self.command);
                return Err(self.refusal(what));
            }
            thread::sleep(MOMENT);
        }
    }

    /// What it printed since this was asked.
    pub fn heard(&mut self) -> Vec<Line> {
        let lines: Vec<Line> = self.lines.try_iter().collect();
        for line in &lines {
            self.patience.hear(line.text(), Instant::now());
            self.last.push_back(line.text().to_owned());
        }
        let surplus = self.last.len().saturating_sub(LAST_WORDS);
        self.last.drain(..surplus);
        lines
    }

    fn ended(&mut self, status: ExitStatus) -> anyhow::Error {
        // Its last lines may still be on their way.
        thread::sleep(MOMENT);
        self.heard();
        let what = format!("`{}` ended before it served: {status}", self.command);
        self.refusal(what)
    }

    fn refusal(&self, what: String) -> anyhow::Error {
        let words: Vec<&str> = self.last.iter().map(String::as_str).collect();
        let problem = match words.is_empty() {
            true => Problem::new(what).hint("it printed nothing"),
            false => Problem::new(what).hint(format!("its last words:\n{}", words.join("\n"))),
        };
        Refusal::many(Exit::Failed, vec![problem]).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        group::stop(&mut self.child);
    }
}

/// Reads lines in a thread of its own, so that the program never waits for somebody to read.
fn listen(
    stream: Option<impl Read + Send + 'static>,
    kind: fn(String) -> Line,
    sender: Sender<Line>,
) {
    let Some(stream) = stream else { return };
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if sender.send(kind(text)).is_err() {
                break;
            }
            line.clear();
        }
    });
}

#[cfg(test)]
mod tests;
