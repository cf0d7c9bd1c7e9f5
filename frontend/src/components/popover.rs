//! A button with a panel, which closes on Escape, on a click elsewhere and when the focus leaves it. What is done in the panel
//! and closes it gives the focus back to the button.

use super::icon::{CHEVRON_DOWN, Icon};
use crate::browser::event::{KeyboardEvent, on_window_press};
use crate::browser::page;
use crate::reactive::{RwSignal, Signal, effect, handler, shown};
use leptos::html::Div;
use leptos::prelude::*;

/// A button with a panel.
#[component]
pub(crate) fn Popover(
    /// Accessible name of the button.
    #[prop(into)]
    name: Signal<String>,
    #[prop(into)] label: ViewFn,
    open: RwSignal<bool>,
    /// Id of the button.
    #[prop(optional)]
    id: &'static str,
    /// Aligns the panel with the right edge of the button.
    #[prop(optional)]
    end: bool,
    /// The command that opens it, see [`crate::state::command`].
    #[prop(optional)]
    command: Option<&'static str>,
    children: ChildrenFn,
) -> impl IntoView {
    let root = NodeRef::<Div>::new();
    // Called with a delay, when the page may be gone.
    let inside = move || root.try_get_untracked().flatten().is_some_and(|root| page::holds_focus(&root));
    let mut was_open = false;
    effect(move || {
        let is_open = open.get();
        // What had the focus in the panel is gone with it.
        if was_open && !is_open && (inside() || page::nothing_focused()) {
            page::focus_first_button(root.try_get_untracked().flatten().as_deref());
        }
        was_open = is_open;
    });
    on_window_press(move |event| {
        let inside = root.get_untracked().is_some_and(|root| page::is_within(&event, &root));
        if !inside && open.try_get_untracked() == Some(true) {
            open.set(false);
        }
    });
    view! {
        <div
            class="popover"
            node_ref=root
            on:keydown=handler(move |e: KeyboardEvent| {
                if e.key() == "Escape" && open.get_untracked() && !e.default_prevented() {
                    e.prevent_default();
                    open.set(false);
                    page::focus_first_button(root.get_untracked().as_deref());
                }
            })
            on:focusout=handler(move |_| {
                // The next element receives the focus after this event.
                crate::browser::timer::after(0, move || {
                    if !inside() && open.try_get_untracked() == Some(true) && !page::nothing_focused() {
                        open.set(false);
                    }
                });
            })
        >
            <button
                id=(!id.is_empty()).then_some(id)
                class="button"
                type="button"
                data-command=command
                aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string()
                aria-label=move || name.get()
                on:click=handler(move |_| open.update(|o| *o = !*o))
            >
                {label.run()}
                <Icon path=CHEVRON_DOWN />
            </button>
            {shown(move || open.get(), move || view! {
                <div class="panel" class:end=end role="dialog" aria-label=move || name.get()>{children()}</div>
            }.into_any())}
        </div>
    }
}
