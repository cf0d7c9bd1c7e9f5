//! The flame graph: a call tree as boxes as wide as their cost, the root at the top.

mod breadcrumbs;
mod owner;
pub(crate) mod pins;
pub(super) mod tooltip_text;

use super::canvas::FlameCanvas;
use super::host::Host;
use crate::reactive::{Callback, RwSignal, Signal};
use crate::state::identity::Shared;
use crate::state::view::{HistoryMode, Window};
use crate::views::picture::{Measure, Picture};
use breadcrumbs::Breadcrumbs;
use flarepath_profile::call_tree::NodeId;
use leptos::prelude::*;
use owner::GraphOwner;
use std::rc::Rc;

/// Which part of the graph fills the width.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Zoom {
    /// Names from below the root to the box; empty is the root.
    pub(crate) path: Vec<String>,
    /// The part seen when it is not exactly that box.
    pub(crate) window: Option<Window>,
}

/// A request for the menu of a node.
#[derive(Clone, Debug)]
pub(crate) struct MenuRequest {
    pub(crate) node: NodeId,
    pub(crate) kind: MenuRequestKind,
}

/// What of the menu is requested.
#[derive(Clone, Debug)]
pub(crate) enum MenuRequestKind {
    /// To open it.
    Open {
        /// CSS pixels of the window.
        at: (f64, f64),
        /// Gives the focus back.
        closed: Callback<()>,
    },
    /// To run the entry that has this key.
    Key(char),
}

/// What a flame graph shows, and its callbacks. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Flame {
    /// The picture; `None` while there is none.
    pub(crate) picture: Signal<Option<Shared<Picture>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    /// For each frame whether it is highlighted.
    pub(crate) found: Signal<Option<Shared<Vec<bool>>>>,
    /// Unit of the numbers.
    pub(crate) measure: Signal<Measure>,
    pub(crate) zoom: Signal<Zoom>,
    /// Receives another zoom.
    pub(crate) on_zoom: Callback<(Zoom, HistoryMode)>,
    pub(crate) on_menu: Callback<MenuRequest>,
    /// A node to go to; the number distinguishes repeated requests.
    pub(crate) jump: Signal<Option<(u64, NodeId)>>,
    /// Whether the root is at the bottom.
    pub(crate) upward: bool,
}

/// Draws a flame graph.
#[component]
pub(crate) fn FlameGraph(
    /// Its name for assistive technology.
    label: &'static str,
    flame: Flame,
) -> impl IntoView {
    let pins = use_context();
    let owner = GraphOwner { flame, pins, pinned: RwSignal::new(Vec::new()) };
    let host = Host::new(Rc::new(owner), flame.upward);
    let overlay = owner.pins.map(|pins| (pins.show)(pins, owner.pinned, host));
    view! {
        <div class="flame" class:upward=flame.upward>
            <Breadcrumbs label flame />
            <FlameCanvas label host overlay />
        </div>
    }
}
