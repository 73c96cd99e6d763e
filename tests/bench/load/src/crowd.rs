//! Many visitors of one server at once.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Instant,
};

use crate::{Result, login::Visitor, server::Server};

/// As many are under way at a time.
const AT_ONCE: usize = 32;

/// What visits did and cost.
pub struct Visits<T> {
    /// In no order.
    pub results: Vec<T>,
    /// CPU time of the server per visit, in µs.
    pub cpu: f64,
    /// How many ended in a second.
    pub per_second: f64,
}

impl<T> Visits<T> {
    /// Prints what they cost.
    pub fn print(&self, name: &str) {
        println!("cpu\t{name}\t{:.3}", self.cpu);
        println!("rate\t{name}\t{:.3}", self.per_second);
    }
}

/// Lets `count` visitors do something; it is told the number of the visit.
pub fn visit<T: Send>(
    server: &Server,
    count: usize,
    what: impl Fn(&mut Visitor, usize) -> Result<T> + Sync,
) -> Result<Visits<T>> {
    let next = AtomicUsize::new(0);
    let one = || {
        let mut visitor = Visitor::at(server.address())?;
        let mut results = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return Ok(results);
            }
            visitor.next();
            results.push(what(&mut visitor, number)?);
        }
    };
    let (before, started) = (server.cpu_time()?, Instant::now());
    let results: Vec<Result<Vec<T>>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..AT_ONCE.min(count)).map(|_| scope.spawn(one)).collect();
        let ended = threads.into_iter().map(|thread| thread.join());
        ended
            .map(|ended| ended.unwrap_or_else(|_| Err("a visitor panicked".into())))
            .collect()
    });
    let (elapsed, spent) = (started.elapsed(), server.cpu_time()? - before);
    let results: Vec<Vec<T>> = results.into_iter().collect::<Result<_>>()?;
    Ok(Visits {
        results: results.into_iter().flatten().collect(),
        cpu: spent.as_secs_f64() * 1e6 / count as f64,
        per_second: count as f64 / elapsed.as_secs_f64(),
    })
}
