//! The export menu: the profile as a file in several formats.

use super::icon::{DOWNLOAD, Icon};
use super::popover::Popover;
use super::share_button::missing;
use crate::api::request::ProfileRequest;
use crate::context::pending_action::{PendingActions, SAVE};
use crate::reactive::{RwSignal, Signal, effect, handler, list, shown};
use leptos::prelude::*;

const FORMATS: [(&str, &str, &str); 4] = [
    ("pprof", "pprof", "complete; for go tool pprof and most other tools"),
    ("folded", "Folded stacks", "text, one stack per line"),
    ("speedscope", "speedscope", "JSON for speedscope.app"),
    ("firefox", "Firefox Profiler", "JSON for profiler.firefox.com"),
];

/// The menu; it has no formats while there is no question.
#[component]
pub(crate) fn ExportMenu(#[prop(into)] request: Signal<Option<ProfileRequest>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let links = move || {
        let request = request.get()?;
        Some(list(FORMATS.map(|(format, name, hint)| {
            view! {
                <li>
                    <a class="list-item" href=request.export_path(format) download="" on:click=handler(move |_| open.set(false))>
                        <strong>{name}</strong>
                        <span>{hint}</span>
                    </a>
                </li>
            }
            .into_any()
        })))
    };
    let actions = use_context::<PendingActions>();
    let failed = RwSignal::new(false);
    effect(move || {
        if failed.get() {
            open.set(true);
        }
    });
    let picture = move || {
        let save = move |_| {
            open.set(false);
            failed.set(false);
            actions.iter().for_each(|actions| actions.0.run((SAVE.to_owned(), failed)));
        };
        view! {
            <li><button type="button" class="list-item" on:click=handler(save)>
                <strong>"Image or offline page…"</strong><span>"PNG, SVG, or one HTML file"</span></button></li>
        }
        .into_any()
    };
    let label = || view! { <Icon path=DOWNLOAD /><span class="wide-only">"Export"</span> };
    view! {
        <Popover name="Export" label open end=true command="export">
            <ul class="list-menu">{move || links()}{picture()}</ul>
            {shown(move || failed.get(), missing)}
        </Popover>
    }
}
