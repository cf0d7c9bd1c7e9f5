//! Handlers, one resource a file.

pub(super) mod call_tree;
pub(super) mod docs;
pub(super) mod health;
pub(super) mod instance;
pub(super) mod labels;
pub(super) mod page;
mod params;
mod profile_body;
pub(super) mod profile_types;
pub(crate) mod push;
pub(super) mod series;
pub(super) mod services;
