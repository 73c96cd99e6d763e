//! Sources that are laid out at random: only insertions, which can be taken out again, and a second time nothing.

use proptest::prelude::*;

use super::*;
use crate::existing::syntax;

const SOURCES: [&str; 4] = [
    r##"#![allow(dead_code)]
use axum::{Router, routing::any_service};
use rmcp::transport::streamable_http_server::StreamableHttpService as Mcp;
mod alpha;
/// Last.
mod zeta;
const PATH: &str = "/mcp";
async fn main() -> Result<(), Error> {
    let text = r#"nest_service("/mcp", service) // ü"#;
    let service = Mcp::new(|| Ok(Tools), sessions.into(), Default::default());
    #[cfg(feature = "cors")]
    let cors = CorsLayer::new();
    let app = Router::new().route("/", get(index)).nest_service(PATH, service.clone()).layer(cors).with_state(state);
    let other = Router::new().route("/any", any_service(service).layer(limit)).merge(app);
    axum::serve(listener, other.into_make_service()).await?;
    Ok(())
}"##,
    r#"fn app(config: &Config, service: rmcp::transport::StreamableHttpService<Tools, Sessions>) -> axum::Router {
    let mut router = axum::Router::new();
    if config.root { router = router.fallback_service(service); } else { router = router.nest_service(&config.path, service); }
    match config.kind { Kind::A => router, Kind::B => { router.layer(trace) } }
}"#,
    r#"struct Server { mcp: rmcp::transport::StreamableHttpService<Tools, Sessions> }
impl Server {
    #[cfg(feature = "http")]
    fn routes(&self, app: axum::Router<State>) -> axum::Router<State> {
        let auth = self.mcp.clone();
        let sub = axum::Router::new().route_service("/", auth);
        app.nest("/api/mcp", sub)
    }
    async fn serve(self) { axum::serve(listener, self.routes(axum::Router::new())).await; }
}"#,
    r#"use rmcp::transport::*;
async fn main() {
    let one = StreamableHttpService::new(a, b, c);
    let two = one.clone();
    tokio::select! {
        result = async move { axum::serve(first, axum::Router::new().nest_service("/mcp", one)).await } => { result.unwrap() }
        _ = stop() => {}
    }
    tokio::spawn(async move { let app = axum::Router::new().nest_service("/mcp", two); axum::serve(second, app).await });
}"#,
];

/// What may stand where a blank does.
const GAPS: [&str; 12] = [
    " ",
    "\n",
    "\n\n",
    "\t",
    "  ",
    "\n    ",
    "\n\t\t",
    " // ü nest_service(\"/mcp\", service)\n",
    " /* é */ ",
    " /* two\n lines */ ",
    "\n// auth.protect(service)\n        ",
    "\n/* a /* nested */ one */",
];

/// The source with other gaps where it has blanks, and more of them around punctuation.
fn laid_out(source: &str, gaps: &[usize], windows: bool, mark: bool) -> String {
    let mut gaps = gaps.iter().cycle().map(|&gap| GAPS[gap % GAPS.len()]);
    let mut text = String::new();
    for piece in pieces(source) {
        match piece.chars().all(char::is_whitespace) {
            true => text.push_str(gaps.next().unwrap()),
            false => {
                text.push_str(piece);
                if [".", "(", ")", ",", ";", "{", "}"].contains(&piece) {
                    text.push_str(gaps.next().unwrap());
                }
            }
        }
    }
    text.push('\n');
    let text = if windows {
        text.replace('\n', "\r\n")
    } else {
        text
    };
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}")
}

/// Texts in quotes, runs of blanks, single marks, and what is between.
fn pieces(source: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let end = if rest.starts_with("r#\"") {
            rest.find("\"#").unwrap() + 2
        } else if first == '"' {
            rest[1..].find('"').unwrap() + 2
        } else if rest.starts_with("///") {
            rest.find('\n').unwrap() + 1
        } else if first.is_whitespace() {
            rest.find(|c: char| !c.is_whitespace())
                .unwrap_or(rest.len())
        } else if rest.starts_with("..") || !".(),;{}".contains(first) {
            let end = rest[1..].find(|c: char| c.is_whitespace() || ".(),;{}\"".contains(c));
            end.map_or(rest.len(), |end| end + 1)
        } else {
            1
        };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn only_insertions_and_a_second_time_none(
        which in 0..SOURCES.len(),
        gaps in prop::collection::vec(0..GAPS.len(), 1..80),
        windows: bool,
        mark: bool,
    ) {
        let text = laid_out(SOURCES[which], &gaps, windows, mark);
        prop_assert!(syntax::parse(&text).is_ok(), "{text}");
        let before = sources(&[("src/main.rs", &text)]);
        let found = find(&before, &names());
        prop_assert!(!found.mounts.is_empty());
        let wiring = wire(&before, &names(), &found.mounts, AUTH);
        prop_assert_eq!(&wiring.remaining, &[], "{}", &text);
        let insertions = &wiring.edits[0].insertions;
        let edited = insertion::insert(&text, insertions);
        prop_assert_eq!(insertion::remove(&edited, insertions), Some(text));
        let other = if windows { edited.replace("\r\n", "") } else { edited.clone() };
        prop_assert!(!other.contains(if windows { "\n" } else { "\r" }), "one kind of line ends");
        let after = find(&sources(&[("src/main.rs", &edited)]), &names());
        prop_assert_eq!(&after.mounts, &[], "{}", edited);
        prop_assert_eq!(after.wired.len(), found.mounts.len());
    }
}
