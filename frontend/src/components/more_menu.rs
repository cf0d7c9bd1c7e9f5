//! The menu of what is done less often with an answer: other pages about it, and the profile as a file in several formats.

use super::popover::Popover;
use super::share_button::missing;
use crate::api::request::ProfileRequest;
use crate::context::pending_action::{PendingActions, SAVE};
use crate::context::session::Session;
use crate::reactive::{Callback, RwSignal, Signal, effect, handler, list, shown};
use crate::state::markers::WRITE_PERMISSION;
use leptos::prelude::*;

const FORMATS: [(&str, &str, &str); 4] = [
    ("pprof", "pprof", "complete; for go tool pprof and most other tools"),
    ("folded", "Folded stacks", "text, one stack per line"),
    ("speedscope", "speedscope", "JSON for speedscope.app"),
    ("firefox", "Firefox Profiler", "JSON for profiler.firefox.com"),
];

/// The menu.
#[component]
pub(crate) fn MoreMenu(
    /// The address of its heat map.
    #[prop(default = None)]
    heatmap: Option<Signal<String>>,
    /// The address of the page that says what changed in its time; empty while there is nothing to ask.
    #[prop(default = None)]
    incident: Option<Signal<String>>,
    /// The address of the page of its service; empty while there is none.
    #[prop(default = None)]
    service: Option<Signal<String>>,
    /// What can be exported, where something can; it has no formats while there is no question.
    #[prop(default = None)]
    request: Option<Signal<Option<ProfileRequest>>>,
    /// Adds a marker to the timeline, where there is one; offered to those who may.
    #[prop(default = None)]
    on_marker: Option<Callback<()>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let failed = RwSignal::new(false);
    effect(move || {
        if failed.get() {
            open.set(true);
        }
    });
    let actions = use_context::<PendingActions>().map(|actions| actions.0);
    let map = move || {
        let href = heatmap?;
        Some(
            view! { <li><a class="list-item" href=move || href.get() title="Cost over time by function or by label value">"Heat map"</a></li> }
                .into_any(),
        )
    };
    let changed = move || {
        let href = incident?;
        let entry = move || {
            view! { <li><a class="list-item" href=move || href.get() title="The verdict on this time, against a baseline of your choice">"What changed here?"</a></li> }
                .into_any()
        };
        Some(shown(move || href.with(|href| !href.is_empty()), entry))
    };
    let whole = move || {
        let href = service?;
        let entry = move || {
            view! { <li><a class="list-item" href=move || href.get() title="Everything about this service">"Service page"</a></li> }
                .into_any()
        };
        Some(shown(move || href.with(|href| !href.is_empty()), entry))
    };
    view! {
        <Popover name="More" label=|| "More".into_any() open end=true command="export">
            <ul class="list-menu">
                {map()}
                {changed()}
                {whole()}
                {save_entry(actions, open, failed)}
                {on_marker.map(|on_marker| marker_entry(on_marker, open))}
            </ul>
            {request.map(|request| exports(request, open))}
            {shown(move || failed.get(), missing)}
        </Popover>
    }
}

type Actions = Option<Callback<(String, RwSignal<bool>)>>;

fn save_entry(actions: Actions, open: RwSignal<bool>, failed: RwSignal<bool>) -> AnyView {
    let save = move |_| {
        open.set(false);
        failed.set(false);
        actions.into_iter().for_each(|run| run.run((SAVE.to_owned(), failed)));
    };
    view! {
        <li><button type="button" class="list-item" on:click=handler(save)>
            "Image or offline page…"<span>"PNG, SVG, or one HTML file"</span></button></li>
    }
    .into_any()
}

fn marker_entry(on_marker: Callback<()>, open: RwSignal<bool>) -> AnyView {
    let me = use_context::<Session>().map(Session::me);
    let may = move || me.is_some_and(|me| me.with(|me| me.may(WRITE_PERMISSION)));
    let add = move |_| {
        open.set(false);
        on_marker.run(());
    };
    let entry = move || {
        view! {
            <li><button type="button" class="list-item" on:click=handler(add)>
                "Add a marker…"<span>"a deploy, an incident, a change"</span></button></li>
        }
        .into_any()
    };
    shown(may, entry)
}

/// The profile as a file.
fn exports(request: Signal<Option<ProfileRequest>>, open: RwSignal<bool>) -> AnyView {
    let links = move || {
        let request = request.get()?;
        Some(list(FORMATS.map(|(format, name, hint)| {
            view! {
                <li>
                    <a class="list-item" href=request.export_path(format) download="" on:click=handler(move |_| open.set(false))>
                        {name}<span>{hint}</span>
                    </a>
                </li>
            }
            .into_any()
        })))
    };
    view! {
        <p class="menu-heading" id="export-heading">"Export"</p>
        <ul class="list-menu" aria-labelledby="export-heading">{move || links()}</ul>
    }
    .into_any()
}
