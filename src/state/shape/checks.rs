//! Which texts will do in `mcp-auth.toml`; the error says why one will not.
//! Pure.

use std::str::FromStr;

use semver::Version;

use crate::{relative::RelativePath, state};

pub fn any(_: &str) -> Result<(), String> {
    Ok(())
}

pub fn parses<T: FromStr<Err = String>>(text: &str) -> Result<(), String> {
    text.parse::<T>().map(|_| ())
}

pub fn version(text: &str) -> Result<(), String> {
    text.parse::<Version>()
        .map(|_| ())
        .map_err(|_| "it is no version".to_owned())
}

pub fn one_of(text: &str, words: &[&str]) -> Result<(), String> {
    match words.contains(&text) {
        true => Ok(()),
        false => Err(format!("use {}", words.join(", "))),
    }
}

pub fn hash(text: &str) -> Result<(), String> {
    let is_hash = text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hash
        .then_some(())
        .ok_or_else(|| "it is no SHA-256".to_owned())
}

/// A file of the project that is none of ours.
pub fn file(text: &str) -> Result<(), String> {
    parses::<RelativePath>(text)?;
    match state::is_own(text) {
        true => Err("mcp-auth keeps its own things there".to_owned()),
        false => Ok(()),
    }
}

pub fn identifier(text: &str) -> Result<(), String> {
    match syn::parse_str::<syn::Ident>(text) {
        Ok(_) => Ok(()),
        Err(_) => Err("it is no name of a module".to_owned()),
    }
}
