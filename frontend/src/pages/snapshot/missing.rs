//! A link that can't be opened. Whatever the reason, people who may not know of the share read the same.

use crate::api::ApiError;
use crate::reactive::list;
use crate::state::url_text::encode;
use leptos::prelude::*;

const REASONS: [&str; 4] = [
    "the link is not complete, or has a mistake in it",
    "it has expired, or was revoked by its owner",
    "it is for people who have signed in",
    "it is for others than you: ask who sent it to share it with you",
];

/// The page in place of a share. Its owner reads why (`share-gone`).
pub(crate) fn missing(error: &ApiError, path: &str) -> AnyView {
    let login = format!("/login?next={}", encode(path));
    let told = (error.kind != "share-not-found").then(|| error.detail.clone());
    let reasons = REASONS.map(|text| view! { <li>{text}</li> }.into_any());
    let why = match told {
        Some(text) => view! { <p>{text}</p> }.into_any(),
        None => view! {
            <p>"One of these may be so:"</p>
            <ul class="frozen-reasons">{list(reasons)}</ul>
            <p><a class="button primary" href=login>"Sign in"</a></p>
        }
        .into_any(),
    };
    view! { <div class="empty-page"><h1>"This link cannot be opened"</h1>{why}</div> }.into_any()
}
