//! Features that come with others: what is there by them needs no words of its own.
//! Pure. A list of those that servers really use; one that is missing here is merely named twice.

/// A crate, one of its features, and what that turns on.
const IMPLIED: [(&str, &str, &[&str]); 3] = [
    (
        "axum",
        "default",
        &[
            "form",
            "http1",
            "json",
            "matched-path",
            "original-uri",
            "query",
            "tokio",
            "tower-log",
            "tracing",
        ],
    ),
    (
        "tokio",
        "full",
        &[
            "fs",
            "io-util",
            "io-std",
            "macros",
            "net",
            "parking_lot",
            "process",
            "rt",
            "rt-multi-thread",
            "signal",
            "sync",
            "time",
        ],
    ),
    ("tokio", "rt-multi-thread", &["rt"]),
];

/// What the features of a dependency bring along.
pub fn implied(package: &str, features: &[String], defaults: bool) -> Vec<String> {
    let is_on = |feature: &str| match feature {
        "default" => defaults,
        feature => features.iter().any(|on| on == feature),
    };
    let by = IMPLIED
        .iter()
        .filter(|(of, feature, _)| *of == package && is_on(feature));
    by.flat_map(|(_, _, brought)| brought.iter().map(|feature| (*feature).to_owned()))
        .collect()
}
