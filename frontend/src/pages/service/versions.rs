//! The versions that ran in the time: since when, on how many replicas, and at what cost.

use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::browser::clock;
use crate::components::data_table::facts_table;
use crate::components::notice::by_cause;
use crate::context::utc::Utc;
use crate::reactive::Memo;
use crate::state::breakdown::Breakdown;
use crate::state::service_changes::{VersionRow, version_rows};
use leptos::prelude::*;

const COLUMNS: &[&str] = &["Version", "Ran", "Replicas", "Cost per replica"];

/// See the module.
pub(super) fn versions(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let versions = state.versions;
    let phase = Memo::new(move || {
        if state.names.data.with(Option::is_some) && state.version_label().is_none() {
            return Phase::Empty("No label tells the versions of this service apart.".to_owned());
        }
        let has_failed = versions.error.with(Option::is_some) || state.names.error.with(Option::is_some);
        let empty = |found: &Breakdown| {
            let any = found.rows.iter().any(|row| !row.value.is_empty());
            (!any).then(|| "No version in this time range.".to_owned())
        };
        versions.data.with(|found| Phase::of(found.as_ref(), has_failed, empty))
    });
    let failed = Memo::new(move || {
        by_cause([("the versions", versions.error.get()), ("the list of labels", state.names.error.get())])
    });
    panel(state, section, phase, failed, move || table(state))
}

fn table(state: ServiceState) -> AnyView {
    let utc = expect_context::<Utc>().0;
    let rows = move || {
        let zone = clock::zone(utc.get());
        state
            .versions
            .data
            .with(|found| found.as_ref().map(|found| version_rows(found, zone)))
            .unwrap_or_default()
    };
    (move || facts_table("Versions", COLUMNS, rows().into_iter().map(row))).into_any()
}

fn row(row: VersionRow) -> AnyView {
    view! {
        <tr>
            <th scope="row"><bdi>{row.name}</bdi></th>
            <td data-label="Ran">{row.ran}</td>
            <td data-label="Replicas">{row.replicas.to_string()}</td>
            <td data-label="Cost per replica">{row.rate}</td>
        </tr>
    }
    .into_any()
}
