//! Colours of the theme, read from CSS custom properties when a view starts and when the theme changes, never while
//! drawing.

use web_sys::HtmlElement;

/// Number of colours of boxes: of packages and names, then of origins.
pub(crate) const FILLS: usize = flarepath_profile::flame::origin_color::COLORS as usize;
/// Number of colours of changes.
pub(crate) const CHANGES: usize = flarepath_profile::diff::color::FILLS as usize;

/// Colours of a flame graph as CSS text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Palette {
    /// `--flame-0` to `--flame-40`, see [`flarepath_profile::flame::origin_color`].
    pub(crate) fills: Vec<String>,
    /// `--diff-0` to `--diff-12`: changes, see [`flarepath_profile::diff::color`].
    pub(crate) changes: Vec<String>,
    /// `--flame-rest`: boxes drawn together.
    pub(crate) rest: String,
    /// `--flame-root`: the root.
    pub(crate) root: String,
    /// `--flame-hatch`: lines across boxes of unknown origin.
    pub(crate) hatch: String,
    /// `--flame-text`: text on boxes.
    pub(crate) text: String,
    /// `--flame-text-soft`: packages and values on boxes.
    pub(crate) text_soft: String,
    /// `--flame-text-dim`: text on faded boxes.
    pub(crate) text_dim: String,
    /// `--flame-background`.
    pub(crate) background: String,
    /// `--flame-font`: the font of labels, such as `12px monospace`.
    pub(crate) font: String,
}

impl Palette {
    /// Reads the colours that apply to `element`; a missing one is grey.
    pub(crate) fn read(element: &HtmlElement) -> Palette {
        let style = web_sys::window().and_then(|w| w.get_computed_style(element).ok().flatten());
        let get = |name: &str, fallback: &str| {
            let value = style.as_ref().and_then(|s| s.get_property_value(name).ok());
            let value = value.map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
            value.unwrap_or_else(|| fallback.to_owned())
        };
        let grey = "#999";
        Palette {
            fills: (0..FILLS).map(|i| get(&format!("--flame-{i}"), grey)).collect(),
            changes: (0..CHANGES).map(|i| get(&format!("--diff-{i}"), grey)).collect(),
            rest: get("--flame-rest", grey),
            root: get("--flame-root", grey),
            hatch: get("--flame-hatch", grey),
            text: get("--flame-text", "#000"),
            text_soft: get("--flame-text-soft", "#000"),
            text_dim: get("--flame-text-dim", "#333"),
            background: get("--flame-background", "#fff"),
            font: get("--flame-font", "12px monospace"),
        }
    }
}
