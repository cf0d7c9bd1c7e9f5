//! Notes on frames of a snapshot: the list, and the form for those who may add one.

use super::ShareState;
use crate::api::change::Change;
use crate::api::shares::{self, Annotation};
use crate::browser::event::{Event, SubmitEvent, value_of};
use crate::reactive::{Memo, RwSignal, handler, list, shown};
use crate::state::share_view::{read, write};
use crate::state::url_text::{parse_pairs, write_pairs};
use crate::state::view::{HistoryMode, View};
use crate::views::share::snapshot_facts::utc;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub(crate) fn Notes(state: ShareState) -> impl IntoView {
    let annotations = Memo::new(move || {
        state.opened.data.with(|o| o.as_ref().map(|o| o.annotations.clone()).unwrap_or_default())
    });
    let may = Memo::new(move || state.may_change());
    let status = RwSignal::new(String::new());
    let all = move || {
        let rows = annotations
            .get()
            .into_iter()
            .zip(1..)
            .map(|(r, number)| note(state, r, number, may.get(), status));
        list(rows)
    };
    let any = move || !annotations.with(Vec::is_empty);
    view! {
        {shown(move || any() || may.get(), move || view! {
            <section class="annotations" aria-labelledby="notes-title">
                <h2 id="notes-title">"Notes"</h2>
                <ol>{move || all()}</ol>
                {shown(move || may.get(), move || view! { <AddNote state status /> }.into_any())}
                <p role="status">{move || status.get()}</p>
            </section>
        }.into_any())}
    }
}

fn note(
    state: ShareState,
    annotation: Annotation,
    number: usize,
    may: bool,
    status: RwSignal<String>,
) -> AnyView {
    let Annotation { id, path, text, author, created_ms } = annotation;
    let at = place(&path);
    let by = if author.is_empty() { String::new() } else { format!("{author}, ") };
    let goes = path.clone();
    let show = move |_| zoom_to(state, goes.clone());
    let remove = move |_| {
        send(state, status, shares::delete_annotation(&state.row(), &id), "Note removed.", || ());
    };
    view! {
        <li>
            <span class="annotation-number" aria-hidden="true">{number.to_string()}</span>
            <div>
                <p class="annotation-text">{text}</p>
                <p class="annotation-author">{by}{utc(created_ms)}" · on "
                    <button class="annotation-frame" type="button" title=path.join(" › ") on:click=handler(show)>{at}</button></p>
            </div>
            {may.then(|| view! {
                <button class="button quiet icon-only" type="button" aria-label=format!("Remove note {number}")
                    on:click=handler(remove)>"✕"</button>
            }.into_any())}
        </li>
    }
    .into_any()
}

/// The last frame of a path, which says more than the first.
fn place(path: &[String]) -> String {
    path.last().cloned().unwrap_or_else(|| "the whole profile".to_owned())
}

/// Zooms to a path; the rest of the view stays.
fn zoom_to(state: ShareState, path: Vec<String>) {
    let now = state.state.get_untracked();
    let zoomed = write(View { zoom: path, ..View::default() }.to_params());
    let kept = parse_pairs(&now);
    let kept = kept.iter().filter(|(key, _)| !["zoom", "at"].contains(&key.as_str()));
    let kept = write_pairs(kept.map(|(k, v)| (k.as_str(), v.as_str())));
    let joined = [kept, zoomed].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&");
    state.show(&joined, HistoryMode::Push);
}

/// Sends a change; after it, reports `done`, calls `then` and reloads the share.
fn send(
    state: ShareState,
    status: RwSignal<String>,
    change: Change<()>,
    done: &'static str,
    then: impl FnOnce() + 'static,
) {
    spawn_local(async move {
        let result = change.await;
        // The page may be gone by now.
        if status.try_get_untracked().is_none() {
            return;
        }
        match result {
            Ok(()) => {
                status.set(done.to_owned());
                then();
                state.refresh();
            }
            Err(error) => status.set(error.line()),
        }
    });
}

/// The form that adds a note to the frame that is zoomed to.
#[component]
fn AddNote(state: ShareState, status: RwSignal<String>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let zoomed = Memo::new(move || state.state.with(|s| read(s, View::from_params)).zoom);
    let add = move |e: SubmitEvent| {
        e.prevent_default();
        let change = shares::annotate(&state.row(), zoomed.get_untracked(), text.get_untracked());
        send(state, status, change, "Note added.", move || text.set(String::new()));
    };
    view! {
        <form class="annotation-form" on:submit=handler(add)>
            <label for="note-text">"Note on "<strong>{move || zoomed.with(|path| place(path))}</strong></label>
            <textarea id="note-text" class="input" rows="2" maxlength="4000" required=true
                prop:value=move || text.get() on:input=handler(move |e: Event| text.set(value_of(&e)))></textarea>
            <p class="annotation-author">"To annotate another frame, zoom to it first."</p>
            <button class="button" type="submit">"Add note"</button>
        </form>
    }
}
