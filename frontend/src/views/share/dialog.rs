//! The dialog: a live link, or a snapshot and what is chosen for it; then what came of it.

use super::choices::Choices;
use super::cleaned::cleaned;
use super::desk::{DIALOG, ShareDesk};
use super::made::Kit;
use crate::browser::{clock, page};
use crate::components::notice::FailedNotice;
use crate::reactive::{Callback, Memo, handler, shown};
use crate::state::clock_text::civil;
use crate::state::share::ShareSource;
use leptos::prelude::*;

/// The dialog; put once on the page. Needs [`ShareDesk`] in the context.
#[component]
pub(crate) fn ShareDialog() -> impl IntoView {
    let Some(desk) = use_context::<ShareDesk>() else { return ().into_any() };
    let close = move |_| page::dialog(DIALOG).into_iter().for_each(|dialog| dialog.close());
    let made = Memo::new(move || desk.made.with(Option::is_some));
    let wrong = move || desk.asking.with(|a| a.as_ref().err().cloned()).filter(|text| !text.is_empty());
    view! {
        <dialog id=DIALOG class="dialog share" aria-labelledby="share-title">
            <header>
                <h2 id="share-title">{move || if made.get() { "Shared" } else { "Share what is on screen" }}</h2>
                <button class="button" type="button" on:click=handler(close)>"Close"</button>
            </header>
            {move || wrong().map(|text| view! { <p class="notice" role="alert">{format!("This can't be shared yet: {text}.")}</p> }.into_any())}
            {shown(move || !made.get() && desk.asking.with(Result::is_ok), move || view! { <Ways desk /> }.into_any())}
            {shown(move || made.get(), move || view! { <Kit desk /> }.into_any())}
            <p role="status" class="share-said">{move || desk.said.get()}</p>
        </dialog>
    }
    .into_any()
}

/// Both ways of sharing.
#[component]
fn Ways(desk: ShareDesk) -> impl IntoView {
    let here =
        Memo::new(move || desk.asking.with(|a| a.as_ref().is_ok_and(|a| a.asked == ShareSource::Local)));
    view! {
        {shown(move || !here.get(), move || view! { <LiveLink desk /> }.into_any())}
        <Snapshot desk here />
    }
}

/// When the data of a live link is dropped, in words.
fn until(desk: ShareDesk) -> String {
    match (desk.dies.data.get(), desk.dies.error.with(Option::is_some)) {
        (_, true) => "How long the data is kept could not be found out.".to_owned(),
        (None, false) => "Finding out how long the data is kept …".to_owned(),
        (Some(None), _) => "The data is kept until someone deletes it.".to_owned(),
        (Some(Some(ms)), _) if ms <= clock::now_ms() => {
            "The data is being dropped now: only a snapshot will show it.".to_owned()
        }
        (Some(Some(ms)), _) => {
            let at = civil(ms, 0);
            format!(
                "The data expires on {} at {} UTC; then the link shows nothing. A snapshot stays.",
                at.date(),
                at.time()
            )
        }
    }
}

/// The address itself.
#[component]
fn LiveLink(desk: ShareDesk) -> impl IntoView {
    view! {
        <section class="share-way" aria-labelledby="share-live">
            <h3 id="share-live">"Live link"</h3>
            <p>"Asks this server again, with the same time range. Who opens it has to be able to sign in here and to see \
                this service."</p>
            <p class="share-until" role="status">{move || until(desk)}</p>
            <button class="button" type="button" on:click=handler(move |_| desk.copy(desk.live_link(), "Live link"))>"Copy live link"</button>
        </section>
    }
}

/// What stays.
#[component]
fn Snapshot(desk: ShareDesk, here: Memo<bool>) -> impl IntoView {
    let lead = move || match here.get() {
        false => {
            "Freezes what is on screen now, as one picture of the data. It opens for years, also when the data and its \
             storage are gone, and can be revoked at any time."
        }
        true => {
            "This is only in your browser, and nothing has been sent. “Create snapshot link” sends the call tree, after \
             what goes was taken out, to this Flarepath; the file itself stays here."
        }
    };
    let retry = Callback::new(move |()| desk.look());
    let report = move || match (desk.preview.data.get(), desk.preview.error.get()) {
        (_, Some(error)) => {
            view! { <FailedNotice what="What goes and what stays".to_owned() error on_retry=retry /> }
                .into_any()
        }
        (None, None) => view! { <p role="status">"Looking at what goes and what stays …"</p> }.into_any(),
        (Some(report), None) => cleaned(&report),
    };
    let failed = move || {
        let error = desk.failed.get()?;
        Some(
            view! { <p class="notice" role="alert"><strong>{error.title}</strong>" "{error.detail}</p> }
                .into_any(),
        )
    };
    let stale = move || desk.preview.pending.get();
    view! {
        <section class="share-way" aria-labelledby="share-snapshot">
            <h3 id="share-snapshot">"Snapshot link"</h3>
            <p>{move || lead()}</p>
            <Choices desk />
            <div class:stale=move || stale()>{move || report()}</div>
            {move || failed()}
            <button class="button primary" type="button" disabled=move || desk.making.get()
                on:click=handler(move |_| desk.make())>
                {move || if desk.making.get() { "Freezing …" } else { "Create snapshot link" }}
            </button>
        </section>
    }
}
