//! Canvas plumbing: a surface that fits its element, the colours of the theme, the width of text, one animation frame at a
//! time. Knows nothing of profiles.

pub(crate) mod frame_loop;
pub(crate) mod palette;
pub(crate) mod surface;
pub(crate) mod theme_watch;

/// The element that a surface draws on: others name it from here, so that only this rim names the browser.
pub(crate) use leptos::web_sys::HtmlCanvasElement;
