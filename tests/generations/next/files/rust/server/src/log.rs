//! What the log holds and how it looks: `RUST_LOG` chooses, `LOG_COLOR` colours. It goes to standard error.

use std::io::{IsTerminal, stderr};

use tracing_subscriber::EnvFilter;

use crate::auth::Env;

/// Begins to log; rmcp tells of every request at `info`.
pub fn init(env: &mut Env) -> Option<()> {
    let filter = env
        .get("RUST_LOG")
        .unwrap_or_else(|| "info,rmcp=warn".to_owned());
    let Ok(filter) = EnvFilter::try_new(&filter) else {
        env.problem("RUST_LOG is not a filter, for example RUST_LOG=info");
        return None;
    };
    let coloured = env.parse("LOG_COLOR", stderr().is_terminal(), "false")?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(coloured)
        .init();
    Some(())
}
