//! A program and all that it starts, as one group that ends together: nothing is left running when this one ends.
//! Signals processes, starts none.

use std::{
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

/// How long a program may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);
const MOMENT: Duration = Duration::from_millis(20);

/// The program gets a group of its own, for `stop`.
pub fn separate(program: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(program, 0);
    #[cfg(not(unix))]
    let _ = program;
}

/// Asks the whole group to end, and ends what does not.
pub fn stop(child: &mut Child) {
    signal(child, Signal::Terminate);
    let asked = Instant::now();
    while asked.elapsed() < GRACE && matches!(child.try_wait(), Ok(None)) {
        thread::sleep(MOMENT);
    }
    signal(child, Signal::Kill);
    let _ = child.wait();
}

#[derive(Clone, Copy)]
enum Signal {
    Terminate,
    Kill,
}

#[cfg(unix)]
fn signal(child: &mut Child, signal: Signal) {
    use rustix::process::{Pid, Signal as Number, kill_process_group};
    let number = match signal {
        Signal::Terminate => Number::TERM,
        Signal::Kill => Number::KILL,
    };
    // No such group: all have ended.
    let _ = kill_process_group(Pid::from_child(child), number);
}

#[cfg(not(unix))]
fn signal(child: &mut Child, signal: Signal) {
    if matches!(signal, Signal::Kill) {
        let _ = child.kill();
    }
}
