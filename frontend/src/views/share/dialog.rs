//! The dialog: a live link, or a snapshot with its form; then the created share. Its footer, with what creates the snapshot and who will
//! be able to open it, is always in sight; what is between header and footer scrolls.

use super::copy_as::copy_buttons;
use super::created_share::CreatedSharePanel;
use super::dialog_state::{COPY, DIALOG, ShareDialogState, link_of};
use super::form_fields::FormFields;
use super::sanitize_preview::sanitize_preview;
use crate::browser::{clock, page};
use crate::components::modal::dialog_header;
use crate::components::notice::FailedNotice;
use crate::reactive::{Callback, Memo, Signal, handler, shown};
use crate::state::civil::civil;
use crate::state::share::ShareSource;
use leptos::prelude::*;

/// Id of what the buttons that create the snapshot do.
const OUTCOME: &str = "share-outcome";

/// The dialog, once on the page. Needs [`ShareDialogState`] in the context.
#[component]
pub(crate) fn ShareDialog() -> impl IntoView {
    let Some(dialog) = use_context::<ShareDialogState>() else { return ().into_any() };
    let created = Memo::new(move || dialog.created.with(Option::is_some));
    let open = Memo::new(move || !created.get() && dialog.request.with(Result::is_ok));
    let title = Signal::derive(move || {
        let text = if created.get() { "Snapshot created" } else { "Share this view" };
        text.to_owned()
    });
    let problem = move || dialog.request.with(|a| a.as_ref().err().cloned()).filter(|text| !text.is_empty());
    view! {
        <dialog id=DIALOG class="dialog share" aria-labelledby="share-title">
            {dialog_header("share-title", title, || page::close_dialog(DIALOG))}
            <div class="share-body">
                {move || problem().map(|text| view! { <p class="notice" role="alert">{format!("This cannot be shared yet: {text}.")}</p> }.into_any())}
                {shown(move || open.get(), move || view! { <Options dialog /> }.into_any())}
                {shown(move || created.get(), move || view! { <CreatedSharePanel dialog /> }.into_any())}
            </div>
            <div class="share-footer">
                {shown(move || open.get(), move || view! { <Create dialog /> }.into_any())}
                {shown(move || created.get(), move || copy_link(dialog))}
                <p role="status" class="share-status">{move || dialog.status.get()}</p>
            </div>
        </dialog>
    }
    .into_any()
}

/// Creates the snapshot: for its link, or for a text to paste.
#[component]
fn Create(dialog: ShareDialogState) -> impl IntoView {
    let failed = move || {
        let error = dialog.failed.get()?;
        Some(
            view! { <p class="notice" role="alert"><strong>{error.title}</strong>" "{error.detail}</p> }
                .into_any(),
        )
    };
    let outcome = move || match dialog.has_readers() {
        true => format!("These buttons create a snapshot with the settings above. {}", dialog.readers()),
        false => "Checking who will be able to open the snapshot …".to_owned(),
    };
    let is_waiting = move || dialog.creating.get() || !dialog.has_readers();
    view! {
        {move || failed()}
        <p id=OUTCOME class="share-outcome">{move || outcome()}</p>
        // Not disabled while it is being created: the focus would be lost.
        <button class="button primary" type="button" aria-describedby=OUTCOME aria-disabled=move || is_waiting().to_string()
            on:click=handler(move |_| dialog.create())>
            {move || if dialog.creating.get() { "Creating …" } else { "Create snapshot link" }}
        </button>
        {copy_buttons(dialog, Some(OUTCOME))}
    }
}

/// Copies the link of the created share.
fn copy_link(dialog: ShareDialogState) -> AnyView {
    let copy = move |_| {
        let link = dialog.created.with_untracked(|created| created.as_ref().map(link_of));
        link.into_iter().for_each(|link| dialog.copy(link, "Link"));
    };
    view! { <button id=COPY class="button primary" type="button" on:click=handler(copy)>"Copy link"</button> }
        .into_any()
}

/// Live link and snapshot.
#[component]
fn Options(dialog: ShareDialogState) -> impl IntoView {
    let local =
        Memo::new(move || dialog.request.with(|a| a.as_ref().is_ok_and(|a| a.source == ShareSource::Local)));
    view! {
        {shown(move || !local.get(), move || view! { <LiveLink dialog /> }.into_any())}
        <Snapshot dialog local />
    }
}

/// When the data of a live link expires.
fn expiry_text(dialog: ShareDialogState) -> String {
    match (dialog.expires.data.get(), dialog.expires.error.with(Option::is_some)) {
        (_, true) => "The retention of the data is unknown.".to_owned(),
        (None, false) => "Loading the retention of the data …".to_owned(),
        (Some(None), _) => "The data does not expire.".to_owned(),
        (Some(Some(ms)), _) if ms <= clock::now_ms() => {
            "The data is expiring now: only a snapshot will keep it.".to_owned()
        }
        (Some(Some(ms)), _) => {
            let at = civil(ms, 0);
            format!(
                "The data expires on {} at {} UTC; after that the link shows nothing. A snapshot stays.",
                at.date(),
                at.time()
            )
        }
    }
}

/// The link that queries the server again.
#[component]
fn LiveLink(dialog: ShareDialogState) -> impl IntoView {
    view! {
        <section class="share-section" aria-labelledby="share-live">
            <h3 id="share-live">"Live link"</h3>
            <p>"Runs the same queries again for the same time range, for people who can sign in and read this service."</p>
            <p class="share-until" role="status">{move || expiry_text(dialog)}</p>
            <button class="button" type="button" on:click=handler(move |_| dialog.copy(dialog.live_link(), "Live link"))>"Copy live link"</button>
        </section>
    }
}

/// Form and preview of a snapshot.
#[component]
fn Snapshot(dialog: ShareDialogState, local: Memo<bool>) -> impl IntoView {
    let lead = move || match local.get() {
        false => {
            "A sanitized copy of the data on screen: it stays as it is, also when the data itself has expired."
        }
        true => {
            "This data is only in your browser, and nothing has been sent. A snapshot sends what is on screen, sanitized, to this \
             server; the file itself stays here."
        }
    };
    let retry = Callback::new(move |()| dialog.update_preview());
    let report = move || match (dialog.preview.data.get(), dialog.preview.error.get()) {
        (_, Some(error)) => {
            view! { <FailedNotice what="Sanitization preview".to_owned() error on_retry=retry /> }.into_any()
        }
        (None, None) => view! { <p role="status">"Loading sanitization preview …"</p> }.into_any(),
        (Some(preview), None) => sanitize_preview(&preview.report),
    };
    let stale = move || dialog.preview.pending.get();
    view! {
        <section class="share-section" aria-labelledby="share-snapshot">
            <h3 id="share-snapshot">"Snapshot link"</h3>
            <p>{move || lead()}</p>
            <FormFields dialog />
            <div class:stale=move || stale()>{move || report()}</div>
        </section>
    }
}
