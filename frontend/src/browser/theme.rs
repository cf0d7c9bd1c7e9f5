//! The theme of the page: `data-theme` on the root element is always `light` or `dark`.

use crate::browser::{print, storage};
use crate::state::preferences::Theme;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MediaQueryList;

const KEY: &str = "flarepath.theme";

/// What the person chose on this device.
pub(crate) fn stored() -> Theme {
    storage::read(KEY).and_then(|text| Theme::parse(&text)).unwrap_or_default()
}

/// Shows `theme` from now on and keeps it.
pub(crate) fn choose(theme: Theme) {
    storage::write(KEY, theme.as_str());
    apply(theme);
}

/// Shows `theme`. Paper is light, whatever the theme.
pub(crate) fn apply(theme: Theme) {
    show(if print::is_printed() { Theme::Light } else { theme });
}

/// Shows the page light while it is `printed`, and as before after that.
pub(crate) fn follow_print(printed: bool) {
    show(if printed { Theme::Light } else { stored() });
}

fn show(theme: Theme) {
    let dark = match theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => system().is_some_and(|query| query.matches()),
    };
    let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
    if let Some(root) = root {
        // A constant name cannot be refused.
        drop(root.set_attribute("data-theme", if dark { "dark" } else { "light" }));
    }
}

/// Follows the system for as long as the page lives, while the person has chosen nothing else.
pub(crate) fn follow_system() {
    let Some(query) = system() else { return };
    let on_change: Closure<dyn FnMut()> = Closure::new(|| apply(stored()));
    drop(query.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref()));
    // The page's own lifetime; the query must stay reachable for its listener to stay.
    on_change.forget();
    std::mem::forget(query);
}

fn system() -> Option<MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok().flatten()
}
