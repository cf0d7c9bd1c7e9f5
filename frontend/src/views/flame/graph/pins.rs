//! Numbered pins on boxes, one for each note beside the picture. Only pages with notes provide them, which keeps their
//! code out of the first program.

use super::Flame;
use crate::reactive::{RwSignal, Signal, effect, list};
use crate::state::css_length::px;
use crate::views::flame::host::{Host, set_if_new};
use crate::views::flame::stage::{Place, Stage};
use leptos::prelude::*;

/// Width of a pin with its gap, in CSS pixels.
const WIDTH: f64 = 20.0;

/// Each visible pin's number and place.
pub(super) type PinPlaces = RwSignal<Vec<(usize, Place)>>;

/// In a page's context: the stacks that carry a pin, each as the names from below the root on.
#[derive(Clone, Copy)]
pub(crate) struct Pins {
    paths: Signal<Vec<Vec<String>>>,
    /// Finds the pins' places in what was just drawn.
    pub(super) place: fn(Pins, &Flame, PinPlaces, &Stage),
    /// Shows them, and draws again when they change.
    pub(super) show: fn(Pins, PinPlaces, Host) -> AnyView,
}

impl Pins {
    /// Pins at these stacks, numbered from 1.
    pub(crate) fn new(paths: Signal<Vec<Vec<String>>>) -> Pins {
        Pins { paths, place, show }
    }
}

fn place(pins: Pins, flame: &Flame, pinned: PinPlaces, stage: &Stage) {
    let paths = pins.paths.try_get_untracked().unwrap_or_default();
    let picture = flame.picture.try_get_untracked().flatten();
    let place = |(at, path): (usize, Vec<String>)| {
        let picture = picture.as_ref()?;
        Some((at + 1, stage.place(picture.layout.box_of(picture.resolve(&path)?))?))
    };
    set_if_new(pinned, paths.into_iter().enumerate().filter_map(place).collect());
}

fn show(pins: Pins, pinned: PinPlaces, host: Host) -> AnyView {
    effect(move || {
        drop(pins.paths.get());
        host.update(|_| ());
    });
    let one = |(number, place): (usize, Place)| {
        let left = px((place.x + place.w - WIDTH).max(place.x));
        let top = px(place.y + 1.0);
        view! { <span class="flame-pin" aria-hidden="true" style:left=left style:top=top>{number.to_string()}</span> }
            .into_any()
    };
    view! { {move || list(pinned.get().into_iter().map(one))} }.into_any()
}
