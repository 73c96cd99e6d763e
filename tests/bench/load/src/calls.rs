//! What one kind of request costs a server.

use std::slice::from_ref;

use crate::{Result, http::Connections, server::Server};

/// Keep-alive connections with one request each: enough that the server always has work waiting.
const CONNECTIONS: usize = 32;
/// Requests before each measurement, which fill the caches of processor and allocator.
const WARM_UP: usize = 300;

/// One kind of request to one of the servers.
pub struct Case<'a> {
    pub name: String,
    pub server: &'a Server,
    /// Sent in turn.
    pub requests: &'a [Vec<u8>],
    pub count: usize,
    pub status: u16,
}

impl Case<'_> {
    /// Measures and prints it.
    pub fn print(&self, good: &Vec<u8>) -> Result<()> {
        println!("cpu\t{}\t{:.3}", self.name, self.cost(good)?);
        Ok(())
    }

    /// CPU time of the server in µs per request. `good` warms it up where each request is to be new.
    fn cost(&self, good: &Vec<u8>) -> Result<f64> {
        let mut connections = Connections::open(self.server.address(), CONNECTIONS)?;
        let is_unseen = self.requests.len() > 1 && self.status == 200;
        let warm_up = if is_unseen { good } else { &self.requests[0] };
        connections.ask(from_ref(warm_up), WARM_UP, self.status)?;
        let before = self.server.cpu_time()?;
        connections.ask(self.requests, self.count, self.status)?;
        let spent = self.server.cpu_time()? - before;
        Ok(spent.as_secs_f64() * 1e6 / self.count as f64)
    }
}
