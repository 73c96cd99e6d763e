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

/// How long ago the provider may have confirmed a login when it is refreshed, and a bit.
const CONFIRMED: Duration = Duration::from_secs(32);
/// The longest `state` of a client that the server accepts; it has to keep it.
const MAX_STATE: usize = 2048;
/// Logins before each measurement.
const WARM_UP: usize = 40;

/// How often repeatable calls are measured in a round.
const TURNS: usize = 3;

/// How much is done.
pub struct Plan {
    pub rounds: usize,
    /// Tool calls of each kind in each round.
    pub calls: usize,
    /// Logins with each store in each round.
    pub logins: usize,
    /// How many strangers come, twice.
    pub crowd: usize,
    /// Whether to wait until the provider has to be asked again. Without that, some figures mean nothing.
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
    cores.keep_to_ours()?;
    let scene = Scene {
        open: path(programs.open)?,
        protected: path(programs.protected)?,
        provider: Provider::start(&path(programs.provider)?)?,
        // Not a link resolved: one program can have several names.
        redis: Redis::start(Path::new(programs.redis), &folder.join("redis"))?,
        folder,
        cores,
    };
    scene.logins_and_calls(plan)?;
    scene.registrations(plan.crowd)?;
    scene.abandoned(plan.crowd)?;
    scene.unfinished(plan.crowd)
}

/// A server with its store, and who is logged in.
struct Side {
    store: &'static str,
    server: Server,
    logins: Vec<Login>,
    /// A request with a token that the server knows.
    seen: Vec<u8>,
    /// Requests with the tokens of the logins.
    unseen: Vec<Vec<u8>>,
}

impl Scene {
    fn start(&self, binary: &Path, store: &str) -> Result<Server> {
        let mut settings: Settings = self.provider.settings.clone();
        for (name, value) in [
            ("STORE_URL", store),
            // Visitors come from many addresses.
            ("TRUSTED_PROXY_HOPS", "1"),
            // When memory is full, each refusal is an error in the log.
            ("RUST_LOG", "off"),
        ] {
            settings.push((name.to_owned(), value.to_owned()));
        }
        let server = Server::start(binary, &settings, &self.cores)?;
        server.first_answer(&http::health())?;
        Ok(server)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn side(&self, store: &'static str, address: &str) -> Result<Side> {
        let server = self.start(&self.protected, address)?;
        let warm_up = visit(&server, WARM_UP, |visitor, _| visitor.log_in())?;
        let login = warm_up.results.first().ok_or("nobody logged in")?;
        Ok(Side {
            seen: http::call(Some(&login.access_token)),
            store,
            server,
            logins: Vec::new(),
            unseen: Vec::new(),
        })
    }

    fn logins_and_calls(&self, plan: &Plan) -> Result<()> {
        let open = self.start(&self.open, "memory:")?;
        let file = self.file("logins");
        let mut sides = [
            self.side("file", &url(&file))?,
            self.side("redis", &self.redis.address)?,
        ];
        println!("file\tbefore-logins\t{}", kib(&file)?);
        for round in 0..plan.rounds {
            for side in &mut sides {
                side.log_in(plan.logins)?;
            }
            if round == 0 {
                println!("file\tafter-logins\t{}", kib(&file)?);
            }
            for side in &mut sides {
                side.refresh("refresh")?;
                side.unseen = side.logins.iter().map(call).collect();
            }
            for side in &sides {
                side.first_seen().print(&side.seen)?;
            }
            for turn in 0..TURNS {
                self.calls(plan.calls, &open, &sides, round + turn)?;
            }
            if plan.patience {
                sleep(CONFIRMED);
            }
            for side in &mut sides {
                side.refresh("confirmed")?;
            }
        }
        Ok(())
    }

    /// Calls that can be repeated, in another order each time.
    fn calls(&self, count: usize, open: &Server, sides: &[Side; 2], turn: usize) -> Result<()> {
        let [file, redis] = sides;
        let stranger = http::call(None);
        let case = |name: &str, server, request, status| Case {
            name: name.to_owned(),
            server,
            requests: from_ref(request),
            count,
            status,
        };
        let mut cases = [
            case("open", open, &stranger, 200),
            case("warm-file", &file.server, &file.seen, 200),
            case("warm-redis", &redis.server, &redis.seen, 200),
            case("no-token", &file.server, &stranger, 401),
        ];
        let shift = turn % cases.len();
        cases.rotate_left(shift);
        cases.iter().try_for_each(|case| case.print(&file.seen))
    }

    /// Strangers register. Nothing of that is to stay.
    fn registrations(&self, crowd: usize) -> Result<()> {
        let file = self.file("registrations");
        let server = self.start(&self.protected, &url(&file))?;
        watch("registration", &server, Some(&file), crowd, |visitor| {
            visitor.register().map(drop)
        })
    }

    /// Strangers begin logins and never answer the question. Nothing of that is to stay either.
    fn abandoned(&self, crowd: usize) -> Result<()> {
        let file = self.file("abandoned");
        let server = self.start(&self.protected, &url(&file))?;
        let client_id = one(&server)?.register()?;
        watch("abandoned", &server, Some(&file), crowd, |visitor| {
            visitor.begin(&client_id, "load").map(drop)
        })
    }

    /// Strangers say yes and never come back from the provider. When memory is full, more of them are refused.
    fn unfinished(&self, crowd: usize) -> Result<()> {
        let (file, large) = (self.file("unfinished"), "x".repeat(MAX_STATE));
        let places = [
            ("unfinished-memory", "memory:".to_owned(), None, "load"),
            ("large-memory", "memory:".to_owned(), None, large.as_str()),
            ("unfinished-file", url(&file), Some(file.as_path()), "load"),
        ];
        for (name, address, file, state) in places {
            let server = self.start(&self.protected, &address)?;
            let client_id = one(&server)?.register()?;
            watch(name, &server, file, crowd, |visitor| {
                let page = visitor.begin(&client_id, state)?;
                visitor.approve_or_be_refused(&page).map(drop)
            })?;
        }
        Ok(())
    }
}

impl Side {
    fn log_in(&mut self, count: usize) -> Result<()> {
        let visits = visit(&self.server, count, |visitor, _| visitor.log_in())?;
        self.keep("login", visits);
        Ok(())
    }

