//! Carries events to the stage and what the stage says to the page.

use super::interaction::{self, Action, Gesture, LONG_PRESS_MS, Move, Pointer, Wheel};
use super::stage::{Place, Stage, Target};
use super::{Flame, MenuRequest, Zoom, tip};
use crate::browser::media;
use crate::canvas::HtmlCanvasElement;
use crate::canvas::frame_loop::FrameLoop;
use crate::canvas::palette::Palette;
use crate::canvas::surface::Surface;
use crate::canvas::theme_watch::ThemeWatch;
use crate::components::tooltip::Tip;
use crate::state::view::{HistoryMode, Window};
use crate::views::flame_graph::camera::Camera;
use crate::views::flame_graph::scene::RestSummary;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::BoxId;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::Div;
use leptos::leptos_dom::helpers::set_timeout;
use leptos::prelude::*;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Quiet time after a wheel turn before the URL follows.
const SETTLE: Duration = Duration::from_millis(200);

/// What exists once the canvas does.
#[derive(Clone)]
struct Live {
    stage: Rc<RefCell<Stage>>,
    frames: FrameLoop,
    _theme: Rc<ThemeWatch>,
}

/// See the module. Copied freely; owns nothing that outlives the component.
#[derive(Clone, Copy)]
pub struct Controller {
    flame: Flame,
    pad: NodeRef<Div>,
    live: StoredValue<Option<Live>, LocalStorage>,
    started: RwSignal<bool>,
    gesture: StoredValue<Gesture>,
    settling: StoredValue<u64>,
    pointer: RwSignal<Option<(f64, f64, Target)>>,
    by_keyboard: RwSignal<bool>,
    has_focus: RwSignal<bool>,
    number: u32,
    /// The selected node, if any.
    pub(super) selected: RwSignal<Option<NodeId>>,
    zoomed: RwSignal<NodeId>,
    /// Places of the hovered and of the selected box.
    pub(super) overlay: RwSignal<(Option<Place>, Option<Place>)>,
    rest: RwSignal<RestSummary>,
    /// Whether the picture is higher than its surface.
    pub(super) scrolls: RwSignal<bool>,
    /// Why nothing can be drawn.
    pub(super) failure: RwSignal<Option<String>>,
}

