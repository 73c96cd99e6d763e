//! What the mounts say about the addition: where the service is, which features it needs, what becomes of it.
//! Pure.

use std::collections::BTreeSet;

use super::Protected;
use crate::{
    existing::{
        mounts::{Mount, MountPath},
        site::Site,
    },
    insertion::{FileEdit, Insertion},
};

pub fn protected(site: &Site, edits: &[FileEdit]) -> Vec<Protected> {
    let text = |mount: &Mount| {
        let file = site
            .sources
            .files
            .iter()
            .find(|file| file.path == mount.file)?;
        file.text.get(mount.service.clone())
    };
    let opening = |mount: &Mount| {
        let edit = edits.iter().find(|edit| edit.path == mount.file)?;
        let at_start = |it: &&Insertion| it.at == mount.service.start;
        edit.insertions
            .iter()
            .find(at_start)
            .map(|it| it.text.trim())
    };
    let mounts = site.mounts.iter().map(|mount| {
        let before = text(mount).unwrap_or_default();
        Protected {
            mount: mount.clone(),
            before: before.to_owned(),
            after: format!("{}{before})", opening(mount).unwrap_or_default()),
        }
    });
    mounts.collect()
}

/// The one path of all mounts; the whole server if there are several; `None` if the source does not tell.
pub fn mcp_path(mounts: &[Mount]) -> Option<String> {
    let mut paths = BTreeSet::new();
    for mount in mounts {
        match &mount.path {
            MountPath::Known(path) => _ = paths.insert(path.as_str()),
            MountPath::Root => _ = paths.insert(""),
            MountPath::Expression(_) => return None,
        }
    }
    match paths.len() {
        1 => paths.pop_first().map(str::to_owned),
        _ => Some(String::new()),
    }
}

/// The feature that every mount needs.
pub fn gate(mounts: &[Mount]) -> Option<String> {
    let (first, others) = mounts.split_first()?;
    let shared = first
        .cfgs
        .iter()
        .filter(|cfg| others.iter().all(|mount| mount.cfgs.contains(cfg)));
    shared.filter_map(|cfg| whole_feature(cfg)).next()
}

/// `x` of `feature = "x"`.
fn whole_feature(cfg: &str) -> Option<String> {
    let value = cfg
        .trim()
        .strip_prefix("feature")?
        .trim_start()
        .strip_prefix('=')?;
    let name = value.trim().strip_prefix('"')?.strip_suffix('"')?;
    (!name.contains('"')).then(|| name.to_owned())
}

/// All that the mounts ask for. Of `any(...)` that is more than needed; what is asked to be off is left out.
/// `required` are those of their crate.
pub fn features(mounts: &[Mount], required: &[String]) -> Vec<String> {
    let cfgs = mounts.iter().flat_map(|mount| &mount.cfgs);
    let named = cfgs.filter(|cfg| !cfg.contains("not(")).flat_map(|cfg| {
        let parts = cfg.split("feature").skip(1);
        parts.filter_map(|part| part.trim_start().strip_prefix('=')?.split('"').nth(1))
    });
    let required = required.iter().map(String::as_str);
    let sorted: BTreeSet<&str> = named.chain(required).collect();
    sorted.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mount(path: MountPath, cfgs: &[&str]) -> Mount {
        Mount {
            file: "src/main.rs".parse().unwrap(),
            line: 1,
            call: "nest_service".into(),
            function: "main".into(),
            service: 0..1,
            path,
            leaves_function: false,
            cfgs: cfgs.iter().map(|cfg| (*cfg).to_owned()).collect(),
        }
    }

    fn known(path: &str, cfgs: &[&str]) -> Mount {
        mount(MountPath::Known(path.into()), cfgs)
    }

    #[test]
    fn several_paths_are_the_whole_server_and_an_expression_is_unknown() {
        assert_eq!(
            mcp_path(&[known("/mcp", &[]), known("/mcp", &[])]).unwrap(),
            "/mcp"
        );
        assert_eq!(mcp_path(&[known("/a", &[]), known("/b", &[])]).unwrap(), "");
        assert_eq!(mcp_path(&[mount(MountPath::Root, &[])]).unwrap(), "");
        assert_eq!(
            mcp_path(&[mount(MountPath::Expression("path".into()), &[])]),
            None
        );
    }

    #[test]
    fn the_gate_is_a_feature_that_all_mounts_need() {
        let (http, both) = ("feature = \"http\"", "all(unix, feature = \"tls\")");
        assert_eq!(
            gate(&[known("/", &[both, http]), known("/", &[http])]).unwrap(),
            "http"
        );
        assert_eq!(gate(&[known("/", &[both])]), None);
        assert_eq!(gate(&[known("/", &[http]), known("/", &[])]), None);
    }

    #[test]
    fn every_feature_that_is_asked_for_is_turned_on() {
        let cfgs = [
            "all(feature = \"a\", feature=\"b\")",
            "not(feature = \"c\")",
            "unix",
        ];
        let required = ["z".to_owned()];
        assert_eq!(features(&[known("/", &cfgs)], &required), ["a", "b", "z"]);
    }
}
