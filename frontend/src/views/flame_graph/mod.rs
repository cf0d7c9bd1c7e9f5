//! The flame graph: a call tree as boxes as wide as what they cost, the root at the top.
//!
//! A pointer or key event becomes an [`interaction::Action`]; what changes the picture for good goes to the
//! owner through `on_zoom` and comes back as `zoom`; what moves with the pointer stays in the [`stage`].

mod actions;
pub(crate) mod camera;
pub(crate) mod caption;
pub(crate) mod controller;
pub(crate) mod crumbs;
pub(crate) mod events;
mod follow;
pub(crate) mod interaction;
pub(crate) mod painter;
pub(crate) mod pins;
mod presentation;
pub(crate) mod scene;
pub(crate) mod stage;
mod tip;
pub(crate) mod twin;

use crate::components::tooltip::Tooltip;
use crate::reactive::{Callback, Signal, effect, handler};
use crate::state::identity::Shared;
use crate::state::view::{HistoryMode, Window};
use crate::views::picture::{Measure, Picture};
use controller::Controller;
use crumbs::Crumbs;
use flarepath_profile::call_tree::NodeId;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use twin::Twin;

/// Which part of the picture fills the width.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Zoom {
    /// Names from below the root to the box; empty is the root.
    pub(crate) path: Vec<String>,
    /// The part seen when it is not exactly that box.
    pub(crate) window: Option<Window>,
}

/// Something was asked of a node.
#[derive(Clone, Debug)]
pub(crate) struct MenuRequest {
    /// The node it is about.
    pub(crate) node: NodeId,
    /// What.
    pub(crate) what: Asked,
}

/// What was asked of a node.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    /// Its menu.
    Menu {
        /// Where, in CSS pixels of the window.
        x: f64,
        /// Where.
        y: f64,
        /// Gives the focus back.
        closed: Callback<()>,
    },
    /// The entry of its menu that has this key.
    Key(char),
}

/// What a flame graph shows and whom it tells. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Flame {
    /// The picture; `None` while there is none.
    pub(crate) picture: Signal<Option<Shared<Picture>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    /// For each frame whether it is marked.
    pub(crate) found: Signal<Option<Shared<Vec<bool>>>>,
    /// What the numbers mean.
    pub(crate) measure: Signal<Measure>,
    /// Which part is seen.
    pub(crate) zoom: Signal<Zoom>,
    /// Receives the part to be seen.
    pub(crate) on_zoom: Callback<(Zoom, HistoryMode)>,
    /// Receives requests for a menu.
    pub(crate) on_menu: Callback<MenuRequest>,
    /// A node to go to; the number tells one request from the next.
    pub(crate) jump: Signal<Option<(u64, NodeId)>>,
    /// Whether the root is at the bottom.
    pub(crate) upward: bool,
}

/// Draws a flame graph.
#[component]
pub(crate) fn FlameGraph(
    /// Its name for assistive technology.
    label: &'static str,
    /// What it shows.
    flame: Flame,
) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let pad = NodeRef::<Div>::new();
    let controller = Controller::new(flame, pad);
    effect(move || {
        if let Some(canvas) = canvas.get() {
            controller.start(canvas);
        }
    });
    controller.follow();

    let rows = move || flame.picture.with(|p| p.as_ref().map_or(1, |p| p.layout.rows()));
    let height = move || format!("{}px", rows() as f64 * scene::ROW);
    let place = move |place: Option<stage::Place>, what: &'static str| {
        place.map(|p| {
            let px = |v: f64| format!("{v}px");
            view! { <div class=what style:left=px(p.x) style:top=px(p.y) style:width=px(p.w)></div> }
                .into_any()
        })
    };
    view! {
        <div class="flame" class:upward=flame.upward>
            <Crumbs label flame />
            {move || controller.failure.get().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            <div class="flame-surface" style:height=move || height()>
                <canvas class="flame-canvas" aria-hidden="true" node_ref=canvas></canvas>
                {move || place(controller.overlay.get().0, "flame-hover")}
                {move || place(controller.overlay.get().1, "flame-selected")}
                {controller.pinned.map(|pins| (pins.show)(controller))}
                <div class="flame-pad" class:scrolls=move || controller.scrolls.get() node_ref=pad tabindex="0" role="tree"
                    aria-label=label aria-activedescendant=move || controller.active_id()
                    on:pointerdown=handler(move |e: PointerEvent| controller.press(&e))
                    on:pointermove=handler(move |e: PointerEvent| controller.drag(&e))
                    on:pointerup=handler(move |e: PointerEvent| controller.release(&e))
                    on:pointercancel=handler(move |_| controller.cancel())
                    on:pointerleave=handler(move |e: PointerEvent| if e.pointer_type() != "touch" { controller.leave() })
                    on:wheel=handler(move |e: WheelEvent| controller.wheel(&e))
                    on:contextmenu=handler(move |e: MouseEvent| controller.menu_at_pointer(&e))
                    on:keydown=handler(move |e: KeyboardEvent| controller.key(&e))
                    on:focus=handler(move |_| controller.focused())
                    on:blur=handler(move |_| controller.blurred())
                >
                    <Twin flame controller />
                </div>
                <Tooltip tip=controller.tip() />
            </div>
            <p class="flame-foot">{move || controller.foot()}</p>
        </div>
    }
}
