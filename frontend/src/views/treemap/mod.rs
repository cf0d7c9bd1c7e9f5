//! Treemaps: boxes whose areas are as sizes are. Each is a link; [`layout`] is pure.
//!
//! By keyboard, Tab goes to one box, the arrow keys to the next smaller and the next larger one, Home and End to the largest and the
//! smallest.

mod layout;

use crate::browser::event::{FocusEvent, KeyboardEvent};
use crate::browser::{media, page};
use crate::reactive::{Memo, RwSignal, Signal, handler, list};
use crate::state::css_length::percent;
use flarepath_profile::units::decimal;
use layout::{Place, squarified};
use leptos::prelude::*;

/// Width of the whole in heights, about: in a wide window, and on a phone.
const ASPECTS: [f64; 2] = [2.2, 0.7];
/// Most of a colour, in percent: text in front of it stays readable.
const MOST_TINT: f64 = 45.0;

/// A box, the largest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TreemapBox {
    /// Above 0.
    pub(crate) size: f64,
    pub(crate) name: String,
    /// A short line below the name.
    pub(crate) detail: String,
    /// All that is known, in words.
    pub(crate) title: String,
    pub(crate) href: String,
    /// How much it changed, from −1 to 1: the strength of its colour. 0 has none.
    pub(crate) change: f64,
}

/// What all boxes have in common. Copied freely.
#[derive(Clone, Copy)]
struct Boxes {
    /// Prefix of the DOM ids.
    id: &'static str,
    all: Signal<Vec<TreemapBox>>,
    places: Memo<Vec<Place>>,
    /// The box that Tab goes to.
    current: RwSignal<usize>,
}

/// The treemap. `id` is unique on the page.
pub(crate) fn treemap(id: &'static str, label: &'static str, all: Signal<Vec<TreemapBox>>) -> AnyView {
    let narrow = media::narrow();
    let places = Memo::new(move || {
        let sizes = all.with(|all| all.iter().map(|one| one.size).collect::<Vec<_>>());
        squarified(&sizes, ASPECTS[usize::from(narrow.get())])
    });
    let boxes = Boxes { id, all, places, current: RwSignal::new(0) };
    // They stay the same elements while sizes change a little, and so keep the focus.
    let names = Memo::new(move || all.with(|all| all.iter().map(|one| one.name.clone()).collect::<Vec<_>>()));
    let links = move || list(names.get().into_iter().enumerate().map(|(at, name)| boxes.link(at, name)));
    view! { <div class="treemap" role="group" aria-label=label>{move || links()}</div> }.into_any()
}

impl Boxes {
    /// What `read` makes of a box; the default if it is gone.
    fn of<T: Default>(self, at: usize, read: impl FnOnce(&TreemapBox) -> T) -> T {
        self.all.with(|all| all.get(at).map(read)).unwrap_or_default()
    }

    fn link(self, at: usize, name: String) -> AnyView {
        let place = move || self.places.with(|places| places.get(at).copied()).unwrap_or_default();
        let last = move || self.all.with(Vec::len).saturating_sub(1);
        let tab = move || if self.current.get().min(last()) == at { "0" } else { "-1" };
        let title = move || self.of(at, |one| one.title.clone());
        view! {
            <a class="treemap-box" id=self.id_of(at) href=move || self.of(at, |one| one.href.clone()) tabindex=tab title=title
                class:grew=move || self.of(at, |one| one.change > 0.0) class:shrank=move || self.of(at, |one| one.change < 0.0)
                style:left=move || percent(place().left) style:top=move || percent(place().top)
                style:width=move || percent(place().width) style:height=move || percent(place().height)
                style:background-color=move || self.of(at, |one| tint(one.change))
                on:focus=handler(move |_: FocusEvent| self.current.set(at))
                on:keydown=handler(move |event: KeyboardEvent| self.key(at, &event))>
                <b><bdi>{name}</bdi></b>" "<span>{move || self.of(at, |one| one.detail.clone())}</span></a>
        }
        .into_any()
    }

    fn id_of(self, at: usize) -> String {
        format!("{}-{at}", self.id)
    }

    fn key(self, at: usize, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let last = self.all.with_untracked(Vec::len).saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1).min(last),
            "ArrowLeft" | "ArrowUp" => at.saturating_sub(1),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        page::focus(&self.id_of(to));
    }
}

/// The colour of a change; none without one.
fn tint(change: f64) -> String {
    if change == 0.0 {
        return String::new();
    }
    let strength = decimal(15.0 + (MOST_TINT - 15.0) * change.abs().min(1.0), 0);
    format!("color-mix(in srgb, var(--verdict-hue) {strength}%, var(--surface-raised))")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_as_strong_as_the_change_and_never_too_strong() {
        assert_eq!(tint(0.0), "");
        assert!(tint(-0.0001).contains(" 15%"), "{}", tint(-0.0001));
        assert!(tint(1.0).contains(" 45%") && tint(-7.0).contains(" 45%"));
    }
}
