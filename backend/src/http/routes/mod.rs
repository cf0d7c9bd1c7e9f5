//! Handlers, one resource a file.

mod profile_body;
pub(crate) mod push;
