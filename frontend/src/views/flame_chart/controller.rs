//! Joins the flame chart on the page and the stage that draws it: owns what both need to know.

use super::ChartDesk;
use super::stage::{Place, Stage, Target};
use crate::canvas::HtmlCanvasElement;
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::palette::Palette;
use crate::canvas::surface::Surface;
use crate::canvas::theme_watch::ThemeWatch;
use crate::reactive::{RwSignal, effect};
use crate::views::flame_graph::camera::is_same_window;
use crate::views::flame_graph::controller::set_if_new;
use crate::views::flame_graph::interaction::Gesture;
use crate::views::flame_graph::scene::RestSummary;
use crate::views::on_screen::{Shown, tell_picture};
use flarepath_profile::flame::BoxId;
use leptos::html::Div;
use leptos::prelude::*;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

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
    pub(super) desk: ChartDesk,
    pub(super) pad: NodeRef<Div>,
    pub(super) live: StoredValue<Option<Live>, LocalStorage>,
    pub(super) started: RwSignal<bool>,
    pub(super) gesture: StoredValue<Gesture>,
    pub(super) settling: StoredValue<u64>,
    pub(super) missed: RwSignal<bool>,
    pub(super) pointer: RwSignal<Option<(f64, f64, Target)>>,
    pub(super) by_keyboard: RwSignal<bool>,
    pub(super) has_focus: RwSignal<bool>,
    /// The selected box, if any.
    pub(super) selected: RwSignal<Option<BoxId>>,
    /// Places of the hovered and of the selected box.
    pub(super) overlay: RwSignal<(Option<Place>, Option<Place>)>,
    pub(super) rest: RwSignal<RestSummary>,
    pub(super) scrolls: RwSignal<bool>,
    /// The part seen, as shares of the whole time.
    pub(super) window: RwSignal<(f64, f64)>,
    pub(super) failure: RwSignal<Option<String>>,
}

impl Controller {
    #[inline(never)]
    pub(super) fn new(desk: ChartDesk, pad: NodeRef<Div>) -> Controller {
        Controller {
            desk,
            pad,
            live: StoredValue::new_local(None),
            started: RwSignal::new(false),
            gesture: StoredValue::new(Gesture::default()),
            settling: StoredValue::new(0),
            missed: RwSignal::new(false),
            pointer: RwSignal::new(None),
            by_keyboard: RwSignal::new(false),
            has_focus: RwSignal::new(false),
            selected: RwSignal::new(None),
            overlay: RwSignal::new((None, None)),
            rest: RwSignal::new(RestSummary::default()),
            scrolls: RwSignal::new(false),
            window: RwSignal::new((0.0, 1.0)),
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
        let stage = Rc::new(RefCell::new(Stage::new(surface, Palette::read(&canvas))));
        let drawn = stage.clone();
        let draw = FrameLoop::new(move |now| {
            let next = drawn.borrow_mut().draw(now);
            self.publish(&drawn.borrow());
            next
        });
        let theme = {
            let stage = stage.clone();
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
            Target::Box(id) => stage.place(id),
            Target::Rest { .. } => None,
        });
        let selected = self.selected.try_get_untracked().flatten().and_then(|id| stage.place(id));
        set_if_new(self.overlay, (hovered, selected));
        set_if_new(self.rest, stage.rest());
        set_if_new(self.scrolls, stage.overflows());
        set_if_new(self.window, stage.window());
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

    /// Keeps the stage up with the signals of the chart.
    pub(super) fn follow(self) {
        let desk = self.desk;
        effect(move || {
            if !self.started.get() {
                return;
            }
            let (chart, look) = (desk.chart.get(), desk.look.get());
            self.stage(|stage| {
                let fresh = stage.chart != chart;
                if fresh {
                    stage.chart = chart;
                    self.pointer.set(None);
                    set_if_new(self.selected, None);
                }
                let camera = stage.camera_for(look);
                let now = stage.camera();
                if fresh || !is_same_window(&camera, &now) || (camera.top - now.top).abs() > 0.5 {
                    // What was to be written down is no longer what is looked at.
                    self.settling.set_value(self.settling.get_value() + 1);
                    stage.look(camera, !fresh);
                }
            });
        });
        effect(move || {
            let (colours, found) = (desk.colours.get(), desk.found.get());
            if self.started.get() {
                self.stage(|stage| (stage.colours, stage.found) = (colours, found));
            }
        });
        effect(move || {
            if let (Some((_, id)), true) = (desk.jump.get(), self.started.get()) {
                self.select(id);
            }
        });
    }

    pub(super) fn select(self, id: BoxId) {
        self.selected.set(Some(id));
        self.stage(|stage| stage.reveal(id));
        self.settle_soon();
    }
}
