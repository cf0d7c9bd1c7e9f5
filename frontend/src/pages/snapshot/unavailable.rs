//! The page in place of a share that cannot be opened. It is the same for all reasons, unless the user owns the share.

use crate::api::ApiError;
use crate::reactive::list;
use crate::state::url_text::encode;
use leptos::prelude::*;

const CAUSES: [&str; 4] = [
    "The link is incomplete or misspelled.",
    "The share has expired or was revoked.",
    "You have to sign in first.",
    "It was not shared with you: ask the sender for access.",
];

/// The page. The owner of the share is told why (`share-ended`).
pub(crate) fn unavailable(error: &ApiError, path: &str) -> AnyView {
    let login = format!("/login?next={}", encode(path));
    let told = (error.kind != "share-not-found").then(|| error.detail.clone());
    let reasons = CAUSES.map(|text| view! { <li>{text}</li> }.into_any());
    let why = match told {
        Some(text) => view! { <p>{text}</p> }.into_any(),
        None => view! {
            <p>"Possible causes:"</p>
            <ul class="snapshot-causes">{list(reasons)}</ul>
            <p><a class="button primary" href=login>"Sign in"</a></p>
        }
        .into_any(),
    };
    view! { <div class="empty-page"><h1>"This link cannot be opened"</h1>{why}</div> }.into_any()
}
