//! Marks on boxes, each with the number of the remark that stands beside the picture. Only pages that have such remarks
//! provide them, so that the first program is not made larger.

use super::controller::{Controller, set_if_new};
use super::stage::{Place, Stage};
use crate::reactive::{Signal, effect, list};
use leptos::prelude::*;

/// Width of a mark, and a little more.
const WIDTH: f64 = 20.0;

/// In the context of a page: places in the tree that carry a mark, each as the names from below the root on.
#[derive(Clone, Copy)]
pub(crate) struct Pins {
    paths: Signal<Vec<Vec<String>>>,
    /// Finds the marks' places in what was just drawn.
    pub(super) place: fn(Controller, &Stage),
    /// Shows them.
    pub(super) show: fn(Controller) -> AnyView,
}

impl Pins {
    /// Marks at these places, numbered from 1.
    pub(crate) fn new(paths: Signal<Vec<Vec<String>>>) -> Pins {
        Pins { paths, place, show }
    }
}

fn place(controller: Controller, stage: &Stage) {
    let paths = controller.pinned.and_then(|pins| pins.paths.try_get_untracked()).unwrap_or_default();
    let place = |(at, path): (usize, Vec<String>)| {
        let node = stage.picture.as_ref()?.resolve(&path)?;
        Some((at + 1, stage.place(node)?))
    };
    set_if_new(controller.pins, paths.into_iter().enumerate().filter_map(place).collect());
}

fn show(controller: Controller) -> AnyView {
    effect(move || {
        controller.pinned.into_iter().for_each(|pins| drop(pins.paths.get()));
        controller.stage(|_| ());
    });
    let one = |(number, place): (usize, Place)| {
        let left = format!("{}px", (place.x + place.w - WIDTH).max(place.x));
        let top = format!("{}px", place.y + 1.0);
        view! { <span class="flame-pin" aria-hidden="true" style:left=left style:top=top>{number.to_string()}</span> }
            .into_any()
    };
    view! { {move || list(controller.pins.get().into_iter().map(one))} }.into_any()
}
