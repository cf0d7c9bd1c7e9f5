//! Notifies when a canvas must be redrawn: its element was resized, or the theme changed.

use crate::canvas::theme_watch::ThemeWatch;
use crate::reactive::effect;
use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

struct Watch {
    size: Option<ResizeObserver>,
    _theme: ThemeWatch,
    _call: Closure<dyn FnMut()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(size) = &self.size {
            size.disconnect();
        }
    }
}

/// Calls `changed` from when `canvas` is on the page until the current owner is disposed of.
pub(crate) fn size_and_theme(canvas: NodeRef<Canvas>, changed: impl Fn() + Clone + 'static) {
    let watch = StoredValue::new_local(None::<Watch>);
    effect(move || {
        let Some(canvas) = canvas.get() else { return };
        let theme = ThemeWatch::new(changed.clone());
        let changed = changed.clone();
        let call: Closure<dyn FnMut()> = Closure::new(changed);
        let size = ResizeObserver::new(call.as_ref().unchecked_ref()).ok();
        if let Some(size) = &size {
            size.observe(&canvas);
        }
        watch.set_value(Some(Watch { size, _theme: theme, _call: call }));
    });
}
