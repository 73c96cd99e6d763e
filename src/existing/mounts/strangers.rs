//! Mounts of something whose type is not known: it may be an MCP service that nobody protects, so people are told.
//! Pure.

use syn::{Expr, ExprMethodCall};

use super::{ByHand, flow::Flow, functions::Index, sources::Parsed, trace::Trace, values::Value};

const MOUNTS: [&str; 3] = ["fallback_service", "nest_service", "route_service"];
/// What is mounted so often for other purposes that it needs no word.
const HARMLESS: [&str; 7] = [
    "MethodRouter",
    "Redirect",
    "ServeDir",
    "ServeFile",
    "SetStatus",
    "service_fn",
    "into_service",
];

impl Flow<'_, '_> {
    /// Keeps in mind that a call mounts something unknown.
    pub fn stranger(&mut self, it: &ExprMethodCall, name: &str, values: &[Value]) {
        let (Some(service), Some(Value::Unknown)) = (it.args.last(), values.last()) else {
            return;
        };
        let is_protected = matches!(service, Expr::MethodCall(call) if call.method == "protect" || call.method == "into_service");
        if MOUNTS.contains(&name) && !is_protected && !self.is_harmless(service) {
            let at = self.range(&it.method).start;
            let service = self.file().slice(service).to_owned();
            self.trace.strangers.push((at, service));
        }
    }

    /// Says what it is, here or where it is bound.
    fn is_harmless(&self, service: &Expr) -> bool {
        let says = |text: &str| HARMLESS.iter().any(|word| text.contains(word));
        if says(self.file().slice(service)) {
            return true;
        }
        let Expr::Path(path) = service else {
            return false;
        };
        let Some(name) = path.path.get_ident() else {
            return false;
        };
        let function = self.file().slice(self.function.block);
        let mut bindings = function.split("let ").skip(1);
        bindings.any(|rest| {
            let statement = rest.split(';').next().unwrap_or_default();
            let bound = statement.trim_start_matches("mut ");
            let bound = bound.strip_prefix(&name.to_string());
            bound.is_some_and(|rest| rest.trim_start().starts_with(['=', ':']) && says(rest))
        })
    }
}

/// Those of one function, for people to look at.
pub fn told(file: &Parsed<'_>, trace: &Trace) -> Vec<ByHand> {
    let told = trace.strangers.iter().map(|(at, service)| {
        step(
            file,
            *at,
            format!("what is mounted here is not known: if `{service}` is an MCP service, it answers WITHOUT a token"),
        )
    });
    told.collect()
}

/// Macros of this crate that mount services where they are used.
pub fn in_macros(index: &Index<'_>) -> Vec<ByHand> {
    let mut found = Vec::new();
    for (file, item) in &index.macro_rules {
        let (mut makes, mut mounts) = (false, false);
        super::macro_bodies::each_name(item.mac.tokens.clone(), &mut |name| {
            makes |= name == "StreamableHttpService";
            mounts |= MOUNTS.contains(&name);
        });
        if makes && mounts {
            let file = &index.files[*file];
            let why = "this macro mounts MCP services, which answer WITHOUT a token";
            found.push(step(file, file.range(*item).start, why.to_owned()));
        }
    }
    found
}

fn step(file: &Parsed<'_>, at: usize, why: String) -> ByHand {
    ByHand {
        file: file.source.path.clone(),
        line: file.line(at),
        why,
        steps: vec![
            "give `auth.protect(...)` around it to the mount, with the `auth` of this server"
                .to_owned(),
        ],
    }
}
