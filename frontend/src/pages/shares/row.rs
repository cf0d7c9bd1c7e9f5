//! A row of the list of shares.

use super::{Action, SharesState};
use crate::api::shares::Row;
use crate::browser::page;
use crate::components::data_table::row_action;
use crate::state::clock_text::civil;
use crate::state::share::Visibility;
use leptos::prelude::*;

fn day(ms: i64) -> String {
    civil(ms, 0).date()
}

/// The end of its validity.
fn expiry(row: &Row) -> String {
    match (row.state.as_str(), row.expires_ms) {
        ("revoked" | "purged", _) => "revoked".to_owned(),
        ("expired", Some(ms)) => format!("expired {}", day(ms)),
        (_, Some(ms)) => day(ms),
        (_, None) => "never".to_owned(),
    }
}

fn views(row: &Row) -> String {
    match row.viewed_ms {
        Some(ms) => format!("{}, last {}", row.views, day(ms)),
        None => row.views.to_string(),
    }
}

/// The row; with `all` it names the owner.
pub(crate) fn row(state: SharesState, row: Row, all: bool) -> AnyView {
    let active = row.state == "active";
    let button = |name: &'static str, action: Action| {
        row_action(name, format!("{name}: {}", row.title), move || {
            state.action.set(Some(action.clone()));
            page::reveal("main");
        })
    };
    let narrow = (row.everyone_signed_in && row.visibility == Visibility::Org)
        .then(|| button("Restrict", Action::Narrow(row.clone())));
    let actions = active.then(|| {
        let always = [
            button("Edit", Action::Edit(row.clone())),
            button("New link", Action::NewLink(row.clone())),
            button("Transfer", Action::Transfer(row.clone())),
            button("Revoke", Action::Revoke(row.clone())),
        ];
        narrow.into_iter().chain(always).collect_view()
    });
    // What is known of it in one line, as the server has it; older shares have none.
    let parts = [Some(row.kind.clone()), all.then(|| row.owner.clone()), Some(row.verdict.clone())];
    let about = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    view! {
        <tr class:ended=!active>
            <th scope="row"><span class="shares-title">{row.title.clone()}</span>
                <span class="row-small">{about}</span></th>
            <td data-label="Access">{row.access()}</td>
            <td data-label="Created">{day(row.created_ms)}</td>
            <td data-label="Expires">{expiry(&row)}</td>
            <td data-label="Views">{views(&row)}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}
