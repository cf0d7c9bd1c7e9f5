//! Forms that change something on the server: fields, why the last attempt failed, and the button.

use crate::api::{ApiError, Sending};
use crate::browser::event::SubmitEvent;
use crate::reactive::{Callback, handler, list};
use leptos::prelude::*;

#[component]
pub(crate) fn SubmitForm(
    sending: Sending,
    /// Text of the button.
    submit: &'static str,
    /// Receives the event, from which `browser::form` reads the fields.
    on_submit: Callback<SubmitEvent>,
    /// So that it can be reset.
    #[prop(optional)]
    id: &'static str,
    children: Children,
) -> impl IntoView {
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        on_submit.run(event);
    };
    // The browser never submits it, but a password must not end up in an address if it ever did.
    view! {
        <form id=(!id.is_empty()).then_some(id) class="form" method="post" on:submit=handler(send)>
            {children()}
            <SubmitError sending />
            <div class="form-actions"><SubmitButton sending text=submit /></div>
        </form>
    }
}

/// Why the last attempt failed.
#[component]
pub(crate) fn SubmitError(sending: Sending) -> impl IntoView {
    let one = |error: ApiError| {
        view! {
            <div class="message failed" role="alert"><div><strong>{error.title}</strong><p>{error.detail}</p></div></div>
        }
        .into_any()
    };
    view! { {move || list(sending.error.get().into_iter().map(one))} }
}

/// The button; disabled while a request is pending.
#[component]
pub(crate) fn SubmitButton(sending: Sending, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <button class="button primary" type="submit" disabled=move || sending.pending.get()
            aria-busy=move || sending.pending.get().to_string()>{text}</button>
    }
}
