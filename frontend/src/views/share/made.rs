//! A share that was just made: its link, which is shown once, and what a postmortem needs.

use super::cleaned::cleaned;
use super::desk::ShareDesk;
use super::offline_page;
use crate::api::shares::{self, Made, Snippet};
use crate::browser::event::FocusEvent;
use crate::browser::{download, page};
use crate::reactive::{handler, list};
use crate::views::save::subject::file_stem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Link and kit.
#[component]
pub(crate) fn Kit(
    /// Who holds the share.
    desk: ShareDesk,
) -> impl IntoView {
    let body = move || desk.made.get().map(|made| kit(desk, made));
    view! { {move || body()} }
}

fn link_of(made: &Made) -> String {
    format!("{}/s/{}", page::origin(), made.id)
}

fn kit(desk: ShareDesk, made: Made) -> AnyView {
    let link = link_of(&made);
    let copied = link.clone();
    let report = made.report.as_ref().map(|report| {
        view! { <details class="share-names"><summary>"What was taken out"</summary>{cleaned(report)}</details> }.into_any()
    });
    view! {
        <section class="share-way" aria-labelledby="share-made">
            <h3 id="share-made">"Snapshot link"</h3>
            <div class="share-link">
                <input class="input" type="text" readonly aria-label="Snapshot link" value=link.clone()
                    on:focus=handler(|e: FocusEvent| page::select_text(&e)) />
                <button class="button primary" type="button" on:click=handler(move |_| desk.copy(copied.clone(), "Link"))>"Copy link"</button>
                <a class="button" href=link target="_blank" rel="noopener">"Open"</a>
            </div>
            <p>"Keep it: only a hash of it is stored here, so it can't be shown again. Change or revoke it in "
                <a href="/shares">"My shares"</a>"."</p>
            {report}
        </section>
        {snippets(desk, made)}
    }
    .into_any()
}

/// What is pasted into a postmortem, and the files beside it.
fn snippets(desk: ShareDesk, made: Made) -> AnyView {
    let copy = |snippet: Snippet| {
        let made = made.clone();
        let run = move |_| {
            let made = made.clone();
            desk.say("Writing …".to_owned());
            spawn_local(async move {
                match shares::postmortem(&made, snippet, &link_of(&made)).await {
                    Ok(text) => desk.copy(text, snippet.label()),
                    Err(error) => desk.say(format!("{}: {}", error.title, error.detail)),
                }
            });
        };
        view! { <button class="button" type="button" on:click=handler(run)>{format!("Copy as {}", snippet.label())}</button> }
            .into_any()
    };
    let id = made.id.clone();
    let page_of = move |_| {
        let id = id.clone();
        desk.say("Packing …".to_owned());
        spawn_local(async move {
            let done = save_page(&id).await;
            desk.say(done.map_or_else(|text| format!("Not saved: {text}."), |()| "Saved.".to_owned()));
        });
    };
    view! {
        <section class="share-way" aria-labelledby="share-kit">
            <h3 id="share-kit">"For the postmortem"</h3>
            <p>"Picture, link and the facts, in words that stand alone should the link ever end."</p>
            <div class="share-row">{list(Snippet::ALL.map(copy))}</div>
            <div class="share-row">
                <a class="button" href=shares::pprof_path(&made.id) download="">"Download pprof"</a>
                <button class="button" type="button" on:click=handler(page_of)>"Download offline page, HTML"</button>
            </div>
        </section>
    }
    .into_any()
}

/// One HTML file of what is frozen, as everyone will see it.
///
/// # Errors
/// What kept it from being made, to end a sentence.
pub(crate) async fn save_page(id: &str) -> Result<(), String> {
    let opened = shares::open(id).await.map_err(|e| e.title)?;
    let frozen = shares::frozen(id, &opened.state).await.map_err(|e| e.title)?;
    let html = offline_page::page(&opened, &frozen).await?;
    download::save(&format!("{}.html", file_stem(&opened.title)), "text/html", html.as_bytes())
}
