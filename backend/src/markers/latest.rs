//! The latest posted marker of each of some services, for lists of services.

use super::list::{self, Wanted};
use super::selection::of_service;
use super::{Marker, MarkerError, Source};
use crate::auth::Principal;
use crate::db::Records;
use crate::db::markers::MarkerFilter;
use crate::query::{Querier, Question};
use crate::store::TimeRange;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::{HashMap, HashSet};

/// Markers of a range that are read to find the services that have any, at most.
const MOST_ROWS: usize = 5000;
/// Markers of one service that are read.
const MOST_OF_SERVICE: usize = 500;

/// The latest marker in `range` that the caller sees, by service, of those `services` that have one. A version that nobody posted is not
/// looked for: the list names the versions.
///
/// # Errors
/// [`MarkerError`].
pub(crate) async fn latest(
    (records, querier): (&Records, &Querier),
    who: &Principal,
    services: &HashSet<&str>,
    range: TimeRange,
) -> Result<HashMap<String, Marker>, MarkerError> {
    let TimeRange { start: from, end: until } = range;
    let begin = (UnixNanos::MIN, String::new());
    let all = MarkerFilter { service: None, kind: String::new(), from, until, after: begin };
    let rows = records.markers(&all, MOST_ROWS).await?;
    let marked: HashSet<&str> =
        rows.iter().map(|row| &*row.service).filter(|service| services.contains(service)).collect();
    let mut found = HashMap::new();
    for service in marked {
        let question = Question::new(Selector { matchers: vec![of_service(service)] }, range);
        let wanted = Wanted { question, kind: String::new(), limit: MOST_OF_SERVICE, after: None };
        let page = list::page((records, querier), who, &wanted).await?;
        let posted = page.markers.into_iter().rfind(|marker| marker.source != Source::Inferred);
        found.extend(posted.map(|marker| (service.to_owned(), marker)));
    }
    Ok(found)
}
