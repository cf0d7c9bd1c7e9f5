//! Sandwich view: one function, its callers as a flame graph above it and its callees below.

use crate::reactive::{Callback, RwSignal, Signal, handler, shown};
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use crate::views::flame::graph::{Flame, FlameGraph, MenuRequest, Zoom};
use crate::views::picture::{Measure, Picture};
use leptos::prelude::*;

/// Callers and callees of a function, laid out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sides {
    /// Below the root the function, then its callers, then theirs.
    pub(crate) callers: Shared<Picture>,
    /// Below the root the function, then its callees.
    pub(crate) callees: Shared<Picture>,
    /// The function's own cost.
    pub(crate) self_value: i64,
    /// Cost of the function and its callees; recursion counts once.
    pub(crate) total: i64,
    /// Cost of the whole tree.
    pub(crate) whole: i64,
}

/// The sandwich of `function`.
#[component]
pub(crate) fn SandwichView(
    #[prop(into)] function: Signal<Option<String>>,
    /// Callers and callees, or why there are none.
    #[prop(into)]
    sides: Signal<Option<Result<Sides, String>>>,
    /// The flame graph of callees; that of callers has a zoom of its own.
    flame: Flame,
    caller_colours: Signal<Option<Shared<Vec<u8>>>>,
    caller_found: Signal<Option<Shared<Vec<bool>>>>,
    on_caller_menu: Callback<MenuRequest>,
    /// Closes the sandwich, to choose another function.
    on_close: Callback<()>,
) -> impl IntoView {
    let zoom = RwSignal::new(Zoom::default());
    let callers = Flame {
        picture: Signal::derive(move || sides.get().and_then(Result::ok).map(|s| s.callers)),
        colours: caller_colours,
        found: caller_found,
        zoom: zoom.into(),
        on_zoom: Callback::new(move |(to, _): (Zoom, HistoryMode)| zoom.set(to)),
        on_menu: on_caller_menu,
        jump: Signal::derive(|| None),
        upward: true,
        ..flame
    };
    let failure = move || sides.get().and_then(Result::err);
    let measure = flame.measure;
    let head = move || {
        let text = sides.get().and_then(Result::ok).map(|s| summary(&s, &measure.get())).unwrap_or_default();
        view! {
            <header class="sandwich-head">
                <h2 class="sandwich-name">{function.get().unwrap_or_default()}</h2>
                <p class="sandwich-sum">{text}</p>
                <button type="button" class="sandwich-close" on:click=handler(move |_| on_close.run(()))>"Choose another function"</button>
            </header>
        }
        .into_any()
    };
    view! {
        <section class="sandwich" aria-label="Sandwich view">
            {move || head()}
            {move || failure().map(|text| view! { <p class="notice" role="alert">{text}</p> }.into_any())}
            {shown(move || sides.with(|s| matches!(s, Some(Ok(_)))), move || view! {
                <h3 class="sandwich-side">"Callers"</h3>
                <FlameGraph label="Callers" flame=callers />
                <h3 class="sandwich-side">"Callees"</h3>
                <FlameGraph label="Callees" flame />
            }.into_any())}
        </section>
    }
}

fn summary(sides: &Sides, measure: &Measure) -> String {
    let share = measure.share(sides.total, sides.whole);
    let (own, total) = (measure.value(sides.self_value), measure.value(sides.total));
    format!("self {own} · total {total} · {share} of total")
}
