//! Records in a Redis or Valkey server, for several instances of this server. It does the work itself: each
//! operation is one command, and it forgets what has ended.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::future::FutureExt;
use redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo, ProtocolVersion,
    RedisError,
    aio::{MultiplexedConnection, SendError},
    cmd,
};
use tokio::{sync::Mutex, time::timeout};

use super::{Answer, Backend, Key, Outage, When};

/// How long connecting may take, and a command.
const STEP: Duration = Duration::from_secs(1);
/// How long all of it may take, waiting for others included.
const PATIENCE: Duration = Duration::from_secs(2);
/// What all keys begin with: the server may hold other things.
const PREFIX: &str = "mcp-auth:";

/// The store `redis://…` or `rediss://…`.
pub struct Redis {
    client: Client,
    /// The latest connection: one carries the commands of all requests.
    latest: Mutex<Option<Connection>>,
}

#[derive(Clone)]
struct Connection {
    commands: MultiplexedConnection,
    is_lost: Arc<AtomicBool>,
}

impl Redis {
    /// A store at this address. Connects when it is first used, and again when the connection is lost.
    ///
    /// # Errors
    /// That the address cannot be used. It is not repeated: it may hold a password.
    pub fn new(url: &str) -> Result<Self, String> {
        let client = url.into_connection_info().and_then(|info| {
            // Redis 6 and later tell of a lost connection in this version.
            let settings = info.redis_settings().clone();
            let settings = settings.set_protocol(ProtocolVersion::RESP3);
            Client::open(info.set_redis_settings(settings))
        });
        let client = client.map_err(|_| {
            "is not the address of a Redis, for example STORE_URL=rediss://:PASSWORD@redis.example.com:6379"
        })?;
        Ok(Self {
            client,
            latest: Mutex::default(),
        })
    }

    fn run<T: FromRedisValue>(&self, command: Cmd) -> Answer<'_, T> {
        async move {
            match timeout(PATIENCE, self.ask(&command)).await {
                Ok(answer) => answer.map_err(|error| Outage(format!("Redis: {error}"))),
                Err(_) => Err(Outage("Redis: no answer in time".to_owned())),
            }
        }
        .boxed()
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let mut connection = self.connection().await?;
        let answer = command.query_async(&mut connection.commands).await;
        let breaks_off = |error: &RedisError| error.is_io_error() || error.is_unrecoverable_error();
        if answer.as_ref().is_err_and(breaks_off) {
            // A command may have been done or not, so it is not repeated.
            connection.is_lost.store(true, Ordering::Relaxed);
        }
        answer
    }

    /// The connection, made anew if it is lost.
    async fn connection(&self) -> Result<Connection, RedisError> {
        let mut latest = self.latest.lock().await;
        let is_usable = |connection: &&Connection| !connection.is_lost.load(Ordering::Relaxed);
        if let Some(connection) = latest.as_ref().filter(is_usable) {
            return Ok(connection.clone());
        }
        let is_lost = Arc::new(AtomicBool::new(false));
        let tells = is_lost.clone();
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(STEP))
            .set_response_timeout(Some(STEP))
            .set_push_sender(move |_| {
                // Nothing was subscribed to, so this can only be its end.
                tells.store(true, Ordering::Relaxed);
                Ok::<(), SendError>(())
            });
        let client = &self.client;
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        let commands = connecting.await?;
        let connection = Connection { commands, is_lost };
        *latest = Some(connection.clone());
        Ok(connection)
    }
}

impl Backend for Redis {
    fn get(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.run(named("GET", &key))
    }

    fn put(&self, key: Key, value: Vec<u8>, lifetime: Duration, when: When) -> Answer<'_, bool> {
        let milliseconds = u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX);
        let mut command = named("SET", &key);
        command.arg(value).arg(match when {
            When::Absent => "NX",
            When::Present => "XX",
        });
        command.arg("PX").arg(milliseconds.max(1));
        let done = self.run::<Option<String>>(command);
        done.map(|done| Ok(done?.is_some())).boxed()
    }

    fn take(&self, key: Key) -> Answer<'_, Option<Vec<u8>>> {
        self.run(named("GETDEL", &key))
    }
}

fn named(command: &str, key: &Key) -> Cmd {
    let mut command = cmd(command);
    command.arg(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(key)));
    command
}
