//! A share that was just created: its link, which is shown once, and exports for a postmortem.

use super::dialog_state::ShareDialogState;
use super::offline_page;
use super::sanitize_preview::sanitize_preview;
use crate::api::shares::{self, Made, Snippet};
use crate::browser::event::FocusEvent;
use crate::browser::{download, page};
use crate::reactive::{handler, list};
use crate::views::save::subject::file_stem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Link and exports of the created share.
#[component]
pub(super) fn CreatedShare(dialog: ShareDialogState) -> impl IntoView {
    let body = move || dialog.created.get().map(|created| link_and_exports(dialog, created));
    view! { {move || body()} }
}

fn link_of(made: &Made) -> String {
    format!("{}/s/{}", page::origin(), made.id)
}

fn link_and_exports(dialog: ShareDialogState, made: Made) -> AnyView {
    let link = link_of(&made);
    let copied = link.clone();
    let report = made.report.as_ref().map(|report| {
        view! { <details class="share-names"><summary>"What was removed"</summary>{sanitize_preview(report)}</details> }.into_any()
    });
    view! {
        <section class="share-way" aria-labelledby="share-made">
            <h3 id="share-made">"Snapshot link"</h3>
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
        {exports(dialog, made)}
    }
    .into_any()
}

/// Texts to paste into a postmortem, and files.
fn exports(dialog: ShareDialogState, made: Made) -> AnyView {
    let copy = |snippet: Snippet| {
        let made = made.clone();
        let run = move |_| {
            let made = made.clone();
            dialog.report("Preparing …".to_owned());
            spawn_local(async move {
                match shares::postmortem(&made, snippet, &link_of(&made)).await {
                    Ok(text) => dialog.copy(text, snippet.label()),
                    Err(error) => dialog.report(format!("{}: {}", error.title, error.detail)),
                }
            });
        };
        view! { <button class="button" type="button" on:click=handler(run)>{format!("Copy as {}", snippet.label())}</button> }
            .into_any()
    };
    let id = made.id.clone();
    let page_of = move |_| {
        let id = id.clone();
        dialog.report("Preparing …".to_owned());
        spawn_local(async move {
            let done = save_page(&id).await;
            dialog.report(done.map_or_else(|text| format!("Not saved: {text}."), |()| "Saved.".to_owned()));
        });
    };
    view! {
        <section class="share-way" aria-labelledby="share-kit">
            <h3 id="share-kit">"For the postmortem"</h3>
            <p>"Picture, link and key facts, as text that stays readable after the link expires."</p>
            <div class="share-row">{list(Snippet::ALL.map(copy))}</div>
            <div class="share-row">
                <a class="button" href=shares::pprof_path(&made.id) download="">"Download pprof"</a>
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
    let frozen = shares::frozen(id, &opened.state).await.map_err(|e| e.title)?;
    let html = offline_page::page(&opened, &frozen).await?;
    download::save(&format!("{}.html", file_stem(&opened.title)), "text/html", html.as_bytes())
}
