//! Joins the flame graph on the page and the stage that draws it: owns what both need to know.
//!
//! [`super::events`] turns events into actions, [`super::actions`] does them, [`super::follow`] brings in what
//! the owner says, [`super::presentation`] words what is shown beside the picture.

use super::Flame;
use super::interaction::Gesture;
use super::pins::Pins;
use super::scene::RestSummary;
use super::stage::{Place, Stage, Target};
use crate::canvas::HtmlCanvasElement;
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::palette::Palette;
use crate::canvas::surface::Surface;
use crate::canvas::theme_watch::ThemeWatch;
use crate::reactive::RwSignal;
use crate::views::on_screen::{Shown, tell_picture};
use flarepath_profile::call_tree::NodeId;
use leptos::html::Div;
use leptos::prelude::*;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What exists once the canvas does.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) stage: Rc<RefCell<Stage>>,
    frames: FrameLoop,
    _theme: Rc<ThemeWatch>,
}

/// See the module. Copied freely; owns nothing that outlives the component.
#[derive(Clone, Copy)]
pub(crate) struct Controller {
    pub(super) flame: Flame,
    pub(super) pad: NodeRef<Div>,
    pub(super) live: StoredValue<Option<Live>, LocalStorage>,
    pub(super) started: RwSignal<bool>,
    pub(super) gesture: StoredValue<Gesture>,
    pub(super) settling: StoredValue<u64>,
    /// Whether the last click met no box.
    pub(super) missed: RwSignal<bool>,
    pub(super) pointer: RwSignal<Option<(f64, f64, Target)>>,
    pub(super) by_keyboard: RwSignal<bool>,
    pub(super) has_focus: RwSignal<bool>,
    pub(super) number: u32,
    /// The selected node, if any.
    pub(super) selected: RwSignal<Option<NodeId>>,
    pub(super) zoomed: RwSignal<NodeId>,
    /// Places of the hovered and of the selected box.
    pub(super) overlay: RwSignal<(Option<Place>, Option<Place>)>,
    /// Places of the marked boxes, each with its number.
    pub(super) pins: RwSignal<Vec<(usize, Place)>>,
    pub(super) pinned: Option<Pins>,
    pub(super) rest: RwSignal<RestSummary>,
    /// Whether the picture is higher than its surface.
    pub(super) scrolls: RwSignal<bool>,
    /// Why nothing can be drawn.
    pub(super) failure: RwSignal<Option<String>>,
}

impl Controller {
    // Not inlined, so that what copies the many handles copies them as one block: smaller code.
    #[inline(never)]
    pub(super) fn new(flame: Flame, pad: NodeRef<Div>) -> Controller {
        // Several flame graphs on one page need ids that differ.
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        Controller {
            flame,
            pad,
            live: StoredValue::new_local(None),
            started: RwSignal::new(false),
            gesture: StoredValue::new(Gesture::default()),
            settling: StoredValue::new(0),
            missed: RwSignal::new(false),
            pointer: RwSignal::new(None),
            by_keyboard: RwSignal::new(false),
            has_focus: RwSignal::new(false),
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            selected: RwSignal::new(None),
            zoomed: RwSignal::new(NodeId::ROOT),
            overlay: RwSignal::new((None, None)),
            pins: RwSignal::new(Vec::new()),
            pinned: use_context(),
            rest: RwSignal::new(RestSummary::default()),
            scrolls: RwSignal::new(false),
            failure: RwSignal::new(None),
        }
    }

    /// Takes over the canvas.
    pub(super) fn start(self, canvas: HtmlCanvasElement) {
        let frames = Rc::new(OnceCell::<FrameLoop>::new());
        let wake = {
            let frames = frames.clone();
            move || frames.get().into_iter().for_each(FrameLoop::request)
        };
        let surface = match Surface::attach(canvas.clone(), wake.clone()) {
            Ok(surface) => surface,
            Err(error) => return self.failure.set(Some(error.to_string())),
        };
        let stage = Stage::new(surface, Palette::read(&canvas), self.flame.upward);
        let stage = Rc::new(RefCell::new(stage));
        let drawn = stage.clone();
        let draw = FrameLoop::new(move |now| {
            let next = drawn.borrow_mut().draw(now);
            self.publish(&drawn.borrow());
            next
        });
        let theme = {
            let (stage, canvas) = (stage.clone(), canvas);
            ThemeWatch::new(move || {
                stage.borrow_mut().set_palette(Palette::read(&canvas));
                wake();
            })
        };
        drop(frames.set(draw.clone()));
        let told: Rc<dyn Shown> = stage.clone();
        tell_picture(Rc::downgrade(&told));
        self.live.set_value(Some(Live { stage, frames: draw, _theme: Rc::new(theme) }));
        self.started.set(true);
    }

    /// Tells the page what the last drawing showed.
    pub(super) fn publish(self, stage: &Stage) {
        let hovered = self.pointer.try_get_untracked().flatten().and_then(|(_, _, t)| match t {
            Target::Node(node) => stage.place(node),
            Target::Rest { .. } => None,
        });
        let selected = self.selected.try_get_untracked().flatten().and_then(|node| stage.place(node));
        set_if_new(self.overlay, (hovered, selected));
        if let Some(pins) = self.pinned {
            (pins.place)(self, stage);
        }
        set_if_new(self.rest, stage.rest());
        set_if_new(self.scrolls, stage.overflows());
    }

    /// Asks the stage, if there is one; nothing is drawn anew.
    pub(super) fn ask<R>(self, f: impl FnOnce(&Stage) -> R) -> Option<R> {
        let live = self.live.try_get_value().flatten()?;
        let stage = live.stage.borrow();
        Some(f(&stage))
    }

    /// Runs `f` on the stage, if there is one, and draws.
    pub(super) fn stage<R>(self, f: impl FnOnce(&mut Stage) -> R) -> Option<R> {
        let live = self.live.try_get_value().flatten()?;
        let result = f(&mut live.stage.borrow_mut());
        live.frames.request();
        Some(result)
    }

    pub(super) fn select(self, node: NodeId) {
        self.selected.set(Some(node));
        self.stage(|stage| stage.reveal(node));
    }
}

/// Sets a signal only when it changes, and not at all when its owner is gone.
pub(crate) fn set_if_new<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_get_untracked().is_some_and(|now| now != value) {
        signal.set(value);
    }
}
