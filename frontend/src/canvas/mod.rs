//! Canvas access for painters: a surface that fits its element, the colours of the theme, text width, animation frames.
//! Independent of profiles.

pub(crate) mod frame_loop;
pub(crate) mod hatch;
pub(crate) mod palette;
pub(crate) mod surface;
pub(crate) mod theme_watch;

/// The element that a surface draws on, for code that must not name the browser's types itself.
pub(crate) use leptos::web_sys::HtmlCanvasElement;
