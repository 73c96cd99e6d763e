//! A generated server that is its own authorization server: what calls cost with its tokens, what logins cost, and
//! what it keeps of strangers who only begin.
//!
//! Prints `cpu` per request, login or refresh; besides `rate`, how many of them ended in a second, `rss`, the memory
//! of a server in KiB, and `file`, the size of its store in KiB.

use std::{
    fs,
    path::{Path, PathBuf},
    slice::from_ref,
    thread::sleep,
    time::Duration,
};

use crate::{
    Result,
    calls::Case,
    crowd::{Visits, visit},
    http,
    login::{Login, Visitor},
    neighbours::{Provider, Redis},
    server::{Cores, Server, Settings},
};

/// For how long the server believes without looking that a login still counts, and a bit.
const BELIEVED: Duration = Duration::from_secs(11);
/// How long ago the provider may have confirmed a login when it is refreshed, and a bit.
const CONFIRMED: Duration = Duration::from_secs(32);
/// Logins before each measurement.
const WARM_UP: usize = 40;

/// How much is done.
pub struct Plan {
    pub rounds: usize,
    /// Tool calls of each kind in each round.
    pub calls: usize,
    /// Logins with each store in each round.
    pub logins: usize,
    /// How many strangers come, twice.
    pub crowd: usize,
    /// Whether to wait until the server has to look again. Without that, some figures mean nothing.
    pub patience: bool,
}

/// Paths: the server without authentication, with it, the provider, Redis.
pub struct Programs<'a> {
    pub open: &'a str,
    pub protected: &'a str,
    pub provider: &'a str,
    pub redis: &'a str,
}

/// What all measurements need.
struct Scene {
    cores: Cores,
    open: PathBuf,
    protected: PathBuf,
    provider: Provider,
    redis: Redis,
    /// For files.
    folder: PathBuf,
}

/// Measures all of it; writes below `work`.
pub fn measure(plan: &Plan, work: &str, programs: &Programs<'_>) -> Result<()> {
    let path = |text| PathBuf::from(text).canonicalize();
    let folder = path(work)?.join("stores");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    // This process goes to its core first, and takes along what it starts.
    let cores = Cores::find()?;
    cores.for_server(|| ())?;
    let scene = Scene {
        open: path(programs.open)?,
        protected: path(programs.protected)?,
        provider: Provider::start(&path(programs.provider)?)?,
        redis: Redis::start(&path(programs.redis)?, &folder.join("redis"))?,
        folder,
        cores,
    };
    scene.logins_and_calls(plan)?;
    scene.registrations(plan.crowd)?;
    scene.abandoned(plan.crowd)?;
    scene.unfinished("memory", "memory:", plan.crowd)?;
    scene.unfinished("file", &scene.file("unfinished"), plan.crowd)
}

/// The names of the figures of one store.
struct Names {
    login: &'static str,
    refresh: &'static str,
    confirmed: &'static str,
    first_seen: &'static str,
    warm: &'static str,
    looked_up: &'static str,
}

const FILE: Names = Names {
    login: "login-file",
    refresh: "refresh-file",
    confirmed: "confirmed-file",
    first_seen: "first-seen-file",
    warm: "warm-file",
    looked_up: "looked-up-file",
};
const REDIS: Names = Names {
    login: "login-redis",
    refresh: "refresh-redis",
    confirmed: "confirmed-redis",
    first_seen: "first-seen-redis",
    warm: "warm-redis",
    looked_up: "looked-up-redis",
};

/// A server with its store, and who is logged in.
struct Side<'a> {
    names: &'a Names,
    server: Server,
    /// Requests with tokens that were not shown yet, and the logins that they are of.
    requests: Vec<Vec<u8>>,
    logins: Vec<Login>,
    /// A request with a token that was.
    seen: Vec<u8>,
}

impl Scene {
    fn file(&self, name: &str) -> String {
        format!("file:{}", self.folder.join(name).display())
    }

    fn start(&self, binary: &Path, store: &str) -> Result<Server> {
        let mut settings: Settings = self.provider.settings.clone();
        settings.push(("STORE_URL".to_owned(), store.to_owned()));
        // Visitors come from many addresses.
        settings.push(("TRUSTED_PROXY_HOPS".to_owned(), "1".to_owned()));
        let server = Server::start(binary, &settings, &self.cores)?;
        server.first_answer(&http::health())?;
        Ok(server)
    }

    fn logins_and_calls(&self, plan: &Plan) -> Result<()> {
        let open = self.start(&self.open, "memory:")?;
        let mut sides = [
            (&FILE, self.file("logins")),
            (&REDIS, self.redis.address.clone()),
        ]
        .map(|(names, store)| self.side(names, &store));
        for round in 0..plan.rounds {
            for side in &mut sides {
                side.as_mut().map_err(|error| error.to_string())?.log_in(plan.logins)?;
            }
            let [file, redis] = &sides;
            let (Ok(file), Ok(redis)) = (file, redis) else {
                return Err("no server".into());
            };
            calls(round, plan.calls, &open, [file, redis])?;
            if plan.patience {
                sleep(BELIEVED);
            }
            for side in [file, redis] {
                report(side.names.looked_up, side.once(side.names.looked_up)?);
            }
            if plan.patience {
                sleep(CONFIRMED - BELIEVED);
            }
            for side in [file, redis] {
                side.refresh(side.names.confirmed)?;
            }
        }
        Ok(())
    }
}
