//! Follows the functions of a crate again and again, until nothing new is learned about what they give each other.
//! Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    flow::{Facts, Flow},
    functions::Index,
    trace::{Origin, Trace},
    types::Here,
    values::Value,
};

/// How often at most.
const MOST_ROUNDS: usize = 8;

/// One trace for each function.
pub fn traces(index: &Index<'_>) -> Vec<Trace> {
    let mut facts = Facts {
        returns: declared(index),
        ..Facts::default()
    };
    let mut words = words(index, &facts);
    let mut traces = Vec::new();
    for _ in 0..MOST_ROUNDS {
        traces = follow(index, &facts, &words);
        let learned = learn(&facts, &traces);
        let said = words.len();
        words.extend(names(index, &learned, &traces));
        if learned == facts && words.len() == said {
            break;
        }
        facts = learned;
    }
    traces
}

/// Functions in files that say none of the words have nothing to do with services; most of a crate is like that.
fn follow(index: &Index<'_>, facts: &Facts, words: &BTreeSet<String>) -> Vec<Trace> {
    let files = index.files.iter();
    let matters: Vec<bool> = files
        .map(|file| words.iter().any(|word| file.text().contains(word.as_str())))
        .collect();
    let functions = index.functions.iter().enumerate();
    let traces = functions.map(|(id, function)| match matters[function.file] {
        true => Flow::follow(index, facts, id),
        false => Trace::default(),
    });
    traces.collect()
}

/// What a file says that mounts a service, or hands one on.
fn words(index: &Index<'_>, facts: &Facts) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = ["StreamableHttpService", "_service"]
        .map(str::to_owned)
        .into();
    for (path, alias) in &index.aliases {
        let value = index.value_of(alias.it, Here::module(&alias.module));
        words.extend(path.last().filter(|_| value.has_service()).cloned());
    }
    for (name, found) in &index.structs {
        let mut members = found.it.fields.members();
        if members.any(|member| index.field(name, &member).has_service()) {
            words.insert(".handle(".to_owned());
        }
    }
    words.extend(names(index, facts, &[]));
    words
}

/// The names of functions whose callers matter.
fn names(index: &Index<'_>, facts: &Facts, traces: &[Trace]) -> BTreeSet<String> {
    let returns = facts
        .returns
        .iter()
        .filter(|(_, value)| value.has_service());
    let mut ids: BTreeSet<usize> = returns.map(|(id, _)| *id).collect();
    ids.extend(facts.parameters.iter().map(|(id, _)| *id));
    for (id, trace) in traces.iter().enumerate() {
        let passes_on = trace.roots.iter().any(|root| match root.origin {
            Origin::Call(called) => !traces[called].mounts.is_empty(),
            _ => false,
        });
        if !trace.mounts.is_empty() || passes_on {
            ids.insert(id);
        }
    }
    ids.into_iter()
        .map(|id| index.functions[id].name())
        .collect()
}

fn learn(facts: &Facts, traces: &[Trace]) -> Facts {
    let mut learned = facts.clone();
    for (id, trace) in traces.iter().enumerate() {
        learned.parameters.extend(trace.handed.iter().copied());
        let makes = |called: usize| match facts.returns.get(&called) {
            Some(Value::Struct(name)) => Some(name.clone()),
            _ => None,
        };
        let wrappers = trace.handed.iter().filter_map(|(called, _)| makes(*called));
        learned.wrappers.extend(wrappers);
        if trace.returned.is_known() && !learned.returns.contains_key(&id) {
            let returned = bare(trace.returned.clone());
            if returned.is_known() {
                learned.returns.insert(id, returned);
            }
        }
    }
    learned
}

/// What functions say that they return.
fn declared(index: &Index<'_>) -> BTreeMap<usize, Value> {
    let functions = index.functions.iter().enumerate();
    let values = functions.map(|(id, function)| {
        let here = Here::function(function, &function.around);
        (id, index.value_of_return(&function.signature.output, here))
    });
    values.filter(|(_, value)| value.is_known()).collect()
}

/// A value without the numbers that mean something in its own function only.
fn bare(value: Value) -> Value {
    match value {
        Value::Service(_) => Value::Service(Vec::new()),
        Value::Router(_) => Value::Router(Vec::new()),
        Value::Tuple(parts) => Value::Tuple(parts.into_iter().map(bare).collect()),
        Value::Closure(value) => Value::Closure(Box::new(bare(*value))),
        Value::Methods(_) => Value::Unknown,
        value => value,
    }
}
