//! Recipes for language models.

pub mod book;
pub mod server;
