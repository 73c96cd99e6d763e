//! Where the server of each shape in `snapshots/add/` answers, which its source does not tell a test.

/// Where a shape's server answers once it is edited.
pub struct Place {
    pub paths: &'static [&'static str],
    /// The path of its resource identifier.
    pub resource: &'static str,
    /// A page that stays open to everybody.
    pub open: Option<&'static str>,
}

pub fn place(shape: &str) -> Place {
    let usual = Place {
        paths: &["/mcp"],
        resource: "/mcp",
        open: None,
    };
    let open = |page| Place {
        open: Some(page),
        ..usual
    };
    match shape {
        "any-service" | "chain-cors-bin-with-lib" => open("/health"),
        "chain-with-state-merge" => open("/metrics"),
        "edition-2024-let-chains" => open("/departures"),
        "factory-function" | "feature-gated-double-mount" | "fn-takes-router" => open("/"),
        "fn-returns-router-nested" => Place {
            paths: &["/api/mcp"],
            resource: "/api/mcp",
            ..usual
        },
        "fn-returns-router-param" => open("/healthz"),
        "nested-fallback" => open("/version"),
        "if-else-fallback-or-nest" => Place {
            resource: "",
            ..open("/ready")
        },
        "route-service-root-rebound" => Place {
            paths: &["/"],
            resource: "",
            ..usual
        },
        "two-mounts-two-paths" => Place {
            paths: &["/read/mcp", "/write/mcp"],
            resource: "",
            ..usual
        },
        _ => usual,
    }
}
