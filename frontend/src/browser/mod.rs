//! The only wrappers of what the browser offers beside drawing: clipboard, focus, media queries.

pub mod clipboard;
pub mod file_drop;
pub mod focus;
pub mod media;
pub mod pattern;
pub mod profile_worker;
