//! The latest posted marker of each of some services, for lists of services.

use super::selection::of_service;
use super::visibility::Visibility;
use super::{Marker, MarkerError, Source};
use crate::auth::Principal;
use crate::db::Records;
use crate::db::markers::MarkerRow;
use crate::query::{Querier, Question};
use crate::store::TimeRange;
use crate::work::ANSWERS;
use flarepath_profile::selector::Selector;
use std::collections::{HashMap, HashSet};

/// Markers of a range that are looked through at most, the newest of it.
const MOST_ROWS: usize = 5000;

/// Markers by service.
pub(crate) struct Latest {
    pub(crate) by_service: HashMap<String, Marker>,
    /// What is not shown, in a sentence; may be empty.
    pub(crate) note: String,
}

/// The latest marker in `range` that the caller sees, by service, of those `services` that have one. Versions that nobody posted are not
/// looked for, and markers not merged with them: the list names the versions.
///
/// # Errors
/// [`MarkerError`].
pub(crate) async fn latest(
    (records, querier): (&Records, &Querier),
    who: &Principal,
    services: &HashSet<&str>,
    range: TimeRange,
) -> Result<Latest, MarkerError> {
    let rows = records.newest_markers((range.start, range.end), MOST_ROWS).await?;
    let note = match rows.len() {
        MOST_ROWS => format!("Only the {MOST_ROWS} newest markers of this time range are considered."),
        _ => String::new(),
    };
    let mut by_name: HashMap<String, Vec<MarkerRow>> = HashMap::new();
    for row in rows.into_iter().filter(|row| services.contains(row.service.as_str())) {
        by_name.entry(row.service.clone()).or_default().push(row);
    }
    let mut by_service = HashMap::new();
    for (service, rows) in by_name {
        let selector = Selector { matchers: vec![of_service(&service)] };
        let ever = Question::new(selector.clone(), TimeRange::nanos(0, i64::MAX));
        let series = querier.series(who, &ever).await?;
        let caller = who.clone();
        // In their order: the newest first.
        let seen = ANSWERS.run(move || Visibility::new(&caller, &selector, &series).seen(rows)).await??;
        let newest = seen.into_iter().next();
        by_service.extend(newest.map(|(row, can)| (service, Marker::posted(row, Source::Posted, can))));
    }
    Ok(Latest { by_service, note })
}
