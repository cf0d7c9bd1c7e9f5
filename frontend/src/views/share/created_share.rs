//! A share that was just created: its link, which is shown once, and exports for a postmortem.

use super::copy_as::{copy_buttons, uncopied};
use super::dialog_state::{ShareDialogState, link_of};
use super::offline_page;
use super::sanitize_preview::sanitize_preview;
use crate::api::shares::{self, CreatedShare};
use crate::browser::event::FocusEvent;
use crate::browser::{download, page};
use crate::reactive::handler;
use crate::state::share_view::ShareKey;
use crate::views::save::subject::file_stem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Link and exports of the created share.
#[component]
pub(super) fn CreatedSharePanel(dialog: ShareDialogState) -> impl IntoView {
    let body = move || dialog.created.get().map(|created| link_and_exports(dialog, created));
    let text = move || dialog.uncopied.get().map(|text| uncopied(dialog, text));
    view! { {move || text()}{move || body()} }
}

fn link_and_exports(dialog: ShareDialogState, created: CreatedShare) -> AnyView {
    let link = link_of(&created);
    let report = created.report.as_ref().map(|report| {
        view! { <details class="share-names"><summary>"What was removed"</summary>{sanitize_preview(report)}</details> }.into_any()
    });
    view! {
        <section class="share-section" aria-labelledby="share-created">
            <h3 id="share-created">"Snapshot link"</h3>
            <div class="share-link">
                <input class="input" type="text" readonly aria-label="Snapshot link" value=link.clone()
                    on:focus=handler(|e: FocusEvent| page::select_text(&e)) />
                <a class="button" href=link target="_blank" rel="noopener">"Open"</a>
            </div>
            <p>"Save this link now: the server stores only a hash of it and cannot show it again. Open, edit or revoke the snapshot in "
                <a href="/shares">"My shares"</a>"."</p>
            {report}
        </section>
        {exports(dialog, created)}
    }
    .into_any()
}

/// Texts to paste into a postmortem, and files.
fn exports(dialog: ShareDialogState, created: CreatedShare) -> AnyView {
    let key = ShareKey::Link(created.id.clone());
    let pprof = shares::pprof_path(&key);
    let page_of = move |_| {
        let key = key.clone();
        dialog.status.set("Preparing …".to_owned());
        spawn_local(async move {
            dialog.status.set(download::outcome(save_page(&key).await));
        });
    };
    let picture =
        without_picture(&created).map(|text| view! { <p class="share-meaning">{text}</p> }.into_any());
    view! {
        <section class="share-section" aria-labelledby="share-kit">
            <h3 id="share-kit">"For the postmortem"</h3>
            <p>"Picture, link and key facts, as text that stays readable after the link expires."</p>
            <div class="share-row">{copy_buttons(dialog, None)}</div>
            {picture}
            <div class="share-row">
                <a class="button" href=shares::picture_path(&created.row) download="">"Download picture (PNG)"</a>
                <a class="button" href=pprof download="">"Download pprof"</a>
                <button class="button" type="button" on:click=handler(page_of)>"Download offline page (HTML)"</button>
            </div>
        </section>
    }
    .into_any()
}

/// Why the text in Markdown has no picture, where it has none.
fn without_picture(created: &CreatedShare) -> Option<&'static str> {
    match (created.has_address, created.is_public) {
        (true, true) => None,
        (true, false) => Some(
            "Markdown has no picture, as it could only link one that opens for everyone: attach the PNG file.",
        ),
        (false, _) => Some(
            "Markdown has no picture, as the server has no address to link one from (public_url): attach the PNG file.",
        ),
    }
}

/// Saves a share as one HTML file.
///
/// # Errors
/// The reason, as the end of a sentence.
pub(crate) async fn save_page(key: &ShareKey) -> Result<(), String> {
    let opened = shares::open(key).await.map_err(|e| e.title)?;
    let snapshot = shares::snapshot(key, &opened.state).await.map_err(|e| e.title)?;
    let html = offline_page::page(&opened, &snapshot).await?;
    download::save(&format!("{}.html", file_stem(&opened.title)), "text/html", html.as_bytes())
}
