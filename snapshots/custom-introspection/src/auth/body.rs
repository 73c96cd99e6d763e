//! Reads the bodies of requests, within bounds: whole, or what is left of one that was refused.
//! Looks into none.

use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::timeout;

use super::refusal::Refusal;

/// The longest request body, the same as rmcp's own limit.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// The most that is read of a body that nobody needs, and for how long.
const MAX_REST_BYTES: usize = 64 * 1024;
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// The whole body.
///
/// # Errors
/// Refuses one that is too long, too slow, or breaks off.
pub async fn read(body: &mut Body) -> Result<Bytes, Refusal> {
    let whole = Limited::new(body, MAX_BODY_BYTES).collect();
    match timeout(BODY_TIMEOUT, whole).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::LargeBody),
        Ok(Err(_)) => Err(Refusal::NotJsonRpc),
        Err(_) => Err(Refusal::SlowBody),
    }
}

/// Takes in what is left of the body of a refused request; tells whether that was all of it.
///
/// A connection on which something is left unread cannot be used again, and is closed after the answer. A client that
/// is not told of it sends its next request there, the one with the new token, and gets no answer.
pub async fn finish(body: Body) -> bool {
    let rest = Limited::new(body, MAX_REST_BYTES).collect();
    matches!(timeout(REST_TIMEOUT, rest).await, Ok(Ok(_)))
}
