//! One authentication for the whole process, however many functions mount the MCP service.
//! Keeps what was read; what it does is in `guard.rs`.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::{Auth, Env};

static SHARED: Mutex<BTreeMap<String, Auth>> = Mutex::new(BTreeMap::new());

impl Auth {
    /// The authentication of the MCP service at `path`, such as `/mcp`, from the environment and `.env`. It is read
    /// once: all that ask for one path share it and its store. Prints all problems and ends the process if there are any.
    pub fn from_env_or_exit(path: &str) -> Self {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || Env::or_exit(|env| Self::read(env, path));
        shared.entry(path.to_owned()).or_insert_with(read).clone()
    }
}
