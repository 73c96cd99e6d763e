//! The plain shape: a statement of `#[tokio::main] async fn main` that serves stdio, with nothing in the way.
//! Pure.

use syn::{
    Block, Expr, ExprCall, ExprMethodCall, Item, ItemFn, Stmt,
    visit::{self, Visit},
};

use super::{Plain, calls::Call, ending, handler};
use crate::existing::mounts::{layout, module_line, sources::Parsed};

pub const NOT_IN_MAIN: &str = "stdio is not served by a statement of `async fn main`";
pub const NOT_TOKIO: &str = "`main` is not run by tokio";
pub const HAS_ARGUMENTS: &str =
    "the command line is read here, so that `--http` has to be one of its flags";
pub const ENDS_OTHERWISE: &str = "`main` returns something else than `()` or a `Result<()>`";
pub const SHARES_ITS_LINE: &str = "the statement shares its line with another";

/// Crates that refuse flags which they do not know.
const PARSERS: [&str; 8] = [
    "argh",
    "bpaf",
    "clap",
    "getopts",
    "gumdrop",
    "lexopt",
    "pico_args",
    "structopt",
];

/// `main` in a crate root.
pub struct Place<'a> {
    main: Option<&'a ItemFn>,
    has_flags: bool,
}

impl<'a> Place<'a> {
    pub fn of(root: &'a Parsed<'_>, files: &[Parsed<'_>]) -> Self {
        let mut functions = root.items().iter().filter_map(|item| match item {
            Item::Fn(function) if function.sig.ident == "main" => Some(function),
            _ => None,
        });
        let uses = |text: &str| {
            PARSERS
                .iter()
                .any(|name| text.contains(&format!("{name}::")))
        };
        Self {
            main: functions.next(),
            has_flags: files.iter().any(|file| uses(file.text())),
        }
    }

    /// # Errors
    /// Why this call is not plain.
    pub fn shape(&self, root: &Parsed<'_>, call: &Call<'_>) -> Result<Plain, &'static str> {
        let main = self.main.ok_or(NOT_IN_MAIN)?;
        let statements = &main.block.stmts;
        let is_it = |statement: &&Stmt| {
            spine(statement).is_some_and(|it| std::ptr::eq(it, call.expression))
        };
        let statement = statements.iter().find(is_it).ok_or(NOT_IN_MAIN)?;
        if main.sig.asyncness.is_none() || !is_run_by_tokio(main) {
            return Err(NOT_TOKIO);
        }
        if self.has_flags || reads_arguments(&main.block) {
            return Err(HAS_ARGUMENTS);
        }
        let ending = ending::of(&main.sig.output, root).ok_or(ENDS_OTHERWISE)?;
        let make = handler::maker(root, &main.block, call.handler)?;
        let text = root.text();
        let start = root.range(statement).start;
        let before = layout::before(text, start);
        if !before.trim().is_empty() {
            return Err(SHARES_ITS_LINE);
        }
        let above = module_line::above_comments(text, start - before.len());
        let line = text[above..].trim_start_matches([' ', '\t']);
        let at = text.len() - line.len();
        Ok(Plain { at, make, ending })
    }
}

fn is_run_by_tokio(main: &ItemFn) -> bool {
    main.attrs.iter().any(|attribute| {
        let mut segments = attribute.path().segments.iter();
        segments.any(|segment| segment.ident == "tokio")
    })
}

/// The serving call that a statement hangs from: `let x = HERE.await?;`, `HERE.await?.waiting().await?;`.
fn spine(statement: &Stmt) -> Option<&Expr> {
    let mut expression = match statement {
        Stmt::Local(local) => &*local.init.as_ref()?.expr,
        Stmt::Expr(expression, _) => expression,
        _ => return None,
    };
    loop {
        let inner = match expression {
            Expr::Await(it) => &it.base,
            Expr::Try(it) => &it.expr,
            Expr::Paren(it) => &it.expr,
            Expr::Match(it) => &it.expr,
            Expr::MethodCall(it) if it.method != "serve" => &it.receiver,
            _ => return Some(expression),
        };
        expression = inner;
    }
}

fn reads_arguments(block: &Block) -> bool {
    let mut arguments = Arguments(false);
    arguments.visit_block(block);
    arguments.0
}

/// Whether the command line is read: `Args::parse()`, `env::args()`, `.get_matches()`.
struct Arguments(bool);

impl<'a> Visit<'a> for Arguments {
    fn visit_expr_call(&mut self, call: &'a ExprCall) {
        if let (Expr::Path(function), true) = (&*call.func, call.args.is_empty()) {
            let segments = &function.path.segments;
            let last = segments.last().map(|last| last.ident.to_string());
            let last = last.unwrap_or_default();
            let is_method = segments.len() > 1 && matches!(last.as_str(), "parse" | "try_parse");
            self.0 |= is_method || matches!(last.as_str(), "args" | "args_os");
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        self.0 |= call.method == "get_matches" || call.method == "try_get_matches";
        visit::visit_expr_method_call(self, call);
    }
}
