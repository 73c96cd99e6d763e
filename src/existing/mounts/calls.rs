//! Calls of functions: what makes a service or a router, what passes one on, and `any_service(...)`.
//! Pure.

use syn::{Expr, ExprCall};

use super::{
    flow::Flow,
    names::Path,
    trace::{LeadKind, Origin, Part, Seen},
    types::Here,
    values::Value,
};

/// Functions that give back what they are given, wrapped.
const TRANSPARENT: [&str; 13] = [
    "Arc::clone",
    "Arc::from",
    "Arc::new",
    "Box::from",
    "Box::new",
    "Box::pin",
    "Clone::clone",
    "Ok",
    "Pin::new",
    "Rc::new",
    "Router::from",
    "Some",
    "String::from",
];

impl Flow<'_, '_> {
    pub fn call(&mut self, it: &ExprCall) -> Value {
        let called = match &*it.func {
            Expr::Path(path) => Some(&path.path),
            _ => None,
        };
        let local = called
            .and_then(|path| path.get_ident())
            .and_then(|name| self.get(&name.to_string()));
        if let Some(Value::Closure(value)) = local {
            let value = (**value).clone();
            let given = self.given(it);
            return if value.is_known() { value } else { given };
        }
        let Some(path) = called else {
            self.value(&it.func);
            return self.given(it);
        };
        let resolved = self.index.resolve(path, self.here());
        self.known_call(it, path, &resolved)
            .unwrap_or_else(|| self.given(it))
    }

    pub fn arguments(&mut self, it: &ExprCall) -> Vec<Value> {
        it.args
            .iter()
            .map(|argument| self.value(argument))
            .collect()
    }

    fn known_call(&mut self, it: &ExprCall, path: &syn::Path, resolved: &Path) -> Option<Value> {
        let (name, owner) = resolved.split_last()?;
        if let Some(value) = self.constructor(it, owner, name) {
            return Some(value);
        }
        if owner.first() == Some(&self.index.names.axum) && name.ends_with("_service") {
            let values = self.arguments(it).into_iter();
            let values = values.map(|value| self.as_service(value)).collect();
            return Some(self.method_router(it, name, values));
        }
        let short = resolved
            .iter()
            .rev()
            .take(2)
            .rev()
            .cloned()
            .collect::<Vec<_>>()
            .join("::");
        if TRANSPARENT.contains(&short.as_str()) {
            return self.arguments(it).into_iter().next();
        }
        if short == "TowerToHyperService::new" {
            return Some(self.hyper(it));
        }
        if short == "LazyLock::new" {
            return match self.arguments(it).into_iter().next() {
                Some(Value::Closure(value)) => Some(*value),
                _ => None,
            };
        }
        let id = self
            .index
            .function(&self.with_owner(resolved))
            .or_else(|| {
                let local = path.get_ident()?;
                self.index.function(&[local.to_string()])
            })?;
        Some(self.function_call(id, it))
    }

    /// `Self::name` means the type whose `impl` this is.
    fn with_owner(&self, resolved: &Path) -> Path {
        let mut path = resolved.clone();
        if path.first().is_some_and(|first| first == "Self")
            && let Some(owner) = &self.function.owner
        {
            let owner = super::names::absolute(&self.function.module, std::slice::from_ref(owner));
            path.splice(0..1, owner);
        }
        path
    }

    fn constructor(&mut self, it: &ExprCall, owner: &[String], name: &str) -> Option<Value> {
        let names = self.index.names;
        let alias = self
            .index
            .aliases
            .get(owner)
            .map(|alias| self.index.value_of(alias.it, Here::module(&alias.module)));
        if names.is_service(owner) || matches!(alias, Some(Value::Service(_))) {
            self.arguments(it);
            let lead = self.lead(self.range(it).start, LeadKind::Made, Vec::new());
            return Some(Value::Service(vec![lead]));
        }
        let is_router = names.is_router(owner) || matches!(alias, Some(Value::Router(_)));
        if is_router && matches!(name, "new" | "default") {
            let root = self.root(Origin::New, Some(self.range(it).end));
            return Some(Value::Router(vec![root]));
        }
        None
    }

    /// `any_service(service)`, `on_service(filter, service)`.
    fn method_router(&mut self, it: &ExprCall, name: &str, values: Vec<Value>) -> Value {
        let (Some(service), Some(Value::Service(leads))) = (it.args.last(), values.last()) else {
            return Value::Methods(Vec::new());
        };
        self.settle(leads);
        let at = self.range(&*it.func).start;
        Value::Methods(vec![self.mount(name, at, service, Vec::new(), Vec::new())])
    }

    pub fn mount(
        &mut self,
        call: &str,
        at: usize,
        service: &Expr,
        path: Vec<Part>,
        roots: Vec<usize>,
    ) -> usize {
        self.trace.mounts.push(Seen {
            call: call.to_owned(),
            at,
            service: self.range(service),
            path,
            roots,
        });
        self.trace.mounts.len() - 1
    }

    fn hyper(&mut self, it: &ExprCall) -> Value {
        let values = self.arguments(it);
        if let (Some(Value::Service(leads)), Some(service)) = (values.first(), it.args.first()) {
            let kind = LeadKind::Hyper {
                service: self.file().slice(service).to_owned(),
                call: self.file().slice(it).to_owned(),
            };
            self.settle(leads);
            self.lead(self.range(it).start, kind, Vec::new());
        }
        Value::Unknown
    }
}
