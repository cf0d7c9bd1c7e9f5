//! Copying a share as a text for a postmortem: one that is there, or one that is created first, in one step.
//!
//! The browser is asked for the clipboard at the press, before there is a text. Where it refuses, the dialog shows the text, selected.

use super::dialog_state::{ShareDialogState, link_of};
use crate::api::ApiError;
use crate::api::shares::{self, CreatedShare, Snippet};
use crate::browser::clipboard::{self, Clip, Copied};
use crate::browser::event::FocusEvent;
use crate::browser::page;
use crate::reactive::{handler, list};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Id of the text that could not be copied.
const TEXT: &str = "share-text";

/// A button for each format. `described_by` is the id of what says what a press does besides.
pub(super) fn copy_buttons(dialog: ShareDialogState, described_by: Option<&'static str>) -> AnyView {
    let is_waiting = move || dialog.creating.get() || !dialog.has_readers();
    let button = |snippet: Snippet| {
        view! {
            <button class="button" type="button" aria-describedby=described_by aria-disabled=move || is_waiting().to_string()
                on:click=handler(move |_| dialog.copy_as(snippet))>{format!("Copy as {}", snippet.label())}</button>
        }
        .into_any()
    };
    list(Snippet::ALL.map(button))
}

/// A text that the browser did not allow to be copied.
pub(super) fn uncopied(dialog: ShareDialogState, (snippet, clip): (Snippet, Clip)) -> AnyView {
    let label = snippet.label();
    let text = clip.text.clone();
    let copy = move |_| {
        let clip = clip.clone();
        spawn_local(async move {
            let copied = clipboard::copy_clip(&clip).await;
            dialog.status.set(match copied {
                Copied::Nothing => clipboard::DENIED.to_owned(),
                copied => said(snippet, copied),
            });
        });
    };
    view! {
        <section class="share-section" aria-labelledby="share-uncopied">
            <h3 id="share-uncopied">{format!("{label} to copy")}</h3>
            <p>"This browser did not allow the page to copy the text. Copy it from here."</p>
            <textarea id=TEXT class="input share-text" rows="8" readonly aria-label=label
                prop:value=text on:focus=handler(|e: FocusEvent| page::select_text(&e))></textarea>
            <button class="button" type="button" on:click=handler(copy)>"Copy"</button>
        </section>
    }
    .into_any()
}

impl ShareDialogState {
    /// Copies the share as text, and creates it first where that has not been done. Called in the handler of a press.
    fn copy_as(self, snippet: Snippet) {
        let known = self.created.get_untracked();
        let creation = match known {
            None => match self.creation() {
                None => return,
                creation => creation,
            },
            Some(_) => None,
        };
        let is_new = creation.is_some();
        let opened = self.opened();
        self.uncopied.set(None);
        let text = async move {
            let created = match creation {
                Some(creation) => creation.await,
                None => known,
            };
            let Some(created) = created else { return Err(None) };
            self.status.set("Preparing the text …".to_owned());
            text_of(&created, snippet).await.map_err(Some)
        };
        clipboard::copy_when_ready(snippet.is_formatted(), text, move |copied| {
            if self.is_still(opened) {
                self.tell(snippet, is_new, copied);
            }
        });
    }

    fn tell(self, snippet: Snippet, is_new: bool, copied: Result<(Clip, Copied), Option<ApiError>>) {
        let done = if is_new { "Snapshot created. " } else { "" };
        let text = match copied {
            // A notice says why there is no snapshot.
            Err(None) => return,
            Err(Some(error)) => {
                format!("{done}{} could not be loaded. {}", snippet.label(), error.line())
            }
            Ok((clip, Copied::Nothing)) => {
                self.uncopied.set(Some((snippet, clip)));
                page::focus_soon(TEXT);
                format!("{done}This browser did not allow copying: the text is selected, copy it from there.")
            }
            Ok((_, copied)) => format!("{done}{}", said(snippet, copied)),
        };
        self.status.set(text);
    }
}

/// That a text was copied, in a sentence.
fn said(snippet: Snippet, copied: Copied) -> String {
    let label = snippet.label();
    match (copied, snippet.is_formatted()) {
        (Copied::Plain, true) => {
            format!("{label} copied as plain text: this browser does not copy formatted text.")
        }
        _ => format!("{label} copied."),
    }
}

/// The text of a share, formatted where it is HTML.
///
/// # Errors
/// Those of the requests.
async fn text_of(created: &CreatedShare, snippet: Snippet) -> Result<Clip, ApiError> {
    let link = link_of(created);
    let text = shares::postmortem(created, snippet, &link).await?;
    let html = match snippet {
        Snippet::Markdown => None,
        Snippet::Html => Some(text.clone()),
        // Its editor takes HTML, its source view the storage format.
        Snippet::Confluence => Some(shares::postmortem(created, Snippet::Html, &link).await?),
    };
    Ok(Clip { text, html })
}
