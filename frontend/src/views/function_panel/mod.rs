//! Details of one function in a panel beside the profile: its cost, also over time, its callers, callees and lines.
//!
//! Callers and callees are those of the tree shown; costs over time and lines come from the [`Source`] and are those of the
//! whole profile.

mod lines;
pub(crate) mod neighbours;
pub(crate) mod source;

use super::model::Model;
use super::timeline::Timeline;
use super::timeline::markers::Markers;
use crate::api::{ApiError, Fetch, function};
use crate::browser::event::KeyboardEvent;
use crate::browser::{focus, keys};
use crate::components::notice::FailedNotice;
use crate::components::term::with_term;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::identity::Shared;
use crate::state::timeline::TimelineData;
use crate::state::view::HistoryMode;
use flarepath_profile::call_tree::sandwich::sandwich;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::line_costs::LineCost;
use leptos::html::Aside;
use leptos::prelude::*;
use lines::{Lines, lines_table};
use neighbours::{Neighbours, neighbours};
use source::Source;

/// Costs of a function in the tree shown.
#[derive(Clone, Debug, PartialEq)]
struct Facts {
    self_value: i64,
    total: i64,
    whole: i64,
    file: String,
    callers: Neighbours,
    callees: Neighbours,
}

/// The panel of the function in the view.
pub(crate) fn function_panel(model: Model, source: Source) -> AnyView {
    view! { <FunctionPanel model source /> }.into_any()
}

#[component]
fn FunctionPanel(model: Model, source: Source) -> impl IntoView {
    let function = Memo::new(move || model.view.with(|v| v.details.clone()).unwrap_or_default());
    let facts = Memo::new(move || {
        let tree = model.trees.upright.get()?;
        Some(tree.and_then(|tree| facts(&tree, &function.get())))
    });
    let panel = NodeRef::<Aside>::new();
    // The focus moves to the close button when the panel opens.
    effect(move || {
        function.with(|_| ());
        if let Some(panel) = panel.get() {
            focus::child(&panel, 0);
        }
    });
    let close = move || model.change(HistoryMode::Push, |v| v.details = None);
    keys::on_page_key(move |key| {
        if key == "Escape" {
            close();
        }
        key == "Escape"
    });
    let body = move || match facts.get() {
        None => view! { <p class="message" role="status">"Loading …"</p> }.into_any(),
        Some(Err(text)) => view! { <p class="notice" role="alert">{text}</p> }.into_any(),
        Some(Ok(facts)) => view! { <Sums model facts function /> }.into_any(),
    };
    view! {
        <aside class="function-panel" aria-label=move || format!("Details of {}", function.get()) node_ref=panel>
            <button type="button" class="button function-close" aria-label="Close details" title="Close (Esc)" on:click=handler(move |_| close())
                on:keydown=handler(move |e: KeyboardEvent| if e.key() == "Escape" { e.prevent_default(); close(); })>"✕"</button>
            <h2 class="function-name">{move || function.get()}</h2>
            {move || body()}
            <FetchedDetails model source function />
        </aside>
    }
}

fn facts(tree: &Shared<CallTree>, function: &str) -> Result<Facts, String> {
    let named = tree.frames().named(function);
    let Some(first) = named.iter().position(|n| *n) else {
        return Err(
            "This function is not in the tree shown. One of the transforms may have removed it.".to_owned()
        );
    };
    let both = sandwich(tree, function).map_err(|e| e.to_string())?;
    Ok(Facts {
        self_value: both.self_value,
        total: both.total,
        whole: tree.total(NodeId::ROOT),
        file: tree.frames().file(flarepath_profile::frame_table::FrameId(first as u32)).to_owned(),
        callers: neighbours(&both.callers),
        callees: neighbours(&both.callees),
    })
}

