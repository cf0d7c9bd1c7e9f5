//! A modal dialog. Its content is built when it opens, so that each time starts afresh.

use crate::browser::event::Event;
use crate::browser::{page, timer};
use crate::reactive::{Callback, RwSignal, Signal, effect, handler, shown};
use leptos::prelude::*;

/// A signal that is true while `item` holds something; closing the dialog empties `item`.
pub(crate) fn open_while<T: Clone + Send + Sync + 'static>(item: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    effect(move || {
        let wanted = item.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    effect(move || {
        if !open.get() && item.with_untracked(Option::is_some) {
            item.set(None);
        }
    });
    open
}

/// The header of a dialog: its heading and the button that closes it.
pub(crate) fn dialog_header(id: &str, title: Signal<String>, close: impl Fn() + 'static) -> AnyView {
    let id = id.to_owned();
    view! {
        <header>
            <h2 id=id>{move || title.get()}</h2>
            <button class="button" type="button" on:click=handler(move |_| close())>"Close"</button>
        </header>
    }
    .into_any()
}

/// Closes a dialog after its change, and calls `on_done`.
pub(crate) fn closing(open: RwSignal<bool>, on_done: Callback<()>) -> impl FnOnce(()) + 'static {
    move |()| {
        open.set(false);
        on_done.run(());
    }
}

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
            timer::after(0, move || page::open_dialog(id));
        } else {
            page::close_dialog(id);
        }
    });
    let titled = format!("{id}-title");
    let heading = titled.clone();
    let body = move || {
        view! {
            {dialog_header(&heading, title, move || open.set(false))}
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
