//! Preview of sanitization: what a snapshot removes and what it keeps.

use crate::reactive::list;
use crate::state::share::SanitizeReport;
use leptos::prelude::*;

/// Both lists.
pub(crate) fn sanitize_preview(report: &SanitizeReport) -> AnyView {
    let (removed, kept) = (report.removed_lines(), report.kept_lines());
    let row = |text: String| view! { <li>{text}</li> }.into_any();
    let removed = match removed.is_empty() {
        true => view! { <p>"Nothing to remove."</p> }.into_any(),
        false => view! { <ul class="share-removed">{list(removed.into_iter().map(row))}</ul> }.into_any(),
    };
    let notable = report.notable.clone();
    let names = (!notable.is_empty()).then(|| {
        view! {
            <details class="share-names">
                <summary>{format!("Review {} of the kept names", notable.len())}</summary>
                <ul>{list(notable.into_iter().map(|name| view! { <li><code>{name}</code></li> }.into_any()))}</ul>
            </details>
        }
        .into_any()
    });
    view! {
        <div class="share-report">
            <h4>"Removed"</h4>{removed}
            <h4>"Kept"</h4><ul class="share-kept">{list(kept.into_iter().map(row))}</ul>
            {names}
        </div>
    }
    .into_any()
}
