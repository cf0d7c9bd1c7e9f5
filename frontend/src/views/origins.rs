//! Chips of the origins of code: what the colours of boxes stand for, and how much of the profile each is. Pressed, a chip shows only
//! its origin; everything else is merged into its callers, so that no value is lost.

use super::model::Model;
use crate::reactive::{Memo, handler, list, live_state, shown};
use crate::state::origin_name::{origin_hint, origin_name};
use crate::state::transform::{shows_origin, toggle_origin};
use crate::state::view::{ColourBy, Mode};
use flarepath_profile::flame::origin_color::{UNKNOWN, sample};
use flarepath_profile::origin::{Origin, self_values};
use leptos::prelude::*;

/// The chips; none in a table, nor where colours stand for something else and nothing is filtered.
pub(super) fn origin_chips(model: Model) -> AnyView {
    let found = Memo::new(move || {
        let (tree, origins) = (model.trees.whole.get()?, model.trees.whole_origins.get()?);
        let values = self_values(&tree, &origins);
        // Own code that spends nothing itself is there, too.
        let occurs = |origin: &Origin| origins.get(1..).unwrap_or_default().contains(origin);
        let occurring =
            Origin::ALL.into_iter().zip(values).filter(|(origin, value)| *value != 0 || occurs(origin));
        Some(occurring.collect::<Vec<(Origin, i64)>>())
    });
    let is_wanted = Memo::new(move || {
        let by_origin = model.view.with(|v| v.colour == ColourBy::Origin) && model.mode() != Mode::Table;
        let filters = model.view.with(|v| Origin::ALL.iter().any(|o| shows_origin(&v.transforms, *o)));
        by_origin || filters
    });
    let chips = move || {
        let found = found.get().unwrap_or_default();
        let whole = found.iter().fold(0_i64, |sum, (_, value)| sum.saturating_add(*value));
        list(
            found
                .into_iter()
                .map(move |(origin, value)| chip(model, origin, model.measure.get().share(value, whole))),
        )
    };
    shown(
        move || is_wanted.get(),
        move || {
            view! { <div class="origins" role="group" aria-label="Origin of code, share of self cost">{move || chips()}</div> }
                .into_any()
        },
    )
}

fn chip(model: Model, origin: Origin, share: String) -> AnyView {
    let pressed = move || model.view.with(|v| shows_origin(&v.transforms, origin));
    let toggle = move |_| model.reshape(|view| toggle_origin(&mut view.transforms, origin));
    let class = if sample(origin) == UNKNOWN { "origin-swatch is-unknown" } else { "origin-swatch" };
    let title =
        format!("{}. Press to show only this; the rest is merged into its callers.", origin_hint(origin));
    view! {
        <button type="button" class="origin" title=title on:click=handler(toggle)
            {..live_state("aria-pressed", pressed)}>
            <span class=class style:background-color=format!("var(--flame-{})", sample(origin))></span>
            {origin_name(origin)} " " <span class="origin-share">{share}</span>
        </button>
    }
    .into_any()
}
