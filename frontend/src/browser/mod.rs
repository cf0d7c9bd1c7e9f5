//! The only wrappers of what the browser offers beside drawing: clipboard, focus, media queries.

pub mod clipboard;
pub mod focus;
pub mod media;
pub mod pattern;
