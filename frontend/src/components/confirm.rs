//! A dialog that asks before an action that is hard to undo.

use super::modal::{Modal, closing, open_while};
use super::submit::SubmitError;
use crate::api::Sending;
use crate::api::change::Change;
use crate::reactive::{Callback, RwSignal, Signal, effect, handler};
use leptos::prelude::*;
use std::sync::Arc;

#[derive(Clone)]
pub(crate) struct Question {
    /// The heading, such as "Revoke this token?".
    pub(crate) title: String,
    /// The consequences.
    pub(crate) text: String,
    /// Text of the button that confirms.
    pub(crate) yes: &'static str,
    /// The action.
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

/// The dialog; opens when a question is set.
#[component]
pub(crate) fn Confirm(
    /// Unique on the page.
    id: &'static str,
    question: RwSignal<Option<Question>>,
    /// Called after the action succeeded.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = open_while(question);
    let sending = Sending::default();
    effect(move || {
        question.with(Option::is_some);
        sending.error.set(None);
    });
    let title =
        Signal::derive(move || question.with(|q| q.as_ref().map(|q| q.title.clone()).unwrap_or_default()));
    let text = move || question.with(|q| q.as_ref().map(|q| q.text.clone()).unwrap_or_default());
    let yes = move || question.with(|q| q.as_ref().map_or("", |q| q.yes));
    let act = move |_| {
        let Some(question) = question.get_untracked() else { return };
        sending.send((question.act)(), closing(open, on_done));
    };
    view! {
        <Modal id title open>
            <p>{move || text()}</p>
            <SubmitError sending />
            <div class="form-actions">
                <button class="button" type="button" on:click=handler(move |_| open.set(false))>"Cancel"</button>
                <button class="button danger" type="button" disabled=move || sending.pending.get() on:click=handler(act)>
                    {move || yes()}</button>
            </div>
        </Modal>
    }
}