    /// Refreshes every login.
    fn refresh(&mut self, name: &str) -> Result<()> {
        let logins = &self.logins;
        let visits = visit(&self.server, logins.len(), |visitor, number| {
            visitor.refresh(&logins[number])
        })?;
        self.keep(name, visits);
        Ok(())
    }

    fn keep(&mut self, name: &str, visits: Visits<Login>) {
        visits.print(&format!("{name}-{}", self.store));
        self.logins = visits.results;
    }

    /// A call with each token.
    fn first_seen(&self) -> Case<'_> {
        Case {
            name: format!("first-seen-{}", self.store),
            server: &self.server,
            requests: &self.unseen,
            count: self.unseen.len(),
            status: 200,
        }
    }
}

/// Looks at a server and its store before a crowd comes, after it, and after another one.
fn watch(
    name: &str,
    server: &Server,
    file: Option<&Path>,
    crowd: usize,
    what: impl Fn(&mut Visitor) -> Result<()> + Sync,
) -> Result<()> {
    let look = |when: &str| -> Result<()> {
        println!("rss\t{name}-{when}\t{}", server.memory()?);
        if let Some(file) = file {
            println!("file\t{name}-{when}\t{}", kib(file)?);
        }
        Ok(())
    };
    // The first visitors make the server fetch what it needs.
    visit(server, WARM_UP, |visitor, _| what(visitor))?;
    look("before")?;
    visit(server, crowd, |visitor, _| what(visitor))?.print(name);
    look("after")?;
    visit(server, crowd, |visitor, _| what(visitor))?;
    look("later")
}

fn one(server: &Server) -> Result<Visitor> {
    let mut visitor = Visitor::at(server.address())?;
    visitor.next();
    Ok(visitor)
}

fn call(login: &Login) -> Vec<u8> {
    http::call(Some(&login.access_token))
}

fn url(file: &Path) -> String {
    format!("file:{}", file.display())
}

fn kib(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file)?.len() / 1024)
}
