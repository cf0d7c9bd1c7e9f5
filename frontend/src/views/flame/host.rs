//! Joins the canvas on the page, the [`Stage`] that draws on it and the [`Owner`] of the boxes.
//!
//! [`super::events`] turns DOM events into actions, [`super::actions`] handles them.

use super::boxes::Boxes;
use super::camera::is_same_window;
use super::interaction::Gesture;
use super::owner::Owner;
use super::scene::RestSummary;
use super::stage::{Place, Stage, Target};
use crate::canvas::HtmlCanvasElement;
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::palette::Palette;
use crate::canvas::surface::Surface;
use crate::canvas::theme_watch::ThemeWatch;
use crate::reactive::{RwSignal, effect};
use crate::views::on_screen::{Shown, add_picture};
use flarepath_profile::flame::BoxId;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What exists once the canvas does.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) stage: Rc<RefCell<Stage>>,
    frames: FrameLoop,
    _theme: Rc<ThemeWatch>,
}

/// The state of one flame canvas. Copied freely; owns nothing that outlives the component.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    owner: StoredValue<Rc<dyn Owner>, LocalStorage>,
    pub(super) upward: bool,
    /// Tells the canvases of one page apart in DOM ids.
    pub(super) number: u32,
    pub(super) canvas: NodeRef<Canvas>,
    /// The element that receives pointer and keyboard.
    pub(super) pad: NodeRef<Div>,
    pub(super) live: StoredValue<Option<Live>, LocalStorage>,
    /// Whether there is a stage, for what has to follow that.
    pub(super) started: RwSignal<bool>,
    pub(super) gesture: StoredValue<Gesture>,
    /// Counts the moves of the camera that wait to be written into the URL.
    pub(super) settling: StoredValue<u64>,
    /// Whether the last click met no box.
    pub(super) missed: RwSignal<bool>,
    pub(super) pointer: RwSignal<Option<(f64, f64, Target)>>,
    pub(super) by_keyboard: RwSignal<bool>,
    pub(super) has_focus: RwSignal<bool>,
    pub(super) selected: RwSignal<Option<BoxId>>,
    pub(super) zoomed: RwSignal<BoxId>,
    /// Places of the hovered and of the selected box.
    pub(super) overlay: RwSignal<(Option<Place>, Option<Place>)>,
    pub(super) rest: RwSignal<RestSummary>,
    /// Whether the boxes are higher than the surface.
    pub(super) scrolls: RwSignal<bool>,
    /// How many rows there are beyond those on the surface.
    pub(super) beyond: RwSignal<u32>,
    /// Why nothing can be drawn.
    pub(super) failure: RwSignal<Option<String>>,
}

impl Host {
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(owner: Rc<dyn Owner>, upward: bool) -> Host {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let host = Host {
            owner: StoredValue::new_local(owner),
            upward,
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            canvas: NodeRef::new(),
            pad: NodeRef::new(),
            live: StoredValue::new_local(None),
            started: RwSignal::new(false),
            gesture: StoredValue::new(Gesture::default()),
            settling: StoredValue::new(0),
            missed: RwSignal::new(false),
            pointer: RwSignal::new(None),
            by_keyboard: RwSignal::new(false),
            has_focus: RwSignal::new(false),
            selected: RwSignal::new(None),
            zoomed: RwSignal::new(BoxId(0)),
            overlay: RwSignal::new((None, None)),
            rest: RwSignal::new(RestSummary::default()),
            scrolls: RwSignal::new(false),
            beyond: RwSignal::new(0),
            failure: RwSignal::new(None),
        };
        effect(move || host.canvas.get().into_iter().for_each(|canvas| host.start(canvas)));
        host.follow();
        host
    }

    /// The owner; `None` once the component is gone.
    pub(super) fn owner(self) -> Option<Rc<dyn Owner>> {
        self.owner.try_get_value()
    }

    fn start(self, canvas: HtmlCanvasElement) {
        let frames = Rc::new(OnceCell::<FrameLoop>::new());
        let wake = {
            let frames = frames.clone();
            move || frames.get().into_iter().for_each(FrameLoop::request)
        };
        let surface = match Surface::attach(canvas.clone(), wake) {
            Ok(surface) => surface,
            Err(error) => return self.failure.set(Some(error.to_string())),
        };
        let stage = Stage::new(surface, Palette::read(&canvas), self.upward);
        let stage = Rc::new(RefCell::new(stage));
        let drawn = stage.clone();
        let draw = FrameLoop::new(move |now| {
            let next = drawn.borrow_mut().draw(now);
            self.publish(&drawn.borrow());
            next
        });
        let theme = {
            let (stage, frames) = (stage.clone(), frames.clone());
            ThemeWatch::new(move || {
                stage.borrow_mut().set_palette(Palette::read(&canvas));
                frames.get().into_iter().for_each(FrameLoop::draw_now);
            })
        };
        drop(frames.set(draw.clone()));
        let picture: Rc<dyn Shown> = stage.clone();
        add_picture(Rc::downgrade(&picture));
        self.live.set_value(Some(Live { stage, frames: draw, _theme: Rc::new(theme) }));
        self.started.set(true);
    }

