//! Follows services and routers through one function: what is known at a point of it, and how that is noted.
//! Pure; the walk itself is in `statements`, `expressions`, `calls`, `methods` and `macro_bodies`.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use syn::FnArg;

use super::{
    functions::{Function, Index},
    imports::Imports,
    sources::Parsed,
    trace::{Lead, LeadKind, Origin, Root, Trace},
    types::Here,
    values::Value,
};

/// What is known of functions from following them before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Values that functions return.
    pub returns: BTreeMap<usize, Value>,
    /// Parameters that get services.
    pub parameters: BTreeSet<(usize, usize)>,
    /// Structs that are made of services.
    pub wrappers: BTreeSet<String>,
}

pub struct Flow<'i, 'a> {
    pub index: &'i Index<'a>,
    pub facts: &'i Facts,
    pub function: &'i Function<'a>,
    pub trace: Trace,
    variables: Vec<BTreeMap<String, Value>>,
    blocks: Vec<Imports>,
    /// How many closures are around: their `return` is not the function's.
    closures: usize,
}

impl<'i, 'a> Flow<'i, 'a> {
    /// Follows the function with this number.
    pub fn follow(index: &'i Index<'a>, facts: &'i Facts, id: usize) -> Trace {
        let function = &index.functions[id];
        let mut flow = Self {
            index,
            facts,
            function,
            trace: Trace::default(),
            variables: vec![BTreeMap::new()],
            blocks: function.around.clone(),
            closures: 0,
        };
        flow.parameters(id);
        let value = flow.block(function.block);
        flow.give_back(value);
        flow.trace
    }

    fn parameters(&mut self, id: usize) {
        for (position, input) in self.function.signature.inputs.iter().enumerate() {
            match input {
                FnArg::Receiver(_) => {
                    let value = self.index.itself(self.here());
                    let value = self.rooted(value, Origin::Parameter, None);
                    self.set("self", value);
                }
                FnArg::Typed(input) => {
                    let mut value = self.index.value_of(&input.ty, self.here());
                    if self.facts.parameters.contains(&(id, position)) {
                        value = Value::Service(Vec::new());
                    }
                    let value = self.rooted(value, Origin::Parameter, None);
                    self.bind(&input.pat, value);
                }
            }
        }
    }

    pub fn here(&self) -> Here<'_> {
        Here::function(self.function, &self.blocks)
    }

    pub fn range(&self, node: &impl syn::spanned::Spanned) -> Range<usize> {
        self.file().range(node)
    }

    pub fn file(&self) -> &'i Parsed<'a> {
        &self.index.files[self.function.file]
    }

    /// Gives routers that a type promises their root.
    pub fn rooted(&mut self, value: Value, origin: Origin, after: Option<usize>) -> Value {
        match value {
            Value::Router(roots) if roots.is_empty() => {
                Value::Router(vec![self.root(origin, after)])
            }
            Value::Tuple(parts) => {
                let parts = parts.into_iter();
                Value::Tuple(parts.map(|part| self.rooted(part, origin, after)).collect())
            }
            value => value,
        }
    }

    pub fn root(&mut self, origin: Origin, after: Option<usize>) -> usize {
        self.trace.roots.push(Root {
            origin,
            after,
            taken_up: Vec::new(),
            parents: Vec::new(),
        });
        self.trace.roots.len() - 1
    }

    pub fn lead(&mut self, at: usize, kind: LeadKind, from: Vec<usize>) -> usize {
        self.trace.leads.push(Lead {
            at,
            kind,
            is_settled: false,
            from,
        });
        self.trace.leads.len() - 1
    }

    /// A struct that wraps a service is one where it is used as one.
    pub fn as_service(&mut self, value: Value) -> Value {
        match value {
            Value::Struct(name) if self.wraps(&name) => {
                self.trace.mounted.push(name);
                Value::Service(Vec::new())
            }
            value => value,
        }
    }

    fn wraps(&self, name: &str) -> bool {
        let Some(found) = self.index.structs.get(name) else {
            return false;
        };
        let mut members = found.it.fields.members();
        self.facts.wrappers.contains(name)
            || members.any(|member| self.index.field(name, &member).has_service())
    }

    /// These services came to where they are protected or followed further.
    pub fn settle(&mut self, leads: &[usize]) {
        for &lead in leads {
            self.trace.leads[lead].is_settled = true;
            let from = self.trace.leads[lead].from.clone();
            self.settle(&from);
        }
    }

    /// The function returns this, unless a closure does.
    pub fn give_back(&mut self, value: Value) {
        if self.closures > 0 {
            return;
        }
        self.settle(&value.leads());
        let before = std::mem::take(&mut self.trace.returned);
        self.trace.returned = before.or(value);
    }

    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(scope) = self.variables.last_mut() {
            scope.insert(name.to_owned(), value);
        }
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.variables
            .iter()
            .rev()
            .find_map(|scope| scope.get(name))
    }

    /// `name = value`: the variable may also have kept what it was, in another branch.
    pub fn assign(&mut self, name: &str, value: Value) {
        let scopes = self.variables.iter_mut().rev();
        if let Some(variable) = scopes.filter_map(|scope| scope.get_mut(name)).next() {
            let before = std::mem::take(variable);
            *variable = before.or(value);
        }
    }

    /// Follows something whose variables are its own.
    pub fn scope<T>(&mut self, imports: Imports, follow: impl FnOnce(&mut Self) -> T) -> T {
        self.blocks.push(imports);
        self.variables.push(BTreeMap::new());
        let result = follow(self);
        self.variables.pop();
        self.blocks.pop();
        result
    }

    /// Follows the body of a closure or of an `async` block: what it returns, the function does not.
    pub fn apart(&mut self, follow: impl FnOnce(&mut Self) -> Value) -> Value {
        self.closures += 1;
        let value = follow(self);
        self.closures -= 1;
        value
    }
}
