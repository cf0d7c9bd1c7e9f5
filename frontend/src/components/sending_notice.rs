//! What became of a change that a person made.

use crate::api::Sending;
use crate::reactive::list;
use leptos::prelude::*;

/// Why it failed; nothing while it is fine.
#[component]
pub(crate) fn SendingNotice(
    /// The change.
    sending: Sending,
) -> impl IntoView {
    let one = |error: crate::api::ApiError| {
        view! {
            <div class="message failed" role="alert"><div><strong>{error.title}</strong><p>{error.detail}</p></div></div>
        }
        .into_any()
    };
    view! { {move || list(sending.error.get().into_iter().map(one))} }
}

/// The button that sends a form.
#[component]
pub(crate) fn SendButton(
    /// The change.
    sending: Sending,
    /// What it does.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    view! {
        <button class="button primary" type="submit" disabled=move || sending.pending.get()
            aria-busy=move || sending.pending.get().to_string()>{text}</button>
    }
}
