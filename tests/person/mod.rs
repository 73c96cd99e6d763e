//! Somebody at a terminal: reads what appears, types, and sees how it ends.
#![cfg(unix)]

use std::{process::Command, time::Duration};

use expectrl::{ControlCode, Eof, Expect, process::unix::WaitStatus, session::OsSession};

use crate::support::Sandbox;

pub const ENTER: &str = "\r";
#[allow(dead_code, reason = "each test binary uses its own part")]
pub const ESCAPE: &str = "\u{1b}";
#[allow(dead_code, reason = "each test binary uses its own part")]
pub const DOWN: &str = "\u{1b}[B";

/// `mcp-auth` with somebody who reads and types.
pub struct Person {
    session: OsSession,
}

impl Person {
    /// At `mcp-auth new`.
    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn at(sandbox: &Sandbox, args: &[&str]) -> Self {
        let args: Vec<&str> = ["new"].iter().chain(args).copied().collect();
        Self::with(sandbox, &args, |command| command.env_remove("CI"))
    }

    /// At `mcp-auth add`.
    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn adding(sandbox: &Sandbox, args: &[&str]) -> Self {
        let args: Vec<&str> = ["add"].iter().chain(args).copied().collect();
        Self::with(sandbox, &args, |command| command.env_remove("CI"))
    }

    /// At `mcp-auth adopt`.
    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn adopting(sandbox: &Sandbox, args: &[&str]) -> Self {
        let args: Vec<&str> = ["adopt"].iter().chain(args).copied().collect();
        Self::with(sandbox, &args, |command| command.env_remove("CI"))
    }

    /// At `mcp-auth regenerate`, with this editor or none.
    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn regenerating(sandbox: &Sandbox, args: &[&str], editor: &str) -> Self {
        let args: Vec<&str> = ["regenerate"].iter().chain(args).copied().collect();
        Self::with(sandbox, &args, |command| {
            let command = command.env_remove("CI").env_remove("VISUAL");
            match editor {
                "" => command.env_remove("EDITOR"),
                editor => command.env("EDITOR", editor),
            }
        })
    }

    /// A terminal that a CI service pretends to have.
    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn in_ci(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, &["new"], |command| command.env("CI", "true"))
    }

    fn with(
        sandbox: &Sandbox,
        args: &[&str],
        prepare: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-auth"));
        command
            .args(args)
            .current_dir(sandbox.path(""))
            .env("TERM", "xterm");
        prepare(&mut command);
        let mut session = OsSession::spawn(command).unwrap();
        session.set_expect_timeout(Some(Duration::from_secs(20)));
        Self { session }
    }

    #[track_caller]
    pub fn sees(&mut self, words: &str) -> &mut Self {
        if let Err(error) = self.session.expect(words) {
            panic!("{words:?} did not appear: {error}");
        }
        self
    }

    /// Waits until the question's last line is drawn, so that the keys belong to it.
    #[track_caller]
    pub fn is_asked(&mut self, question: &str) -> &mut Self {
        self.sees(question).sees("Ctrl-C stops")
    }

    pub fn types(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).unwrap();
        self
    }

    #[allow(dead_code, reason = "each test binary uses its own part")]
    pub fn presses_ctrl_c(&mut self) -> &mut Self {
        self.session.send(ControlCode::EndOfText).unwrap();
        self
    }

    #[track_caller]
    pub fn ends_with(&mut self, code: i32) {
        self.session.expect(Eof).unwrap();
        let status = self.session.get_process().wait().unwrap();
        assert!(
            matches!(status, WaitStatus::Exited(_, found) if found == code),
            "{status:?}"
        );
    }
}
