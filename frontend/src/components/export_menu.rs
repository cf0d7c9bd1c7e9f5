//! The profile as a file.

use super::icon::{DOWNLOAD, Icon};
use super::popover::Popover;
use crate::api::request::Ask;
use crate::reactive::{RwSignal, Signal, handler, list};
use leptos::prelude::*;

const FORMATS: [(&str, &str, &str); 4] = [
    ("pprof", "pprof", "for go tool pprof and most others; complete"),
    ("folded", "Folded stacks", "text, one stack a line"),
    ("speedscope", "speedscope", "JSON for speedscope.app"),
    ("firefox", "Firefox Profiler", "JSON for profiler.firefox.com"),
];

/// The menu; without a question it offers nothing.
#[component]
pub fn ExportMenu(
    /// What is on screen.
    #[prop(into)]
    ask: Signal<Option<Ask>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let links = move || {
        let ask = ask.get()?;
        Some(list(FORMATS.map(|(format, name, hint)| {
            view! {
                <li>
                    <a class="list-item" href=ask.export_path(format) download="" on:click=handler(move |_| open.set(false))>
                        <strong>{name}</strong>
                        <span>{hint}</span>
                    </a>
                </li>
            }
            .into_any()
        })))
    };
    let label = || view! { <Icon path=DOWNLOAD /><span class="wide-only">"Export"</span> };
    view! {
        <Popover name="Export" label open end=true>
            <ul class="list-menu">{move || links()}</ul>
        </Popover>
    }
}
