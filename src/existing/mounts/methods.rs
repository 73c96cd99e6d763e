//! Calls of methods: those of `axum::Router` and `MethodRouter`, and what is done with a service.
//! Pure.

use syn::ExprMethodCall;

use super::{
    flow::Flow,
    routers::base,
    trace::{LeadKind, Origin},
    values::Value,
};

/// Methods that give back the service, wrapped or unwrapped or as it is.
const KEEPS: [&str; 23] = [
    "as_mut",
    "as_ref",
    "borrow",
    "boxed",
    "boxed_clone",
    "clone",
    "cloned",
    "context",
    "expect",
    "get_or_init",
    "into",
    "map_err",
    "map_request",
    "map_response",
    "map_result",
    "ok",
    "take",
    "to_owned",
    "unwrap",
    "unwrap_or_default",
    "unwrap_or_else",
    "with_context",
    "by_ref",
];

impl Flow<'_, '_> {
    pub fn method_call(&mut self, it: &ExprMethodCall) -> Value {
        let receiver = self.value(&it.receiver);
        let values: Vec<Value> = it
            .args
            .iter()
            .map(|argument| self.value(argument))
            .collect();
        let name = it.method.to_string();
        let values = match name.ends_with("_service") || name == "protect" {
            true => values
                .into_iter()
                .map(|value| self.as_service(value))
                .collect(),
            false => values,
        };
        if let Value::Router(roots) = &receiver {
            self.take_up(roots, &it.receiver);
        }
        self.stranger(it, &name, &values);
        if name == "protect" && values.iter().any(Value::has_service) {
            return self.protected(it, &values);
        }
        match receiver {
            Value::Methods(mounts) => self.on_methods(it, &name, mounts, &values),
            Value::Service(leads) => self.on_service(it, &name, leads),
            Value::Text(text)
                if matches!(name.as_str(), "as_str" | "into" | "to_owned" | "to_string") =>
            {
                Value::Text(text)
            }
            Value::Closure(value) if values.is_empty() => *value,
            Value::Router(roots) => self.on_router(it, &name, roots, &values),
            receiver => self.on_other(it, &name, &receiver, &values),
        }
    }

    fn protected(&mut self, it: &ExprMethodCall, values: &[Value]) -> Value {
        for value in values {
            self.settle(&value.leads());
        }
        self.trace.wired.push(self.range(&it.method).start);
        Value::Methods(Vec::new())
    }

    /// `get_service(a).post_service(b)`.
    fn on_methods(
        &mut self,
        it: &ExprMethodCall,
        name: &str,
        mut mounts: Vec<usize>,
        values: &[Value],
    ) -> Value {
        if name.ends_with("_service")
            && let (Some(Value::Service(leads)), Some(service)) = (values.last(), it.args.last())
        {
            self.settle(leads);
            mounts.push(self.mount(
                name,
                self.range(&it.method).start,
                service,
                Vec::new(),
                Vec::new(),
            ));
        }
        Value::Methods(mounts)
    }

    fn on_service(&mut self, it: &ExprMethodCall, name: &str, leads: Vec<usize>) -> Value {
        if matches!(name, "handle" | "call" | "oneshot") && !it.args.is_empty() {
            let kind = LeadKind::Handle {
                service: self.file().slice(&*it.receiver).to_owned(),
                call: self.file().slice(it).to_owned(),
            };
            self.settle(&leads);
            self.lead(self.range(&it.method).start, kind, Vec::new());
            return Value::Unknown;
        }
        match KEEPS.contains(&name) {
            true => Value::Service(leads),
            false => Value::Unknown,
        }
    }

    /// A receiver that is no router as far as is known: the call may say that it is one.
    fn on_other(
        &mut self,
        it: &ExprMethodCall,
        name: &str,
        receiver: &Value,
        values: &[Value],
    ) -> Value {
        let last = values.last();
        let mounts = name.ends_with("_service")
            && matches!(last, Some(Value::Service(_) | Value::Router(_)));
        let joins = matches!(name, "merge" | "nest") && matches!(last, Some(Value::Router(_)));
        let routes = name == "route" && matches!(last, Some(Value::Methods(it)) if !it.is_empty());
        if mounts && !matches!(name, "nest_service" | "route_service" | "fallback_service") {
            return self.on_methods(it, name, Vec::new(), values);
        }
        if mounts || joins || routes {
            let base = base(&it.receiver);
            let root = self.root(Origin::Elsewhere, Some(self.range(base).end));
            return self.on_router(it, name, vec![root], values);
        }
        if matches!(name, "layer" | "service")
            && let Some(value @ (Value::Service(_) | Value::Router(_))) = last
        {
            return value.clone();
        }
        self.own_method(it, name, receiver, values)
    }

    /// A method of this crate that takes so many arguments.
    pub fn method(&self, owner: Option<&str>, name: &str, arguments: usize) -> Option<usize> {
        let fits = |id: &usize| {
            let inputs = self.index.functions[*id].signature.inputs.len();
            inputs == arguments + 1
        };
        self.index.method(owner, name).filter(fits)
    }

    /// A method of a type of this crate, or an unknown one.
    fn own_method(
        &mut self,
        it: &ExprMethodCall,
        name: &str,
        receiver: &Value,
        values: &[Value],
    ) -> Value {
        let owner = match receiver {
            Value::Struct(owner) => Some(owner.as_str()),
            _ => None,
        };
        let found = self.method(owner, name, it.args.len());
        match found {
            Some(id) => {
                self.enter(id, 1, values);
                self.result_of(id, values, self.range(it))
            }
            None if KEEPS.contains(&name) => receiver.clone(),
            None => self.given_to(name, self.range(&it.method).start, it.args.iter(), values),
        }
    }
}
