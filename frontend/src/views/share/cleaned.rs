//! What goes before something is frozen, and what stays, for the person who is about to share it.

use crate::reactive::list;
use crate::state::share::SanitizeReport;
use leptos::prelude::*;

/// Both lists.
pub(crate) fn cleaned(report: &SanitizeReport) -> AnyView {
    let (goes, stays) = (report.removed_lines(), report.kept_lines());
    let row = |text: String| view! { <li>{text}</li> }.into_any();
    let gone = match goes.is_empty() {
        true => view! { <p>"Nothing was found that has to go."</p> }.into_any(),
        false => view! { <ul class="share-goes">{list(goes.into_iter().map(row))}</ul> }.into_any(),
    };
    let notable = report.notable.clone();
    let looked_at = (!notable.is_empty()).then(|| {
        view! {
            <details class="share-names">
                <summary>{format!("Look at {} of the names that stay", notable.len())}</summary>
                <ul>{list(notable.into_iter().map(|name| view! { <li><code>{name}</code></li> }.into_any()))}</ul>
            </details>
        }
        .into_any()
    });
    view! {
        <div class="share-report">
            <h4>"What goes"</h4>{gone}
            <h4>"What stays"</h4><ul class="share-stays">{list(stays.into_iter().map(row))}</ul>
            {looked_at}
        </div>
    }
    .into_any()
}
