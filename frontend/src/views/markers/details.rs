//! Everything about the markers of a flag, and what can be done with each: a panel below the flag, which closes on Escape, on a press
//! elsewhere and when the focus leaves it.

use super::paths;
use crate::api::markers::delete_marker;
use crate::browser::event::{FocusEvent, KeyboardEvent, MouseEvent};
use crate::browser::{clock, focus, page, timer};
use crate::components::confirm::Question;
use crate::context::utc::Utc;
use crate::reactive::{RwSignal, effect, handler, list};
use crate::state::clock_text::Zone;
use crate::state::markers::{Marker, group_name};
use crate::views::timeline::markers::Markers;
use leptos::html::Div;
use leptos::prelude::*;

/// What the panel shows. `at` is its upper left corner in CSS pixels of the window.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opened {
    pub(super) markers: Vec<Marker>,
    pub(super) at: (f64, f64),
    /// Id of the flag.
    pub(super) flag: String,
}

/// Space kept between the panel and the edge of the window.
const MARGIN: f64 = 8.0;

#[component]
pub(super) fn Details(
    markers: Markers,
    opened: RwSignal<Option<Opened>>,
    /// Receives whether to delete a marker.
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let utc = expect_context::<Utc>().0;
    effect(move || {
        if let (Some(_), Some(element)) = (opened.get(), element.get()) {
            focus::keep_inside(&element, MARGIN);
            focus::soon(".marker-panel a, .marker-panel button");
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            event.prevent_default();
            event.stop_propagation();
            if let Some(before) = opened.get_untracked() {
                opened.set(None);
                page::focus(&before.flag);
            }
        }
    };
    // The next element receives the focus after this event.
    let on_leave = move |_: FocusEvent| {
        timer::after(0, move || {
            let inside = element.try_get_untracked().flatten().is_some_and(|panel| page::holds_focus(&panel));
            if !inside && !page::nothing_focused() {
                opened.set(None);
            }
        });
    };
    let panel = move || {
        opened.get().map(|shown| {
            let zone = clock::zone(utc.get_untracked());
            let (x, y) = shown.at;
            let name = group_name(&shown.markers);
            let all =
                list(shown.markers.into_iter().map(|marker| one(markers, marker, zone, opened, question)));
            view! {
                <div class="menu-backdrop" on:pointerdown=handler(move |_| opened.set(None))></div>
                <div class="marker-panel" role="dialog" aria-label=name tabindex="-1" node_ref=element
                    on:keydown=handler(on_key) on:focusout=handler(on_leave)
                    style:left=format!("{x}px") style:top=format!("{y}px")>{all}</div>
            }
            .into_any()
        })
    };
    view! { {move || panel()} }
}

/// A marker with its actions.
fn one(
    markers: Markers,
    marker: Marker,
    zone: Zone,
    opened: RwSignal<Option<Opened>>,
    question: RwSignal<Option<Question>>,
) -> AnyView {
    // Once the page has followed the link.
    let close = move |_: MouseEvent| timer::after(0, move || opened.set(None));
    let row = |(name, value): (&'static str, String)| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any();
    let rows = list(marker.rows(zone).into_iter().map(row));
    let paths = paths(markers, marker.at_ns, &marker.version).map(|paths| {
        view! {
            <a class="list-item" href=paths.compare on:click=handler(close)>"Compare before and after"</a>
            <a class="list-item" href=paths.incident on:click=handler(close)>"What changed here?"</a>
        }
        .into_any()
    });
    let link = (!marker.link.is_empty()).then(|| {
        let link = marker.link.clone();
        view! { <a class="list-item" href=link target="_blank" rel="noopener noreferrer" on:click=handler(close)>"Open link"</a> }
            .into_any()
    });
    let title = marker.title();
    let delete = marker.deletable.then(|| {
        let delete = move |_: MouseEvent| {
            opened.set(None);
            question.set(Some(deletion(&marker)));
        };
        view! { <button class="list-item" type="button" on:click=handler(delete)>"Delete…"</button> }
            .into_any()
    });
    view! {
        <section class="marker-details">
            <h2>{title}</h2>
            <dl>{rows}</dl>
            <div class="list-menu">{paths}{link}{delete}</div>
        </section>
    }
    .into_any()
}

fn deletion(marker: &Marker) -> Question {
    let id = marker.id.clone();
    let text = match marker.inferred {
        true => "The posted marker is deleted. The new version stays marked, because the profiles show it.",
        false => "It disappears from everyone's timelines. This cannot be undone.",
    };
    Question::new(format!("Delete the marker “{}”?", marker.name()), text, "Delete", move || {
        delete_marker(&id)
    })
}
