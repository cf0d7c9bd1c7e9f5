//! Breadcrumbs: the stack from the root to the box that fills the width; each step is a button.

use super::{Flame, Zoom};
use crate::reactive::{attribute, handler, list, optional_attribute};
use crate::state::view::HistoryMode;
use crate::views::flame::label_text::path_end;
use leptos::prelude::*;

/// Steps shown at the end of a long stack.
const STEPS: usize = 6;

/// Breadcrumbs of the zoom. Shown from the start: if they appeared with the first zoom, the picture would move
/// under the pointer.
#[component]
pub(super) fn Breadcrumbs(
    /// The flame graph's name; several may be on one page.
    label: &'static str,
    flame: Flame,
) -> impl IntoView {
    let go = move |depth: usize| {
        let path = flame.zoom.with_untracked(|z| z.path[..depth.min(z.path.len())].to_vec());
        flame.on_zoom.run((Zoom { path, window: None }, HistoryMode::Push));
    };
    let lost = move || {
        let path = flame.zoom.get().path;
        flame.picture.with(|p| p.as_ref().is_some_and(|p| p.resolve(&path).is_none()))
    };
    let steps = move |path: Vec<String>| {
        let skipped = path.len().saturating_sub(STEPS);
        let last = path.len();
        let step = move |(i, name): (usize, String)| {
            let current = (i + 1 == last).then(|| "true".to_owned());
            view! {
                <li><button type="button" class="crumb" {..optional_attribute("aria-current", current)} title=name.clone()
                    on:click=handler(move |_| go(i + 1))><bdi {..attribute("dir", "ltr")}>{name[path_end(&name)..].to_owned()}</bdi></button></li>
            }
            .into_any()
        };
        list(path.into_iter().enumerate().skip(skipped).map(step))
    };
    let crumbs = move || {
        let zoom = flame.zoom.get();
        let all = zoom == Zoom::default();
        let current = zoom.path.is_empty().then(|| "true".to_owned());
        let more = zoom.path.len().saturating_sub(STEPS);
        view! {
            <nav class="crumbs" aria-label=format!("Zoom: {label}")>
                <ol>
                    <li><button type="button" class="crumb" {..optional_attribute("aria-current", current)} on:click=handler(move |_| go(0))>"total"</button></li>
                    {(more > 0).then(|| view! { <li class="crumb-gap">{format!("… {more} more")}</li> }.into_any())}
                    {steps(zoom.path)}
                </ol>
                {(!all).then(|| view! {
                    <button type="button" class="crumb-reset" on:click=handler(move |_| go(0))>"Reset zoom"</button>
                }.into_any())}
                {move || lost().then(|| view! {
                    <span class="crumb-missing" role="status">"This stack is not in the profile; the whole profile is shown."</span>
                }.into_any())}
            </nav>
        }
        .into_any()
    };
    view! { {move || crumbs()} }
}
