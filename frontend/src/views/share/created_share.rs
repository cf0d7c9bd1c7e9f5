//! A share that was just created: its link, which is shown once, and exports for a postmortem.

use super::dialog_state::ShareDialogState;
use super::offline_page;
use super::sanitize_preview::sanitize_preview;
use crate::api::shares::{self, CreatedShare, Snippet};
use crate::browser::event::FocusEvent;
use crate::browser::{download, page};
use crate::reactive::{handler, list};
use crate::views::save::subject::file_stem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Link and exports of the created share.
#[component]
pub(super) fn CreatedSharePanel(dialog: ShareDialogState) -> impl IntoView {
    let body = move || dialog.created.get().map(|created| link_and_exports(dialog, created));
    view! { {move || body()} }
}

fn link_of(created: &CreatedShare) -> String {
    format!("{}/s/{}", page::origin(), created.id)
}

fn link_and_exports(dialog: ShareDialogState, created: CreatedShare) -> AnyView {
    let link = link_of(&created);
    let copied = link.clone();
    let report = created.report.as_ref().map(|report| {
        view! { <details class="share-names"><summary>"What was removed"</summary>{sanitize_preview(report)}</details> }.into_any()
    });
    view! {
        <section class="share-section" aria-labelledby="share-created">
            <h3 id="share-created">"Snapshot link"</h3>
            <div class="share-link">
                <input class="input" type="text" readonly aria-label="Snapshot link" value=link.clone()
                    on:focus=handler(|e: FocusEvent| page::select_text(&e)) />
                <button class="button primary" type="button" on:click=handler(move |_| dialog.copy(copied.clone(), "Link"))>"Copy link"</button>
                <a class="button" href=link target="_blank" rel="noopener">"Open"</a>
            </div>
            <p>"Save this link now: the server stores only a hash of it and cannot show it again. Edit or revoke it in "
                <a href="/shares">"My shares"</a>"."</p>
            {report}
        </section>
        {exports(dialog, created)}
    }
    .into_any()
}

/// Texts to paste into a postmortem, and files.
fn exports(dialog: ShareDialogState, created: CreatedShare) -> AnyView {
    let copy = |snippet: Snippet| {
        let created = created.clone();
        let run = move |_| {
            let created = created.clone();
            dialog.status.set("Preparing …".to_owned());
            spawn_local(async move {
                match shares::postmortem(&created, snippet, &link_of(&created)).await {
                    Ok(text) => dialog.copy(text, snippet.label()),
                    Err(error) => dialog.status.set(error.line()),
                }
            });
        };
        view! { <button class="button" type="button" on:click=handler(run)>{format!("Copy as {}", snippet.label())}</button> }
            .into_any()
    };
    let id = created.id.clone();
    let page_of = move |_| {
        let id = id.clone();
        dialog.status.set("Preparing …".to_owned());
        spawn_local(async move {
            dialog.status.set(download::outcome(save_page(&id).await));
        });
    };
    view! {
        <section class="share-section" aria-labelledby="share-kit">
            <h3 id="share-kit">"For the postmortem"</h3>
            <p>"Picture, link and key facts, as text that stays readable after the link expires."</p>
            <div class="share-row">{list(Snippet::ALL.map(copy))}</div>
            <div class="share-row">
                <a class="button" href=shares::pprof_path(&created.id) download="">"Download pprof"</a>
                <button class="button" type="button" on:click=handler(page_of)>"Download offline page (HTML)"</button>
            </div>
        </section>
    }
    .into_any()
}

/// Saves a share as one HTML file.
///
/// # Errors
/// The reason, as the end of a sentence.
pub(crate) async fn save_page(id: &str) -> Result<(), String> {
    let opened = shares::open(id).await.map_err(|e| e.title)?;
    let snapshot = shares::snapshot(id, &opened.state).await.map_err(|e| e.title)?;
    let html = offline_page::page(&opened, &snapshot).await?;
    download::save(&format!("{}.html", file_stem(&opened.title)), "text/html", html.as_bytes())
}
