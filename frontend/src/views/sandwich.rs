//! One function between those who call it, growing upward, and those it calls, growing downward.

use crate::reactive::{Callback, RwSignal, Signal, handler, shown};
use crate::state::identity::Shared;
use crate::state::view::HistoryMode;
use crate::views::flame_graph::{Flame, FlameGraph, Zoom};
use crate::views::picture::{Measure, Picture};
use leptos::prelude::*;

/// Both sides of a function, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sides {
    /// Root, the function, its callers, theirs and so on.
    pub(crate) callers: Shared<Picture>,
    /// Root, the function, what it calls.
    pub(crate) callees: Shared<Picture>,
    /// Spent in the function itself.
    pub(crate) self_value: i64,
    /// Spent in the function and all below it; recursion counts once.
    pub(crate) total: i64,
    /// Of the whole tree.
    pub(crate) whole: i64,
}

/// The sandwich of the function in `function`; without one it says how to choose it.
#[component]
pub(crate) fn SandwichView(
    /// The function.
    #[prop(into)]
    function: Signal<Option<String>>,
    /// Its sides, or why there are none.
    #[prop(into)]
    sides: Signal<Option<Result<Sides, String>>>,
    /// What the flame graph of callees needs; callers are drawn the same way with a zoom of their own.
    flame: Flame,
    /// Colours of the callers' frames.
    caller_colours: Signal<Option<Shared<Vec<u8>>>>,
    /// Marks among the callers.
    caller_found: Signal<Option<Shared<Vec<bool>>>>,
    /// A menu was asked for in the callers.
    on_caller_menu: Callback<crate::views::flame_graph::MenuRequest>,
    /// Leaves the function.
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
                <button type="button" class="sandwich-close" on:click=handler(move |_| on_close.run(()))>"Choose another"</button>
            </header>
        }
        .into_any()
    };
    view! {
        <section class="sandwich" aria-label="Sandwich">
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
    format!("self {own} · total {total} · {share} of all")
}
