//! What the log says while a test runs. Needs no library for logs, so that it comes along wherever `src/auth/` goes.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, Mutex},
};

use tracing::{
    Dispatch, Event, Metadata, Subscriber,
    dispatcher::DefaultGuard,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::NoSubscriber,
};

/// All that this thread logs, as long as this lives. A test and what it spawns are one thread.
pub struct Log {
    text: Arc<Mutex<String>>,
    _guard: DefaultGuard,
    _another: Dispatch,
}

impl Log {
    pub fn capture() -> Self {
        // With a single subscriber, other threads that have none can switch off what they meet first, for all threads.
        let another = Dispatch::new(NoSubscriber::new());
        let text = Arc::<Mutex<String>>::default();
        let dispatch = Dispatch::new(Lines(text.clone()));
        Self {
            text,
            _guard: tracing::dispatcher::set_default(&dispatch),
            _another: another,
        }
    }

    /// What was logged since the last time that this was asked.
    pub fn take(&self) -> String {
        std::mem::take(&mut self.text.lock().unwrap())
    }
}

struct Lines(Arc<Mutex<String>>);

impl Subscriber for Lines {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Line(&mut self.0.lock().unwrap()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Line(&mut self.0.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        text.push_str(event.metadata().level().as_str());
        event.record(&mut Line(&mut text));
        text.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}
