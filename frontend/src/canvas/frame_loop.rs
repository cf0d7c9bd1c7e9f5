//! Schedules at most one draw per animation frame.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Whether the drawing wants to be called for the next frame too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing moves; wait for the next [`FrameLoop::request`].
    Rest,
    /// An animation is running.
    Frame,
}

/// What the browser calls with the time of a frame.
type Tick = Closure<dyn FnMut(f64)>;

struct Inner {
    pending: Cell<Option<i32>>,
    draw: RefCell<Box<dyn FnMut(f64) -> Next>>,
    tick: RefCell<Option<Tick>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let (Some(id), Some(window)) = (self.pending.get(), web_sys::window()) {
            // A handle that is no longer pending is ignored by the browser.
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
                // A drawing that asks for a frame while it draws finds the cell borrowed for this call only.
                let next = inner.draw.borrow_mut()(now);
                if next == Next::Frame {
                    FrameLoop(inner).request();
                }
            }
        });
        *inner.tick.borrow_mut() = Some(tick);
        FrameLoop(inner)
    }

    /// Asks for a drawing before the next repaint; asking twice is asking once.
    pub(crate) fn request(&self) {
        if self.0.pending.get().is_some() {
            return;
        }
        let tick = self.0.tick.borrow();
        if let (Some(window), Some(tick)) = (web_sys::window(), tick.as_ref()) {
            // Only fails in documents that are gone, where there is nothing to draw on.
            self.0.pending.set(window.request_animation_frame(tick.as_ref().unchecked_ref()).ok());
        }
    }
}
