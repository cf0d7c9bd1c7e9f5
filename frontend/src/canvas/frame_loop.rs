//! Draws at most once per animation frame.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Whether to draw the next frame, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing moves: waits for the next [`FrameLoop::request`].
    Rest,
    /// An animation is running.
    Frame,
}

/// The browser's callback, with the time of the frame.
type Tick = Closure<dyn FnMut(f64)>;

struct Inner {
    pending: Cell<Option<i32>>,
    draw: RefCell<Box<dyn FnMut(f64) -> Next>>,
    tick: RefCell<Option<Tick>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(id), Some(window)) = (self.pending.get(), web_sys::window()) {
            // The browser ignores handles that are no longer pending.
            drop(window.cancel_animation_frame(id));
        }
    }
}

/// Calls a drawing function before the next repaint. Dropping it cancels what is pending.
#[derive(Clone)]
pub(crate) struct FrameLoop(Rc<Inner>);

impl FrameLoop {
    /// A loop that calls `draw` with the time of the frame in milliseconds.
    pub(crate) fn new(draw: impl FnMut(f64) -> Next + 'static) -> FrameLoop {
        let inner = Rc::new(Inner {
            pending: Cell::new(None),
            draw: RefCell::new(Box::new(draw)),
            tick: RefCell::new(None),
        });
        let weak: Weak<Inner> = Rc::downgrade(&inner);
        let tick = Closure::new(move |now: f64| {
            if let Some(inner) = weak.upgrade() {
                inner.pending.set(None);
                let next = inner.draw.borrow_mut()(now);
                if next == Next::Frame {
                    FrameLoop(inner).request();
                }
            }
        });
        *inner.tick.borrow_mut() = Some(tick);
        FrameLoop(inner)
    }

    /// Draws at once: before a page is printed there is no other frame.
    pub(crate) fn draw_now(&self) {
        let now = web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now());
        let next = self.0.draw.borrow_mut()(now);
        if next == Next::Frame {
            self.request();
        }
    }

    /// Requests a drawing before the next repaint, at most once per frame.
    pub(crate) fn request(&self) {
        if self.0.pending.get().is_some() {
            return;
        }
        let tick = self.0.tick.borrow();
        if let (Some(window), Some(tick)) = (web_sys::window(), tick.as_ref()) {
            // Only fails in documents that are gone.
            self.0.pending.set(window.request_animation_frame(tick.as_ref().unchecked_ref()).ok());
        }
    }
}
