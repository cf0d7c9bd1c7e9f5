//! Named views of a snapshot, such as `Fig. 1`, and the form that saves another.

use super::ShareState;
use crate::api::Sending;
use crate::api::shares::{self, NamedView};
use crate::browser::event::{Event, SubmitEvent, value_of};
use crate::reactive::{RwSignal, handler, list, shown};
use crate::state::view::HistoryMode;
use leptos::prelude::*;

/// The tabs, and the form for those who may save a view.
#[component]
pub(crate) fn NamedViews(state: ShareState) -> impl IntoView {
    let views = move || state.opened.data.with(|o| o.as_ref().map(|o| o.views.clone()).unwrap_or_default());
    let may = move || state.may_change();
    let tab = move |number: Option<u32>, name: String| {
        let current = move || (state.place.with(|p| p.view) == number).then_some("page");
        view! { <a class="mode" href=move || state.path_of(number) aria-current=current>{name}</a> }
            .into_any()
    };
    let tabs = move || {
        let views = views();
        let named = views.into_iter().map(|v| tab(Some(v.number), v.name));
        list([tab(None, "Original view".to_owned())].into_iter().chain(named))
    };
    let any = move || !views().is_empty();
    view! {
        <div class="snapshot-views">
            {shown(any, move || view! { <nav class="modes" aria-label="Views">{move || tabs()}</nav> }.into_any())}
            {shown(may, move || view! { <SaveView state /> }.into_any())}
        </div>
    }
}

/// Saves the current view under a name.
#[component]
fn SaveView(state: ShareState) -> impl IntoView {
    let (open, name) = (RwSignal::new(false), RwSignal::new(String::new()));
    let sending = Sending::default();
    let saved = RwSignal::new("");
    let next = move || {
        let numbers =
            |o: &Option<shares::Opened>| o.iter().flat_map(|o| o.views.iter().map(|v| v.number)).max();
        state.opened.data.with_untracked(numbers).unwrap_or(0) + 1
    };
    let begin = move |_| {
        name.set(format!("Fig. {}", next()));
        open.set(true);
        crate::browser::page::focus_soon("view-name");
    };
    let save = move |e: SubmitEvent| {
        e.prevent_default();
        let number = next();
        let view = NamedView { number, name: name.get_untracked(), state: state.state.get_untracked() };
        sending.send(shares::keep_view(&state.row(), view), move |()| {
            open.set(false);
            saved.set("View saved.");
            state.refresh();
            state.go_view(number);
        });
    };
    let error = move || sending.error.get().map(|error| error.line());
    view! {
        {shown(move || !open.get(), move || view! {
            <button class="button" type="button" on:click=handler(begin)>"Save this view as…"</button>
        }.into_any())}
        {shown(move || open.get(), move || view! {
            <form class="view-form" on:submit=handler(save)>
                <label for="view-name">"View name"</label>
                <input id="view-name" class="input" maxlength="80" autocomplete="off" required=true
                    prop:value=move || name.get() on:input=handler(move |e: Event| name.set(value_of(&e))) />
                <button class="button primary" type="submit">"Save view"</button>
                <button class="button" type="button" on:click=handler(move |_| open.set(false))>"Cancel"</button>
            </form>
        }.into_any())}
        <span role="status">{move || error().unwrap_or_else(|| saved.get().to_owned())}</span>
    }
}

impl ShareState {
    /// Goes to a named view.
    fn go_view(self, number: u32) {
        let path = self.path_of(Some(number));
        self.address.go(&path, HistoryMode::Push);
    }
}
