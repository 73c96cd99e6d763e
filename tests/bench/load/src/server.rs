//! A server process on a processor core of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    time::{clock_getcpuclockid, clock_gettime},
    unistd::Pid,
};

use crate::{
    Result,
    http::Connections,
    neighbours::Running,
    tokens::{BASE_URL, ISSUER, Issuer},
};

/// One core for the servers and another for the one who asks, when there are two.
pub struct Cores(Option<[CpuSet; 2]>);

impl Cores {
    /// The first two cores that this process may use.
    pub fn find() -> Result<Self> {
        let allowed = sched_getaffinity(Pid::from_raw(0))?;
        let mut cores = (0..CpuSet::count()).filter(|core| allowed.is_set(*core).unwrap_or(false));
        let mut next = || {
            let core = cores.next()?;
            let mut set = CpuSet::new();
            set.set(core).ok().map(|()| set)
        };
        Ok(Self(
            next().zip(next()).map(|(first, second)| [first, second]),
        ))
    }

    /// Puts this process, and what it starts from now on, on the core of the one who asks.
    pub fn keep_to_ours(&self) -> Result<()> {
        self.for_server(|| ())
    }

    /// Does something whose child processes stay on the servers' core; this process goes to the other.
    fn for_server<T>(&self, start: impl FnOnce() -> T) -> Result<T> {
        let Some([asker, server]) = &self.0 else {
            return Ok(start());
        };
        sched_setaffinity(Pid::from_raw(0), server)?;
        let started = start();
        sched_setaffinity(Pid::from_raw(0), asker)?;
        Ok(started)
    }
}

/// Environment variables.
pub type Settings = Vec<(String, String)>;

/// Where a server gets the issuer's public key from.
#[derive(Clone, Copy)]
pub enum Key<'a> {
    /// A PEM file.
    File(&'a Path),
    /// A key set at this address.
    Set(SocketAddr),
}

impl Key<'_> {
    /// What makes a server trust the issuer.
    pub fn settings(self) -> Settings {
        let (name, place) = match self {
            Self::File(path) => ("JWT_PUBLIC_KEY", path.display().to_string()),
            Self::Set(address) => ("AUTH_JWKS_URL", format!("http://{address}/jwks.json")),
        };
        vec![
            ("AUTH_ISSUER".to_owned(), ISSUER.to_owned()),
            (name.to_owned(), place),
        ]
    }
}

/// Publishes the issuer's key set, as long as this process lives.
pub fn publish(issuer: &Issuer) -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let set = issuer.key_set()?;
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{set}",
        set.len()
    );
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n")
                && stream.read(&mut byte).is_ok_and(|read| read == 1)
            {
                request.push(byte[0]);
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    Ok(address)
}

/// A running server; stopped when dropped.
pub struct Server {
    process: Running,
    address: SocketAddr,
    started: Instant,
}

impl Server {
    /// Starts a server with these settings.
    pub fn start(binary: &Path, settings: &Settings, cores: &Cores) -> Result<Self> {
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(binary);
        command
            .env_clear()
            .env("BASE_URL", BASE_URL)
            .env("BIND_ADDR", address.to_string())
            .env("RUST_LOG", "warn")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .current_dir(binary.parent().unwrap_or(Path::new(".")))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let started = Instant::now();
        let process = Running(cores.for_server(|| command.spawn())??);
        Ok(Self {
            process,
            address,
            started,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How long it took from the start of the process to the answer to this request.
    pub fn first_answer(&self, request: &Vec<u8>) -> Result<Duration> {
        while TcpStream::connect(self.address).is_err() {
            if self.started.elapsed() > Duration::from_secs(20) {
                return Err("the server does not listen".into());
            }
            std::thread::sleep(Duration::from_micros(50));
        }
        Connections::open(self.address, 1)?.ask(std::slice::from_ref(request), 1, 200)?;
        Ok(self.started.elapsed())
    }

    /// User and system time of all its threads so far.
    pub fn cpu_time(&self) -> Result<Duration> {
        let clock = clock_getcpuclockid(self.pid()?)?;
        Ok(clock_gettime(clock)?.into())
    }

    /// Its resident memory in KiB.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid()?))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    fn pid(&self) -> Result<Pid> {
        Ok(Pid::from_raw(self.process.0.id().try_into()?))
    }
}
