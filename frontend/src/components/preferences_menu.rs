//! Preferences of this device, in the account menu: theme and time zone.

use crate::browser::event::{Event, is_checked};
use crate::browser::theme;
use crate::context::utc::{self, Utc};
use crate::reactive::{RwSignal, handler, list};
use crate::state::preferences::Theme;
use leptos::prelude::*;

#[component]
pub(crate) fn Preferences() -> impl IntoView {
    let chosen = RwSignal::new(theme::stored());
    let utc = expect_context::<Utc>().0;
    let choice = move |to: Theme| {
        let choose = move |_| {
            chosen.set(to);
            theme::choose(to);
        };
        view! {
            <button type="button" class="mode" aria-pressed=move || (chosen.get() == to).to_string() on:click=handler(choose)>
                {to.label()}</button>
        }
        .into_any()
    };
    let set_utc = move |e: Event| {
        let on = is_checked(&e);
        utc::store(on);
        utc.set(on);
    };
    view! {
        <div class="preferences">
            <span class="preferences-name" id="theme-name">"Theme"</span>
            <div class="modes" role="group" aria-labelledby="theme-name">{list(Theme::ALL.map(choice))}</div>
            <label class="check">
                <input type="checkbox" prop:checked=move || utc.get() on:change=handler(set_utc) />
                <span>"Show times in UTC"</span>
            </label>
        </div>
    }
}
