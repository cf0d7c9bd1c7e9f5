//! A dialog above the page. What is in it is built when it opens, so that each time starts afresh.

use crate::browser::event::Event;
use crate::browser::{page, timer};
use crate::reactive::{RwSignal, Signal, effect, handler, shown};
use leptos::prelude::*;

/// The dialog.
#[component]
pub(crate) fn Modal(
    /// Unique on the page.
    id: &'static str,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    open: RwSignal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    effect(move || {
        if open.get() {
            // Once it is on the page.
            timer::after(0, move || page::dialog(id).iter().for_each(page::open_dialog));
        } else {
            page::dialog(id).into_iter().for_each(|dialog| dialog.close());
        }
    });
    let titled = format!("{id}-title");
    let heading = titled.clone();
    let body = move || {
        view! {
            <header>
                <h2 id=heading.clone()>{move || title.get()}</h2>
                <button class="button" type="button" on:click=handler(move |_| open.set(false))>"Close"</button>
            </header>
            {children()}
        }
        .into_any()
    };
    view! {
        <dialog id=id class="dialog" aria-labelledby=titled on:close=handler(move |_: Event| open.set(false))>
            {shown(move || open.get(), body)}
        </dialog>
    }
}
