//! The place where authentication goes: one package, its mounts; or the reason why there is none.
//! Joins the other files of `existing`; pure but for `Files`.

use anyhow::{Result, bail};

use super::{
    Files,
    modules::CrateSources,
    mounts::{ByHand, Mount},
    package::{Package, Workspace},
};

/// What a person said about the place.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// `--package`
    pub package: Option<String>,
    /// `--at FILE:LINE`, as typed; the file is relative to where the person stands or to the workspace.
    pub at: Vec<String>,
    /// `--force`: authentication that is there already is no obstacle.
    pub force: bool,
    /// The folder the person named, relative to the workspace's root: empty, or with `/` at its end.
    pub folder: String,
}

/// Where authentication goes.
#[derive(Clone, Debug)]
pub struct Site {
    pub package: Package,
    /// The crate that gets the module.
    pub sources: CrateSources,
    pub mounts: Vec<Mount>,
    /// The module's name: `auth`, or `mcp_auth` where that is taken.
    pub module: String,
    /// The folder of the crate root, as in `crates/server/src/`: `auth.rs` goes here.
    pub module_folder: String,
    /// `add` was here before: mounts are wrapped already.
    pub is_done: bool,
    /// The locked version of rmcp, else its requirement.
    pub rmcp: String,
    /// Steps that remain for a person, whatever is edited.
    pub remaining: Vec<ByHand>,
    /// Worth knowing, in a sentence each.
    pub notes: Vec<String>,
}

/// Finds the site. All reasons against it come as one `Refusal`, with file, line and what to do.
pub fn find(_workspace: &Workspace, _wish: &Wish, _files: &dyn Files) -> Result<Site> {
    bail!("not written yet")
}
