//! Notifies of theme changes, by the page's switch or by the system.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MediaQueryList, MutationObserver, MutationObserverInit};

/// Observes the theme until it is dropped.
pub(crate) struct ThemeWatch {
    observer: Option<MutationObserver>,
    system: Option<MediaQueryList>,
    on_change: Closure<dyn FnMut()>,
}

impl ThemeWatch {
    /// Calls `on_change` after each change of theme.
    pub(crate) fn new(on_change: impl FnMut() + 'static) -> ThemeWatch {
        let on_change: Closure<dyn FnMut()> = Closure::new(on_change);
        let window = web_sys::window();
        let callback = on_change.as_ref().unchecked_ref();
        let observer = MutationObserver::new(callback).ok();
        let root = window.as_ref().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let (Some(observer), Some(root)) = (&observer, root) {
            let init = MutationObserverInit::new();
            init.set_attributes(true);
            // Observing the attributes of an existing element cannot fail.
            drop(observer.observe_with_options(&root, &init));
        }
        let system = window.and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten());
        if let Some(system) = &system {
            drop(system.add_event_listener_with_callback("change", callback));
        }
        ThemeWatch { observer, system, on_change }
    }
}

impl Drop for ThemeWatch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(system) = &self.system {
            let callback = self.on_change.as_ref().unchecked_ref();
            drop(system.remove_event_listener_with_callback("change", callback));
        }
    }
}
