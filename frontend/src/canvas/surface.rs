//! A canvas that covers its element with one canvas pixel for each device pixel.
//!
//! Drawing uses CSS pixels; the context is scaled by the device pixel ratio. A resize is applied when the next frame is
//! drawn, because resizing clears the canvas.

use flarepath_profile::flame::within;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver};

/// Size of a surface.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Size {
    /// CSS pixels.
    pub(crate) width: f64,
    /// CSS pixels.
    pub(crate) height: f64,
    /// Device pixels for each CSS pixel.
    pub(crate) dpr: f64,
}

/// The browser has no 2D context, for instance for lack of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this browser does not provide a 2D canvas")]
pub(crate) struct NoContext;

/// A canvas and its opaque 2D context. Dropping it stops observing the size.
pub(crate) struct Surface {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    applied: Cell<Size>,
    observer: Option<ResizeObserver>,
    _on_resize: Closure<dyn FnMut()>,
}

impl Drop for Surface {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

impl Surface {
    /// Takes over `canvas`; `on_resize` is called whenever its element changes size, and once at the start.
    ///
    /// # Errors
    /// [`NoContext`].
    pub(crate) fn attach(
        canvas: HtmlCanvasElement,
        on_resize: impl FnMut() + 'static,
    ) -> Result<Rc<Surface>, NoContext> {
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &JsValue::from_str("alpha"), &JsValue::FALSE)
            .map_err(|_| NoContext)?;
        let context = canvas
            .get_context_with_context_options("2d", &options)
            .ok()
            .flatten()
            .and_then(|c| c.dyn_into::<CanvasRenderingContext2d>().ok())
            .ok_or(NoContext)?;
        let on_resize: Closure<dyn FnMut()> = Closure::new(on_resize);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(&canvas);
        }
        let applied = Cell::new(Size::default());
        Ok(Rc::new(Surface { canvas, context, applied, observer, _on_resize: on_resize }))
    }

    /// The size of the element now.
    pub(crate) fn size(&self) -> Size {
        let dpr = within(web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()), 0.5, 8.0);
        Size { width: self.canvas.client_width().into(), height: self.canvas.client_height().into(), dpr }
    }

    /// Left and top edge of the element in the window, in CSS pixels.
    pub(crate) fn place(&self) -> (f64, f64) {
        let rect = self.canvas.get_bounding_client_rect();
        (rect.left(), rect.top())
    }

    /// Accessible name of the tree that lies over the canvas; empty if there is none.
    pub(crate) fn label(&self) -> String {
        let tree = self.canvas.parent_element().and_then(|p| p.query_selector("[role=tree]").ok().flatten());
        tree.and_then(|tree| tree.get_attribute("aria-label")).unwrap_or_default()
    }

    /// Makes the canvas as large as its element and returns the context, scaled to CSS pixels.
    pub(crate) fn begin(&self) -> (&CanvasRenderingContext2d, Size) {
        let size = self.size();
        if size != self.applied.get() {
            self.canvas.set_width((size.width * size.dpr).round() as u32);
            self.canvas.set_height((size.height * size.dpr).round() as u32);
            self.applied.set(size);
        }
        // Only fails for values that are not finite.
        drop(self.context.set_transform(size.dpr, 0.0, 0.0, size.dpr, 0.0, 0.0));
        (&self.context, size)
    }
}

/// Width of one character of the monospace `font`, in CSS pixels.
pub(crate) fn char_advance(context: &CanvasRenderingContext2d, font: &str) -> f64 {
    context.set_font(font);
    context.measure_text("MMMMMMMMMM").map_or(7.2, |m| m.width() / 10.0)
}
