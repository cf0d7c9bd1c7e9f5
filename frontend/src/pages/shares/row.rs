//! A share in the list.

use super::{Doing, SharesState};
use crate::api::shares::Row;
use crate::browser::page;
use crate::reactive::handler;
use crate::state::clock_text::civil;
use leptos::prelude::*;

fn day(ms: i64) -> String {
    civil(ms, 0).date()
}

/// Whether it can be opened, in words.
fn ends(row: &Row) -> String {
    match (row.state.as_str(), row.expires_ms) {
        ("revoked" | "purged", _) => "revoked".to_owned(),
        ("expired", Some(ms)) => format!("ended {}", day(ms)),
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

/// The row; `all` says whose it is.
pub(crate) fn row(state: SharesState, row: Row, all: bool) -> AnyView {
    let active = row.state == "active";
    let button = |name: &'static str, doing: Doing| {
        let run = move |_| {
            state.doing.set(Some(doing.clone()));
            page::reveal("main");
        };
        let label = format!("{name}: {}", row.title);
        view! { <button class="button" type="button" aria-label=label on:click=handler(run)>{name}</button> }
            .into_any()
    };
    let actions = active.then(|| {
        [
            button("Edit", Doing::Edit(row.clone())),
            button("New link", Doing::NewLink(row.clone())),
            button("Hand over", Doing::HandOver(row.clone())),
            button("Revoke", Doing::Revoke(row.clone())),
        ]
        .collect_view()
    });
    let owner = all.then(|| format!(" · {}", row.owner));
    view! {
        <tr class:ended=!active>
            <th scope="row"><span class="shares-title">{row.title.clone()}</span>
                <span class="shares-kind">{row.kind.clone()}{owner}" · "{row.verdict.clone()}</span></th>
            <td data-label="Who">{row.visibility.label()}</td>
            <td data-label="Made">{day(row.created_ms)}</td>
            <td data-label="Ends">{ends(&row)}</td>
            <td data-label="Views">{views(&row)}</td>
            <td class="shares-actions">{actions}</td>
        </tr>
    }
    .into_any()
}
