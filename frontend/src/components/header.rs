//! The top of every page: where one is, where one can go, theme and help.

use super::shortcuts;
use crate::browser::theme;
use crate::reactive::{RwSignal, Signal, handler, list};
use crate::state::preferences::Theme;
use leptos::prelude::*;

/// The header.
#[component]
pub fn Header(
    /// Path of the page that is open.
    #[prop(into)]
    path: Signal<String>,
) -> impl IntoView {
    let current = move |to: &'static str| {
        let here = path.with(|p| if p == "/" { to == "/explore" } else { p == to });
        here.then_some("page")
    };
    let chosen = RwSignal::new(theme::stored());
    let change = move |e| {
        if let Some(picked) = Theme::parse(&event_target_value(&e)) {
            chosen.set(picked);
            theme::choose(picked);
        }
    };
    view! {
        <header class="header">
            <a class="brand" href="/"><Logo />"Flarepath"</a>
            <nav aria-label="Pages">
                <a href="/explore" aria-current=move || current("/explore")>"Explore"</a>
                <a href="/compare" aria-current=move || current("/compare")>"Compare"</a>
                <a href="/heatmap" aria-current=move || current("/heatmap")>"Heat map"</a>
                <a href="/labels" aria-current=move || current("/labels")>"Labels"</a>
                <a href="/local" aria-current=move || current("/local")>"Local file"</a>
                <a class="wide-only" href="/api/docs">"API"</a>
            </nav>
            <select class="input quiet" aria-label="Theme" title="Theme" on:change=handler(change)>
                {list(Theme::ALL.map(|theme| view! {
                    <option value=theme.as_str() selected=move || chosen.get() == theme>{theme.label()}</option>
                }.into_any()))}
            </select>
            <button class="button quiet icon-only" type="button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)"
                on:click=handler(|_| shortcuts::open())>"?"</button>
        </header>
    }
}

/// Three bars of a flame graph, burning.
#[component]
fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
            <rect class="logo-base" x="2" y="17" width="20" height="5" rx="1.5" />
            <rect class="logo-mid" x="5" y="10.5" width="11" height="5" rx="1.5" />
            <path class="logo-top" d="M9 9.5C8 6 11 5 10.5 1.5c3 1.5 4.5 4.5 3 8z" />
        </svg>
    }
}
