//! What was seen while following a function: its routers, its mounts, and services that end nowhere.
//! Data only.

use std::ops::Range;

use super::values::Value;

#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub roots: Vec<Root>,
    pub mounts: Vec<Seen>,
    /// Where something unknown is mounted, and how it is written.
    pub strangers: Vec<(usize, String)>,
    /// Where services are protected already.
    pub wired: Vec<usize>,
    pub leads: Vec<Lead>,
    /// Structs around services that are mounted, or protected.
    pub mounted: Vec<String>,
    /// What the function returns.
    pub returned: Value,
    /// Services given to functions of this crate: function, which argument.
    pub handed: Vec<(usize, usize)>,
}

/// Where a router begins.
#[derive(Clone, Debug)]
pub struct Root {
    pub origin: Origin,
    /// Behind the expression that it begins with; a parameter has none.
    pub after: Option<usize>,
    /// Behind each expression by which it is taken up again.
    pub taken_up: Vec<usize>,
    /// The routers that it becomes a part of, and under which path.
    pub parents: Vec<(usize, Vec<Part>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `Router::new()`
    New,
    Parameter,
    /// The return value of a function of this crate.
    Call(usize),
    Elsewhere,
}

/// A part of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// An expression as it is written.
    Code(String),
}

/// A call that mounts an MCP service.
#[derive(Clone, Debug)]
pub struct Seen {
    pub call: String,
    /// Where the name of the call stands.
    pub at: usize,
    pub service: Range<usize>,
    /// Nothing for `fallback_service`.
    pub path: Vec<Part>,
    pub roots: Vec<usize>,
}

/// A service on its way.
#[derive(Clone, Debug)]
pub struct Lead {
    pub at: usize,
    pub kind: LeadKind,
    /// It came to a mount, or to where it is followed from.
    pub is_settled: bool,
    /// Told instead of it: what this one came from.
    pub from: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeadKind {
    /// `StreamableHttpService::new(...)`, or a call that returns one.
    Made,
    /// An argument of a function that is not known, as it is written: the function, the argument.
    Given { to: String, service: String },
    /// `service.handle(request)`
    Handle { service: String, call: String },
    /// hyper's `TowerToHyperService::new(service)`
    Hyper { service: String, call: String },
    /// Inside a macro that cannot be read.
    Macro { name: String },
}
