//! What an OAuth server needs around it: a provider that logs people in, and a Redis. Both stay on the core of the
//! one who asks: their time is not the server's.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{Result, server::Settings};

/// A process that ends when this is dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The provider for trials that comes with a generated server. It logs alice in without asking.
pub struct Provider {
    _process: Running,
    /// What points a server at it.
    pub settings: Settings,
}

impl Provider {
    /// Starts it.
    pub fn start(program: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        command.args(["--login", "alice", "--port", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(Stdio::null());
        let mut process = Running(command.spawn()?);
        let lines = process.0.stdout.take().ok_or("no output")?;
        let mut settings = Settings::new();
        for line in BufReader::new(lines).lines() {
            let line = line?;
            let (name, value) = line.split_once('=').ok_or("a line without `=`")?;
            settings.push((name.to_owned(), value.to_owned()));
            // The last one.
            if name == "AUTH_SIGNING_KEY" {
                return Ok(Self {
                    _process: process,
                    settings,
                });
            }
        }
        Err("the provider did not start".into())
    }
}

/// A Redis or Valkey server that writes its log of commands to the disk, as one does that is to lose nothing.
pub struct Redis {
    _process: Running,
    /// For `STORE_URL`.
    pub address: String,
}

impl Redis {
    /// Starts it with an empty folder of its own.
    pub fn start(program: &Path, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
            .local_addr()?
            .port();
        let mut command = Command::new(program);
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
        command.args(["--save", "", "--appendonly", "yes", "--dir"]);
        command.arg(folder).stdin(Stdio::null());
        command.stdout(Stdio::null());
        let process = Running(command.spawn()?);
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if started.elapsed() > Duration::from_secs(20) {
                return Err("Redis does not listen".into());
            }
            sleep(Duration::from_millis(5));
        }
        Ok(Self {
            _process: process,
            address: format!("redis://127.0.0.1:{port}"),
        })
    }
}
