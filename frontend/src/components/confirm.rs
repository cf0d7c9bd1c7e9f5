//! Asks before what cannot be undone.

use super::modal::Modal;
use super::sending_notice::SendingNotice;
use crate::api::Sending;
use crate::api::change::Change;
use crate::reactive::{Callback, RwSignal, Signal, effect, handler};
use leptos::prelude::*;
use std::sync::Arc;

/// What is asked.
#[derive(Clone)]
pub(crate) struct Question {
    /// The heading, such as "Revoke this token?".
    pub(crate) title: String,
    /// What will happen.
    pub(crate) text: String,
    /// What the button says that does it.
    pub(crate) yes: &'static str,
    /// Does it.
    pub(crate) act: Arc<dyn Fn() -> Change<()> + Send + Sync>,
}

impl Question {
    /// Asks whether to do `act`.
    pub(crate) fn new(
        title: impl Into<String>,
        text: impl Into<String>,
        yes: &'static str,
        act: impl Fn() -> Change<()> + Send + Sync + 'static,
    ) -> Question {
        Question { title: title.into(), text: text.into(), yes, act: Arc::new(act) }
    }
}

/// The dialog; opens when a question is put.
#[component]
pub(crate) fn Confirm(
    /// Unique on the page.
    id: &'static str,
    /// The question.
    question: RwSignal<Option<Question>>,
    /// Called when it was done.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let sending = Sending::default();
    effect(move || {
        let asked = question.with(Option::is_some);
        sending.error.set(None);
        if open.get_untracked() != asked {
            open.set(asked);
        }
    });
    effect(move || {
        if !open.get() && question.with_untracked(Option::is_some) {
            question.set(None);
        }
    });
    let title =
        Signal::derive(move || question.with(|q| q.as_ref().map(|q| q.title.clone()).unwrap_or_default()));
    let text = move || question.with(|q| q.as_ref().map(|q| q.text.clone()).unwrap_or_default());
    let yes = move || question.with(|q| q.as_ref().map_or("", |q| q.yes));
    let act = move |_| {
        let Some(question) = question.get_untracked() else { return };
        sending.send((question.act)(), move |()| {
            open.set(false);
            on_done.run(());
        });
    };
    view! {
        <Modal id title open>
            <p>{move || text()}</p>
            <SendingNotice sending />
            <div class="form-actions">
                <button class="button" type="button" on:click=handler(move |_| open.set(false))>"Cancel"</button>
                <button class="button danger" type="button" disabled=move || sending.pending.get() on:click=handler(act)>
                    {move || yes()}</button>
            </div>
        </Modal>
    }
}