impl Controller {
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
            pointer: RwSignal::new(None),
            by_keyboard: RwSignal::new(false),
            has_focus: RwSignal::new(false),
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            selected: RwSignal::new(None),
            zoomed: RwSignal::new(NodeId::ROOT),
            overlay: RwSignal::new((None, None)),
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
        self.live.set_value(Some(Live { stage, frames: draw, _theme: Rc::new(theme) }));
        self.started.set(true);
    }

    /// Tells the page what the last drawing showed.
    fn publish(self, stage: &Stage) {
        let hovered = self.pointer.try_get_untracked().flatten().and_then(|(_, _, t)| match t {
            Target::Node(node) => stage.place(node),
            Target::Rest { .. } => None,
        });
        let selected = self.selected.try_get_untracked().flatten().and_then(|node| stage.place(node));
        set_if_new(self.overlay, (hovered, selected));
        set_if_new(self.rest, stage.rest());
        set_if_new(self.scrolls, stage.bounds().max_scroll() > 0.0);
    }

    /// Keeps the stage up with the signals of the flame graph.
    pub(super) fn follow(self) {
        let flame = self.flame;
        Effect::new(move |_| {
            if !self.started.get() {
                return;
            }
            let (picture, zoom) = (flame.picture.get(), flame.zoom.get());
            self.stage(|stage| {
                let fresh = stage.picture != picture;
                if fresh {
                    let names =
                        self.selected.get_untracked().zip(stage.picture.as_ref()).map(|(n, p)| p.names(n));
                    stage.picture = picture.clone();
                    let again = names.zip(picture.as_ref()).and_then(|(names, p)| p.resolve(&names));
                    self.pointer.set(None);
                    set_if_new(self.selected, again);
                }
                let zoomed = picture.as_ref().and_then(|p| p.resolve(&zoom.path));
                stage.zoomed = zoomed.unwrap_or(NodeId::ROOT);
                set_if_new(self.zoomed, stage.zoomed);
                let camera = stage.camera_for(stage.zoomed, zoom.window.filter(|_| zoomed.is_some()));
                if fresh || !camera.same_window(&stage.camera()) {
                    stage.look(camera, !fresh);
                }
            });
        });
        Effect::new(move |_| {
            let (colours, found) = (flame.colours.get(), flame.found.get());
            if self.started.get() {
                self.stage(|stage| (stage.colours, stage.found) = (colours, found));
            }
        });
        Effect::new(move |_| {
            if let (Some((_, node)), true) = (flame.jump.get(), self.started.get()) {
                self.select(node);
            }
        });
    }

    /// Runs `f` on the stage, if there is one, and draws.
    fn stage<R>(self, f: impl FnOnce(&mut Stage) -> R) -> Option<R> {
        let live = self.live.try_get_value().flatten()?;
        let result = f(&mut live.stage.borrow_mut());
        live.frames.request();
        Some(result)
    }

    fn select(self, node: NodeId) {
        self.selected.set(Some(node));
        self.stage(|stage| stage.reveal(node));
    }

    /// Does what a person means. `true` for `push` when "back" should undo it.
    pub(super) fn act(self, action: Action, push: bool) {
        match action {
            Action::Hover(x, y) => self.hover(x, y),
            Action::Leave => self.leave(),
            Action::Click(x, y) => self.click(x, y),
            Action::Pan(dx, dy) => self.move_camera(|camera, bounds| camera.panned(dx, dy, bounds)),
            Action::Zoom { x, factor } => self.move_camera(|camera, bounds| camera.zoomed(x, factor, bounds)),
            Action::Settle => self.settle(),
            Action::Menu(x, y) => self.menu_at(x, y),
            Action::Select(step) => self.step(step),
            Action::ZoomToSelection => {
                self.zoom_to(self.selected.get_untracked().unwrap_or(NodeId::ROOT), push)
            }
            Action::ZoomOut => self.zoom_out(push),
            Action::Reset => self.tell(Zoom::default(), push),
            Action::MenuOfSelection => self.menu_of_selection(),
        }
    }

    fn tell(self, zoom: Zoom, push: bool) {
        if zoom != self.flame.zoom.get_untracked() {
            let mode = if push { HistoryMode::Push } else { HistoryMode::Replace };
            self.flame.on_zoom.run((zoom, mode));
        }
    }

    fn zoom_to(self, node: NodeId, push: bool) {
        let names = self.flame.picture.with_untracked(|p| p.as_ref().map(|p| p.names(node)));
        if let Some(path) = names {
            self.tell(Zoom { path, window: None }, push);
        }
    }

    fn zoom_out(self, push: bool) {
        let zoom = self.flame.zoom.get_untracked();
        let mut path = zoom.path;
        if zoom.window.is_none() {
            path.pop();
        }
        self.tell(Zoom { path, window: None }, push);
    }

    fn move_camera(self, f: impl FnOnce(Camera, &super::camera::Bounds) -> Camera) {
        self.stage(|stage| {
            let to = f(stage.camera(), &stage.bounds());
            stage.look(to, false);
        });
    }

    /// Writes where one looks now into the URL.
    fn settle(self) {
        let zoom = self.stage(|stage| {
            let picture = stage.picture.clone()?;
            let Camera { x0, x1, .. } = stage.camera();
            let node = picture.deepest_covering(x0, x1);
            let window = stage.window_beside(node);
            Some(Zoom { path: picture.names(node), window })
        });
        if let Some(zoom) = zoom.flatten() {
            self.tell(zoom, false);
        }
    }

    fn settle_soon(self) {
        let turn = self.settling.get_value() + 1;
        self.settling.set_value(turn);
        set_timeout(
            move || {
                if self.settling.try_get_value() == Some(turn) {
                    self.settle();
                }
            },
            SETTLE,
        );
    }

    fn hover(self, x: f64, y: f64) {
        let target = self.stage(|stage| stage.target(x, y)).flatten();
        self.pointer.set(target.map(|t| (x, y, t)));
        set_if_new(self.by_keyboard, false);
    }

    pub(super) fn leave(self) {
        if self.pointer.get_untracked().is_some() {
            self.pointer.set(None);
            self.stage(|_| ());
        }
    }

    fn click(self, x: f64, y: f64) {
        match self.stage(|stage| stage.target(x, y)).flatten() {
            Some(Target::Node(node)) => {
                self.selected.set(Some(node));
                self.zoom_to(node, true);
            }
            Some(Target::Rest { first, count, .. }) => self.zoom_to_rest(first, count),
            None => {}
        }
    }

    fn zoom_to_rest(self, first: BoxId, count: u32) {
        let Some(picture) = self.flame.picture.get_untracked() else { return };
        let (layout, total) = (&picture.layout, picture.layout.width());
        let last = BoxId(first.0 + count.saturating_sub(1));
        let window = Window { from: layout.x0(first) / total, to: layout.x1(last) / total };
        if window.to > window.from {
            let parent = picture.tree.parent(layout.node(first));
            self.tell(Zoom { path: picture.names(parent), window: Some(window) }, true);
        }
    }

    fn step(self, step: Move) {
        set_if_new(self.by_keyboard, true);
        let Some(picture) = self.flame.picture.get_untracked() else { return };
        let (tree, layout) = (&picture.tree, &picture.layout);
        let Some(at) = self.selected.get_untracked() else { return self.select(self.zoomed.get_untracked()) };
        let id = layout.box_of(at);
        let siblings = layout.children(layout.box_of(tree.parent(at)));
        let sibling = |i: Option<usize>| i.filter(|i| at != NodeId::ROOT && siblings.contains(i));
        let to = match step {
            Move::Parent => Some(tree.parent(at)),
            Move::Root => Some(NodeId::ROOT),
            Move::Child => layout.children(id).next().map(|b| layout.node(BoxId(b as u32))),
            Move::Previous => sibling(id.index().checked_sub(1)).map(|b| layout.node(BoxId(b as u32))),
            Move::Next => sibling(Some(id.index() + 1)).map(|b| layout.node(BoxId(b as u32))),
        };
        self.select(to.unwrap_or(at));
    }

    // Events.

    pub(super) fn press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let pointer = pointer(event);
        if let Some(pad) = self.pad.get_untracked() {
            // Fails when the pointer is gone already.
            drop(pad.set_pointer_capture(pointer.id));
        }
        self.gesture.update_value(|g| g.press(pointer));
        if pointer.touch {
            let long = move || {
                if let Some(Some(action)) = self.gesture.try_with_value(Gesture::rests) {
                    self.act(action, true);
                }
            };
            set_timeout(long, Duration::from_millis(LONG_PRESS_MS as u64));
        }
    }

    pub(super) fn drag(self, event: &PointerEvent) {
        let pointer = pointer(event);
        let actions = self.gesture.try_update_value(|g| g.drag(pointer)).unwrap_or_default();
        for action in actions {
            self.act(action, false);
        }
    }

    pub(super) fn release(self, event: &PointerEvent) {
        let pointer = pointer(event);
        if let Some(action) = self.gesture.try_update_value(|g| g.release(pointer)).flatten() {
            self.act(action, true);
        }
    }

    pub(super) fn cancel(self) {
        self.gesture.update_value(Gesture::cancel);
        self.settle();
    }

    pub(super) fn wheel(self, event: &WheelEvent) {
        // Lines and pages, where a mouse reports those, are brought to pixels.
        let unit = [1.0, 16.0, 400.0][(event.delta_mode() as usize).min(2)];
        let down = if self.flame.upward { -event.delta_y() } else { event.delta_y() };
        let Some((scrolls, pans)) = self.stage(|stage| {
            let (camera, bounds) = (stage.camera(), stage.bounds());
            let scrolls = if down < 0.0 { camera.scroll > 0.0 } else { camera.scroll < bounds.max_scroll() };
            (scrolls, camera.x1 - camera.x0 < bounds.total)
        }) else {
            return;
        };
        let turn = Wheel {
            x: event.offset_x().into(),
            dx: if event.shift_key() && event.delta_x() == 0.0 { event.delta_y() } else { event.delta_x() }
                * unit,
            dy: if event.shift_key() { 0.0 } else { event.delta_y() * unit },
            zoom: event.ctrl_key() || event.meta_key() || event.alt_key(),
            scrolls,
            pans,
        };
        if let Some(action) = interaction::wheel(turn) {
            event.prevent_default();
            self.leave();
            let action = match action {
                Action::Pan(dx, dy) if self.flame.upward => Action::Pan(dx, -dy),
                other => other,
            };
            self.act(action, false);
            self.settle_soon();
        }
    }

    pub(super) fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let width = self.stage(|stage| stage.bounds().width).unwrap_or(1.0);
        let Some(action) = interaction::key(&event.key(), width) else { return };
        if action == Action::ZoomOut && self.flame.zoom.get_untracked() == Zoom::default() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let action = match action {
            Action::Select(Move::Parent) if self.flame.upward => Action::Select(Move::Child),
            Action::Select(Move::Child) if self.flame.upward => Action::Select(Move::Parent),
            other => other,
        };
        let continuous = matches!(action, Action::Pan(..) | Action::Zoom { .. });
        self.act(action, true);
        if continuous {
            self.settle_soon();
        }
    }

    pub(super) fn focused(self) {
        self.has_focus.set(true);
    }

    pub(super) fn blurred(self) {
        self.has_focus.set(false);
        set_if_new(self.by_keyboard, false);
    }

    pub(super) fn menu_at_pointer(self, event: &MouseEvent) {
        event.prevent_default();
        self.gesture.update_value(Gesture::cancel);
        self.menu_at(event.offset_x().into(), event.offset_y().into());
    }

    fn menu_at(self, x: f64, y: f64) {
        if let Some(Target::Node(node)) = self.stage(|stage| stage.target(x, y)).flatten() {
            self.selected.set(Some(node));
            self.open_menu(node, x, y);
        }
    }

    fn menu_of_selection(self) {
        let node = self.selected.get_untracked().unwrap_or(self.zoomed.get_untracked());
        if let Some(place) = self.stage(|stage| stage.place(node)).flatten() {
            self.open_menu(node, place.x + 8.0, place.y + super::scene::ROW);
        }
    }

    fn open_menu(self, node: NodeId, x: f64, y: f64) {
        let Some(pad) = self.pad.get_untracked() else { return };
        let rect = pad.get_bounding_client_rect();
        self.leave();
        let closed = Callback::new(move |()| {
            if let Some(pad) = self.pad.try_get_untracked().flatten() {
                drop(pad.focus());
            }
        });
        self.flame.on_menu.run(MenuRequest { node, x: rect.x() + x, y: rect.y() + y, closed });
    }

    // What the page shows beside the picture.

    /// The tooltip: of the box under the pointer, or of the selection when the keyboard moves it.
    pub(super) fn tip(self) -> Signal<Option<Tip>> {
        Signal::derive(move || {
            // The stage is no signal; this one tells when it is there.
            if !self.started.get() {
                return None;
            }
            let picture = self.flame.picture.get()?;
            let room = self.live.try_get_value().flatten()?.stage.borrow().bounds();
            let (x, y, target) = match self.pointer.get() {
                Some(pointed) => pointed,
                None if self.by_keyboard.get() && self.has_focus.get() => {
                    let place = self.overlay.get().1?;
                    (
                        place.x + place.w.min(40.0),
                        place.y + super::scene::ROW,
                        Target::Node(self.selected.get()?),
                    )
                }
                None => return None,
            };
            let measure = self.flame.measure.get();
            let (title, rows, note) = tip::describe(&picture, &measure, self.zoomed.get(), target);
            Some(Tip { x, y, room: (room.width, room.height), title, rows, note })
        })
    }

    /// What the picture leaves out, in words.
    pub(super) fn foot(self) -> String {
        let rest = self.rest.get();
        if rest.boxes == 0 {
            return String::new();
        }
        let total = self.flame.picture.with(|p| p.as_ref().map_or(0, |p| p.tree.total(NodeId::ROOT)));
        let share = self.flame.measure.get().share(rest.value as i64, total);
        let (boxes, are) = if rest.boxes == 1 { ("box", "is") } else { ("boxes", "are") };
        format!(
            "{} {boxes} under 1 px {are} drawn together: {share} of the total. Zoom in to see them.",
            rest.boxes
        )
    }

    /// DOM id of a node's item in the text twin.
    pub(super) fn item_id(self, node: u32) -> String {
        format!("flame-{}-{node}", self.number)
    }

    /// DOM id of the selected item.
    pub(super) fn active_id(self) -> String {
        self.item_id(self.selected.get().unwrap_or(NodeId::ROOT).0)
    }
}

fn pointer(event: &PointerEvent) -> Pointer {
    Pointer {
        id: event.pointer_id(),
        x: event.offset_x().into(),
        y: event.offset_y().into(),
        touch: event.pointer_type() == "touch",
        time: media::now_ms(),
    }
}

/// Sets a signal only when it changes, and not at all when its owner is gone.
fn set_if_new<T: PartialEq + Clone + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_get_untracked().is_some_and(|now| now != value) {
        signal.set(value);
    }
}