/// Self, total, callers and callees.
#[component]
fn Sums(model: Model, facts: Facts, function: Memo<String>) -> impl IntoView {
    let measure = model.measure.get();
    let Facts { self_value, total, whole, file, callers, callees } = facts;
    // Callers and callees cost at most what the function does, so one unit fits all.
    let scale = measure.scale(total);
    let sum = |what: &'static str, value: i64| {
        let text = format!("{} · {}", scale.amount(value as f64), measure.share(value, whole));
        view! { <div><dt>{with_term(what)}</dt><dd>{text}</dd></div> }.into_any()
    };
    let side = |title: &'static str, none: &'static str, found: Neighbours| {
        let value = |value: i64| format!("{} · {}", scale.text(value as f64), measure.share(value, total));
        let bar = |value: i64| {
            format!("{:.1}%", (value as f64 / (total as f64).max(1.0) * 100.0).clamp(0.0, 100.0))
        };
        let row = |name: String, cost: i64| {
            let to = name.clone();
            let label = name.clone();
            view! {
                <li><span class="neighbour-bar" style:width=bar(cost)></span>
                    <button type="button" title=name on:click=handler(move |_| open(model, to.clone()))><bdi>{label}</bdi></button>
                    <span class="neighbour-value">{value(cost)}</span></li>
            }
            .into_any()
        };
        let plain = |text: String, cost: i64| {
            view! {
            <li><span class="neighbour-bar" style:width=bar(cost)></span><span class="neighbour-plain">{text}</span>
                <span class="neighbour-value">{value(cost)}</span></li>
        }
        .into_any()
        };
        let more = (found.more > 0).then(|| plain(format!("{} more", found.more), found.more_value));
        let none = (found.none != 0).then(|| plain(none.to_owned(), found.none));
        let rows = list(found.listed.into_iter().map(|n| row(n.name, n.value)));
        view! { <h3>{title}</h3><ul class="neighbours" aria-label=title>{rows}{more}{none}</ul> }.into_any()
    };
    view! {
        {(!file.is_empty()).then(|| view! { <p class="function-file">{file.clone()}</p> }.into_any())}
        <dl class="function-sums">{sum("Self", self_value)}{sum("Total", total)}</dl>
        <p><button type="button" class="button" on:click=handler(move |_| super::menu::open_sandwich(model, function.get_untracked()))>"Open sandwich view"</button></p>
        {side("Callers", "none: stacks begin here", callers)}
        {side("Callees", "the function itself", callees)}
    }
}

/// Shows another function.
pub(super) fn open(model: Model, function: String) {
    model.change(HistoryMode::Push, |v| v.details = Some(function));
}

/// The details that have to be fetched: costs over time and lines.
#[component]
fn FetchedDetails(model: Model, source: Source, function: Memo<String>) -> impl IntoView {
    let (series, lines) = (Fetch::<TimelineData>::new(), Fetch::<Vec<LineCost>>::new());
    let start = move || {
        let function = function.get();
        // The panel is closing.
        if function.is_empty() {
            return;
        }
        match source {
            Source::Server(request) => match request.get() {
                Some(request) => {
                    let (again, name) = (request.clone(), function.clone());
                    series.start(|abort| function::over_time(again, name, abort));
                    lines.start(|abort| function::lines(request, function, abort));
                }
                None => (series.clear(), lines.clear()).0,
            },
            Source::Local(files) => {
                // Lines differ by profile and sample type of the file.
                files.profile.track();
                files.request_lines(&function);
            }
            Source::Saved => {}
        }
    };
    effect(start);
    let of_server = matches!(source, Source::Server(_));
    // One message for one cause.
    let failed = Memo::new(move || {
        let whole = series.error.get().filter(|_| lines.error.with(Option::is_some));
        let one = |error: Option<ApiError>, what: &str| error.map(|error| (what.to_owned(), error));
        one(whole, "Costs over time and lines")
            .or_else(|| one(series.error.get(), "Costs over time"))
            .or_else(|| one(lines.error.get(), "Lines"))
    });
    let notice = move || {
        let (what, error) = failed.get()?;
        Some(
            view! { <FailedNotice what error on_retry=Callback::new(move |()| untrack(start)) /> }.into_any(),
        )
    };
    let answer: Signal<Lines> = Signal::derive(move || match source {
        Source::Local(files) => files.lines.with(|known| match known {
            Some((of, lines)) if function.with(|f| f == of) => Lines::Known(lines.clone()),
            _ => Lines::Pending,
        }),
        Source::Saved => Lines::Failed,
        Source::Server(_) => match (lines.data.get(), lines.error.with(Option::is_some), lines.pending.get())
        {
            (Some(found), false, false) => Lines::Known(found),
            (_, true, _) => Lines::Failed,
            _ => Lines::Pending,
        },
    });
    let utc = use_context::<Utc>().map(|utc| utc.0);
    let markers = use_context::<Markers>();
    let reshaped = move || model.view.with(|v| !v.transforms.is_empty());
    view! {
        {move || notice()}
        {shown(reshaped, || view! {
            <p class="function-note">"The following is about the whole profile, before the transforms."</p>
        }.into_any())}
        {of_server.then(|| view! {
            <h3>"Over time"</h3>
            {shown(move || series.data.with(Option::is_some), move || view! {
                <Timeline data=series.data utc=Signal::derive(move || utc.is_some_and(|utc| utc.get())) markers id="function-timeline" />
            }.into_any())}
            {shown(move || series.data.with(Option::is_none) && series.error.with(Option::is_none), || view! { <p role="status">"Loading …"</p> }.into_any())}
        }.into_any())}
        <h3>"Lines"</h3>
        {lines_table(answer, model.measure)}
    }
}
