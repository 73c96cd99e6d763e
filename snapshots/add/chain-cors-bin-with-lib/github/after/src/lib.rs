//! Recipes for language models.

#[rustfmt::skip]
mod auth;
pub mod book;
pub mod server;
