//! Refreshes the page: now, or periodically while it is visible.

use super::icon::{Icon, REFRESH};
use crate::browser::event::value_of;
use crate::browser::{page, storage, timer};
use crate::reactive::{Callback, RwSignal, Signal, handler, list};
use crate::state::preferences::REFRESH_SECONDS;
use leptos::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

const KEY: &str = "flarepath.refresh";

/// Button and interval.
#[component]
pub(crate) fn RefreshControl(
    /// Whether a request is pending.
    #[prop(into)]
    busy: Signal<bool>,
    /// Whether a refresh can return new data.
    #[prop(into)]
    live: Signal<bool>,
    #[prop(into)] on_refresh: Callback<()>,
) -> impl IntoView {
    let stored = storage::read(KEY).and_then(|text| text.parse().ok());
    let known = stored.filter(|s| REFRESH_SECONDS.iter().any(|(seconds, _)| seconds == s));
    let every = RwSignal::new(known.unwrap_or(0_u32));
    let waited = AtomicU32::new(0);
    timer::every(1000, move || {
        let Some(seconds) = every.try_get_untracked().filter(|s| *s > 0) else { return };
        let idle = !page::is_hidden() && live.try_get_untracked() == Some(true);
        let due = waited.fetch_add(1, Ordering::Relaxed) + 1 >= seconds;
        if due && idle && busy.try_get_untracked() == Some(false) {
            waited.store(0, Ordering::Relaxed);
            on_refresh.run(());
        }
    });
    let change = move |e| {
        let text = value_of(&e);
        storage::write(KEY, &text);
        every.set(text.parse().unwrap_or(0));
    };
    view! {
        <div class="refresh" role="group" aria-label="Refresh">
            <button class="button icon-only" class:busy=move || busy.get() type="button" aria-label="Refresh" title="Refresh (r)" data-command="refresh"
                on:click=handler(move |_| on_refresh.run(()))>
                <Icon path=REFRESH />
            </button>
            <select class="input" aria-label="Refresh automatically" title="Refresh automatically" on:change=handler(change)>
                {list(REFRESH_SECONDS.map(|(seconds, name)| view! {
                    <option value=seconds.to_string() prop:selected=move || every.get() == seconds>{name}</option>
                }.into_any()))}
            </select>
        </div>
    }
}
