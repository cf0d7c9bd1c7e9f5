//! A row of the list of shares.

use super::{Action, SharesState};
use crate::api::shares::Row;
use crate::browser::page;
use crate::components::data_table::row_action;
use crate::components::timestamp::to_minute;
use crate::state::share::Visibility;
use crate::state::share_view::ShareKey;
use leptos::prelude::*;

/// Characters that tell one finding from another.
const FINDING_CHARS: usize = 60;

/// Whether it opens, and until when.
fn state_text(row: &Row) -> String {
    match (row.state.as_str(), row.revoked_ms, row.expires_ms) {
        ("revoked" | "purged", Some(ms), _) => format!("revoked {}", to_minute(ms)),
        ("revoked", None, _) => "revoked".to_owned(),
        ("purged", None, _) => "removed".to_owned(),
        ("expired", _, Some(ms)) => format!("expired {}", to_minute(ms)),
        (_, _, Some(ms)) => format!("expires {}", to_minute(ms)),
        (_, _, None) => "does not expire".to_owned(),
    }
}

fn views(row: &Row) -> String {
    match row.viewed_ms {
        Some(ms) => format!("{}, last {}", row.views, to_minute(ms)),
        None => row.views.to_string(),
    }
}

/// What it is, whose, and what it shows, as far as the title does not say that.
fn about(row: &Row, all: bool) -> String {
    // A default title has the beginning of it, without the backticks around names.
    let finding = row.verdict.replace('`', "");
    let start: String = finding.trim_end_matches('.').chars().take(FINDING_CHARS).collect();
    let verdict = (!row.title.contains(&start)).then_some(finding);
    let parts = [Some(row.kind.clone()), all.then(|| row.owner.clone()), verdict];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The row; with `all` it names the owner. The title opens the share, as far as the server lets the person.
pub(crate) fn row(state: SharesState, row: Row, all: bool) -> AnyView {
    let active = row.state == "active";
    let button = |text: &'static str, action: Action| {
        let name = text.trim_end_matches('…');
        row_action(text, format!("{name}: {}", row.title), move || {
            state.action.set(Some(action.clone()));
            page::reveal("main");
        })
    };
    let narrow = (row.everyone_signed_in && row.visibility == Visibility::Org)
        .then(|| button("Restrict…", Action::Narrow(row.clone())));
    let actions = active.then(|| {
        let always = [
            button("Edit…", Action::Edit(row.clone())),
            button("New link…", Action::NewLink(row.clone())),
            button("Transfer…", Action::Transfer(row.clone())),
            button("Revoke…", Action::Revoke(row.clone())),
        ];
        narrow.into_iter().chain(always).collect_view()
    });
    let href = ShareKey::Record(row.id.clone()).path();
    let title = match active {
        true => view! { <a class="shares-title" href=href>{row.title.clone()}</a> }.into_any(),
        false => view! { <span class="shares-title">{row.title.clone()}</span> }.into_any(),
    };
    let (access, created, about) = (row.access(), row.created_ms, about(&row, all));
    let same = row.clone();
    view! {
        <tr class:ended=!active>
            <th scope="row">{title}<span class="row-small">{about}</span></th>
            <td data-label="Access">{access}</td>
            <td data-label="Created">{move || to_minute(created)}</td>
            <td data-label="State">{move || state_text(&same)}</td>
            <td data-label="Views">{move || views(&row)}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}
