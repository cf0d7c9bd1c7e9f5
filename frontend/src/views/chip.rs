//! A chip above a profile, with a button that removes it.

use crate::reactive::{Callback, handler};
use leptos::prelude::*;

/// The chip; `title` is its tooltip.
pub(super) fn chip(what: &'static str, name: String, title: String, remove: Callback<()>) -> AnyView {
    view! {
        <li class="chip"><span class="chip-kind">{what}</span><span class="chip-name" title=title><bdi>{name.clone()}</bdi></span>
            <button type="button" aria-label=format!("Remove: {what} {name}") on:click=handler(move |_| remove.run(()))>"✕"</button></li>
    }
    .into_any()
}
