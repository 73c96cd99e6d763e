//! Recipes for language models.

mod auth;
pub mod book;
pub mod server;