    /// Brings what the last drawing showed to the page.
    pub(super) fn publish(self, stage: &Stage) {
        let hovered = self.pointer.try_get_untracked().flatten().and_then(|(_, _, t)| match t {
            Target::Box(id) => stage.place(id),
            Target::Rest { .. } => None,
        });
        let selected = self.selected.try_get_untracked().flatten().and_then(|id| stage.place(id));
        set_if_new(self.overlay, (hovered, selected));
        set_if_new(self.rest, stage.rest());
        set_if_new(self.scrolls, stage.overflows());
        set_if_new(self.beyond, stage.rows_beyond());
        self.owner().into_iter().for_each(|owner| owner.drawn(stage));
    }

    /// Reads the stage, if there is one.
    pub(super) fn read<R>(self, f: impl FnOnce(&Stage) -> R) -> Option<R> {
        let live = self.live.try_get_value().flatten()?;
        let stage = live.stage.borrow();
        Some(f(&stage))
    }

    /// Changes the stage, if there is one, and has it drawn.
    pub(super) fn update<R>(self, f: impl FnOnce(&mut Stage) -> R) -> Option<R> {
        let live = self.live.try_get_value().flatten()?;
        let result = f(&mut live.stage.borrow_mut());
        live.frames.request();
        Some(result)
    }

    /// Keeps the stage up to date with the owner's signals.
    fn follow(self) {
        let owner = move || self.owner().filter(|_| self.started.get());
        effect(move || {
            let Some(owner) = owner() else { return };
            let boxes = owner.boxes();
            self.update(|stage| self.replace_boxes(stage, &*owner, boxes));
            let Some(now) = self.read(Stage::framing) else { return };
            let fresh = self.update(|stage| std::mem::take(&mut stage.fresh)) == Some(true);
            let (zoomed, camera) = owner.location(now, fresh);
            set_if_new(self.zoomed, zoomed);
            self.update(|stage| {
                stage.zoomed = zoomed;
                let moved =
                    !is_same_window(&camera, &now.camera) || (camera.top - now.camera.top).abs() > 0.5;
                if fresh || moved {
                    // A camera that still waits to be written into the URL is no longer current.
                    self.settling.set_value(self.settling.get_value() + 1);
                    stage.look(camera, !fresh);
                }
            });
        });
        effect(move || {
            let Some(owner) = owner() else { return };
            let (colours, found, measure) = owner.paint();
            self.update(|stage| (stage.colours, stage.found, stage.measure) = (colours, found, measure));
        });
        effect(move || {
            if let Some(id) = owner().and_then(|owner| owner.jump()) {
                self.select(id);
            }
        });
    }

    /// Puts other boxes on the stage; the selection stays on its stack where that is still there.
    fn replace_boxes(self, stage: &mut Stage, owner: &dyn Owner, boxes: Option<Arc<dyn Boxes>>) {
        let address = |boxes: &Option<Arc<dyn Boxes>>| boxes.as_ref().map(|b| Arc::as_ptr(b).cast::<()>());
        if address(&stage.boxes) == address(&boxes) {
            return;
        }
        let selected = self.selected.get_untracked().zip(stage.boxes.take());
        let selected = selected.and_then(|(id, old)| owner.carry_over(&*old, id));
        (stage.boxes, stage.zoomed, stage.fresh) = (boxes, BoxId(0), true);
        self.pointer.set(None);
        set_if_new(self.selected, selected);
    }

    /// Selects a box and brings it into sight.
    pub(super) fn select(self, id: BoxId) {
        self.selected.set(Some(id));
        self.update(|stage| stage.reveal(id));
        if self.owner().is_some_and(|owner| owner.selection_moves_url()) {
            self.settle_soon();
        }
    }
}

/// Sets a signal only when it changes, and not at all when its component is gone.
pub(crate) fn set_if_new<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_get_untracked().is_some_and(|now| now != value) {
        signal.set(value);
    }
}
