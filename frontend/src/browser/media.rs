//! Properties of the screen and the clock of the page.

/// Width below which the page is laid out for a phone; the style sheets use the same.
const NARROW: &str = "(max-width: 640px)";

/// Whether the window is as narrow as a phone.
pub(crate) fn is_narrow() -> bool {
    matches(NARROW)
}

/// Whether the person asked their system for less motion.
pub(crate) fn is_motion_reduced() -> bool {
    matches("(prefers-reduced-motion: reduce)")
}

fn matches(query: &str) -> bool {
    web_sys::window().and_then(|w| w.match_media(query).ok().flatten()).is_some_and(|m| m.matches())
}

/// Milliseconds since the page was opened.
pub(crate) fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}
