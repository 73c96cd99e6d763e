//! Methods of `axum::Router`: mounts, and routers that become parts of others.
//! Pure.

use syn::{Expr, ExprMethodCall};

use super::{
    flow::Flow,
    trace::{Origin, Part},
    values::Value,
};

/// Methods of `axum::Router` that give the router back.
const ROUTER_METHODS: [&str; 14] = [
    "fallback",
    "fallback_service",
    "layer",
    "merge",
    "method_not_allowed_fallback",
    "nest",
    "nest_service",
    "reset_fallback",
    "route",
    "route_layer",
    "route_service",
    "with_state",
    "without_v07_checks",
    "v1",
];

impl Flow<'_, '_> {
    pub fn take_up(&mut self, roots: &[usize], receiver: &Expr) {
        if is_router_chain(receiver) {
            return;
        }
        let after = self.range(receiver).end;
        for &root in roots {
            let root = &mut self.trace.roots[root];
            if root.after != Some(after) {
                root.taken_up.push(after);
            }
        }
    }

    pub fn on_router(
        &mut self,
        it: &ExprMethodCall,
        name: &str,
        roots: Vec<usize>,
        values: &[Value],
    ) -> Value {
        let part = it
            .args
            .first()
            .map(|argument| self.part(argument, values.first()));
        match (name, values) {
            ("merge" | "fallback_service", [Value::Router(children)]) => {
                self.put_in(children, &roots, &[]);
            }
            ("nest" | "nest_service" | "route_service", [_, Value::Router(children)]) => {
                self.put_in(children, &roots, part.as_slice());
            }
            ("nest_service" | "route_service", [_, Value::Service(leads)])
            | ("fallback_service", [Value::Service(leads)]) => {
                self.settle(leads);
                let path = part.into_iter().take(values.len() - 1).collect();
                let at = self.range(&it.method).start;
                if let Some(service) = it.args.last() {
                    self.mount(name, at, service, path, roots.clone());
                }
            }
            ("route", [_, Value::Methods(mounts)]) => {
                for &mount in mounts {
                    self.trace.mounts[mount].path = part.iter().cloned().collect();
                    self.trace.mounts[mount].roots.clone_from(&roots);
                }
            }
            (name, _) if !ROUTER_METHODS.contains(&name) => {
                self.own_router_method(it, name, &roots, values)
            }
            _ => {}
        }
        Value::Router(roots)
    }

    /// A method of this crate for routers: what it adds to the router, it adds to this one.
    fn own_router_method(
        &mut self,
        it: &ExprMethodCall,
        name: &str,
        roots: &[usize],
        values: &[Value],
    ) {
        let Some(id) = self.method(None, name, it.args.len()) else {
            return;
        };
        self.enter(id, 1, values);
        if matches!(self.facts.returns.get(&id), Some(Value::Router(_))) {
            let call = self.root(Origin::Call(id), Some(self.range(it).end));
            self.put_in(&[call], roots, &[]);
        }
    }

    pub fn put_in(&mut self, children: &[usize], parents: &[usize], path: &[Part]) {
        for &child in children {
            for &parent in parents.iter().filter(|&&parent| parent != child) {
                self.trace.roots[child]
                    .parents
                    .push((parent, path.to_vec()));
            }
        }
    }

    fn part(&self, argument: &Expr, value: Option<&Value>) -> Part {
        match value {
            Some(Value::Text(text)) => Part::Text(text.clone()),
            _ => Part::Code(self.file().slice(argument).to_owned()),
        }
    }
}

/// The expression that a chain of router methods begins with.
pub fn base(receiver: &Expr) -> &Expr {
    match receiver {
        Expr::MethodCall(call) if is_router_chain(receiver) => base(&call.receiver),
        other => other,
    }
}

fn is_router_chain(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => ROUTER_METHODS.iter().any(|name| call.method == name),
        _ => false,
    }
}
