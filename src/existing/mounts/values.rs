//! What an expression of a function gives, as far as it matters here.
//! Pure.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    #[default]
    Unknown,
    /// An MCP service, or what was made of one; the leads (`Trace::leads`) that it follows.
    Service(Vec<usize>),
    /// Any of these routers (`Trace::roots`).
    Router(Vec<usize>),
    /// A `MethodRouter` with these mounts (`Trace::mounts`) in it.
    Methods(Vec<usize>),
    /// A text that is known.
    Text(String),
    /// A struct of this crate.
    Struct(String),
    Tuple(Vec<Value>),
    /// A closure that returns this.
    Closure(Box<Value>),
}

impl Value {
    /// What a variable is that got this value in one branch and that in another.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Service(a), Self::Service(b)) => Self::Service(union(a, b)),
            (Self::Router(a), Self::Router(b)) => Self::Router(union(a, b)),
            (Self::Methods(a), Self::Methods(b)) => Self::Methods(union(a, b)),
            (Self::Text(a), Self::Text(b)) if a != b => Self::Unknown,
            (Self::Tuple(a), Self::Tuple(b)) if a.len() == b.len() => {
                Self::Tuple(a.into_iter().zip(b).map(|(a, b)| a.or(b)).collect())
            }
            (Self::Text(_), Self::Unknown) => Self::Unknown,
            (Self::Unknown, Self::Text(_)) => Self::Unknown,
            (Self::Unknown, value) | (value, _) => value,
        }
    }

    pub fn is_known(&self) -> bool {
        *self != Self::Unknown
    }

    /// The leads of all services in it.
    pub fn leads(&self) -> Vec<usize> {
        match self {
            Self::Service(leads) => leads.clone(),
            Self::Tuple(parts) => parts.iter().flat_map(Self::leads).collect(),
            Self::Closure(value) => value.leads(),
            _ => Vec::new(),
        }
    }

    /// All routers in it.
    pub fn routers(&self) -> Vec<usize> {
        match self {
            Self::Router(roots) => roots.clone(),
            Self::Tuple(parts) => parts.iter().flat_map(Self::routers).collect(),
            Self::Closure(value) => value.routers(),
            _ => Vec::new(),
        }
    }

    pub fn has_service(&self) -> bool {
        match self {
            Self::Service(_) => true,
            Self::Tuple(parts) => parts.iter().any(Self::has_service),
            _ => false,
        }
    }
}

fn union(mut a: Vec<usize>, b: Vec<usize>) -> Vec<usize> {
    a.extend(b);
    a.sort_unstable();
    a.dedup();
    a
}
