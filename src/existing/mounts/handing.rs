//! Where a service goes that is given away, and what comes back.
//! Pure.

use std::ops::Range;

use syn::{Expr, ExprCall, ReturnType, Type, TypeParamBound};

use super::{
    flow::Flow,
    trace::{LeadKind, Origin},
    values::Value,
};

impl Flow<'_, '_> {
    pub fn function_call(&mut self, id: usize, it: &ExprCall) -> Value {
        let values = self.arguments(it);
        self.enter(id, 0, &values);
        self.result_of(id, &values, self.range(it))
    }

    /// Services that go into a function of this crate are followed there.
    pub fn enter(&mut self, id: usize, first: usize, values: &[Value]) {
        for (position, value) in values.iter().enumerate() {
            if value.has_service() {
                self.settle(&value.leads());
            }
            if matches!(value, Value::Service(_)) {
                self.trace.handed.push((id, first + position));
            }
        }
    }

    /// What a function of this crate returns. A router that it was given is taken to be the one it gives back, and so is
    /// a service by an `impl Service`.
    pub fn result_of(&mut self, id: usize, values: &[Value], call: Range<usize>) -> Value {
        let returned = self.facts.returns.get(&id).cloned().unwrap_or_default();
        let mut given = values.iter().filter_map(|value| match value {
            Value::Router(roots) => Some(roots),
            _ => None,
        });
        if let (Value::Router(_), Some(roots), None) = (&returned, given.next(), given.next()) {
            let result = self.root(Origin::Call(id), Some(call.end));
            self.put_in(&[result], roots, &[]);
            return Value::Router(roots.clone());
        }
        if !returned.is_known()
            && values.iter().any(Value::has_service)
            && self.promises_service(id)
        {
            return Value::Service(Vec::new());
        }
        let value = self.followed(returned, call.start);
        self.rooted(value, Origin::Call(id), Some(call.end))
    }

    fn promises_service(&self, id: usize) -> bool {
        let ReturnType::Type(_, ty) = &self.index.functions[id].signature.output else {
            return false;
        };
        let Type::ImplTrait(promise) = &**ty else {
            return false;
        };
        promise.bounds.iter().any(|bound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last();
                last.is_some_and(|last| last.ident.to_string().ends_with("Service"))
            }
            _ => false,
        })
    }

    /// Gives services that a type promises their lead.
    fn followed(&mut self, value: Value, at: usize) -> Value {
        match value {
            Value::Service(_) => Value::Service(vec![self.lead(at, LeadKind::Made, Vec::new())]),
            Value::Router(_) => Value::Router(Vec::new()),
            Value::Tuple(parts) => Value::Tuple(
                parts
                    .into_iter()
                    .map(|part| self.followed(part, at))
                    .collect(),
            ),
            Value::Methods(_) | Value::Closure(_) => Value::Unknown,
            value => value,
        }
    }

    /// A call of something unknown: a service that goes in is a lead, unless what comes out is mounted.
    pub fn given(&mut self, it: &ExprCall) -> Value {
        let values = self.arguments(it);
        let to = self.file().slice(&*it.func).to_owned();
        if to == "drop" {
            return Value::Unknown;
        }
        self.given_to(&to, self.range(it).start, it.args.iter(), &values)
    }

    pub fn given_to<'e>(
        &mut self,
        to: &str,
        at: usize,
        arguments: impl Iterator<Item = &'e Expr>,
        values: &[Value],
    ) -> Value {
        for (argument, value) in arguments.zip(values) {
            if let Value::Service(from) = value {
                let kind = LeadKind::Given {
                    to: to.to_owned(),
                    service: self.file().slice(argument).to_owned(),
                };
                let lead = self.lead(at, kind, from.clone());
                return Value::Service(vec![lead]);
            }
        }
        Value::Unknown
    }
}
