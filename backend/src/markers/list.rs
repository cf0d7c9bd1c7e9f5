//! Lists of markers: posted ones and inferred deployments in one order, page by page.

use super::inferred::{self, Inferred};
use super::position::Position;
use super::selection::narrowing;
use super::visibility::{SeenMarker, Visibility};
use super::{DEPLOY, Marker, MarkerError, Source};
use crate::auth::Principal;
use crate::db::Records;
use crate::db::id::MarkerId;
use crate::db::markers::{MarkerFilter, MarkerRow};
use crate::query::{Querier, Question};
use crate::store::TimeRange;
use crate::work::ANSWERS;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::HashSet;
use std::sync::Arc;

/// Rows that are read at once.
const BATCH: usize = 500;
/// Rows that are read for a page. If the caller sees few of them, the page is shorter than asked for, and another one follows.
const MOST_ROWS: usize = 2000;

/// The markers asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Of these series, in this range. Deployments are inferred if it names a service.
    pub(crate) question: Question,
    /// Of this kind; empty for all kinds.
    pub(crate) kind: String,
    /// At most so many, at least 1.
    pub(crate) limit: usize,
    /// Continue after this one.
    pub(crate) after: Option<Position>,
}

/// A part of a list, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) markers: Vec<Marker>,
    /// Where the next page continues; absent on the last.
    pub(crate) next: Option<Position>,
    /// What is not shown, in a sentence; may be empty.
    pub(crate) note: String,
}

/// A page of the markers that the caller sees.
///
/// # Errors
/// [`MarkerError`].
pub(crate) async fn page(
    (records, querier): (&Records, &Querier),
    who: &Principal,
    wanted: &Wanted,
) -> Result<Page, MarkerError> {
    let selector = wanted.question.selector.clone();
    let ever = Question::new(selector.clone(), TimeRange::nanos(0, i64::MAX));
    let series = querier.series(who, &ever).await?;
    let has_profiles = !series.is_empty();
    let caller = who.clone();
    let visibility = ANSWERS.run(move || Visibility::new(&caller, &selector, &series)).await?;
    let reader = Reader { records, visibility: Arc::new(visibility) };

    let of_deployments = ["", DEPLOY].contains(&wanted.kind.as_str());
    let service = wanted.question.service().filter(|_| has_profiles && of_deployments);
    let inferred = match service {
        Some(_) => Inferred::of(querier, who, &wanted.question).await?,
        None => Inferred::default(),
    };
    let service = service.unwrap_or_default();
    let (began, merged) = reader.merge(service, inferred.began).await?;
    let (rows, end) = reader.posted(wanted).await?;

    let range = wanted.question.range;
    let narrowing = narrowing(&wanted.question.selector);
    let inferred_ones = began.into_iter().filter(|(_, at)| range.contains(*at));
    let mut markers: Vec<Marker> =
        inferred_ones.map(|began| inferred::marker(began, service, &narrowing)).collect();
    markers.extend(rows.into_iter().map(|(row, deletable)| {
        let source = if merged.contains(&row.id) { Source::Both } else { Source::Posted };
        Marker::posted(row, source, deletable)
    }));
    let (markers, next) = ordered(markers, (wanted.after.as_ref(), end), wanted.limit);
    Ok(Page { markers, next, note: inferred.note })
}

/// Reads rows, as far as the caller sees them.
struct Reader<'r> {
    records: &'r Records,
    visibility: Arc<Visibility>,
}

impl Reader<'_> {
    /// The versions whose deployment was not posted, and the markers of those whose was.
    async fn merge(
        &self,
        service: &str,
        began: Vec<inferred::Began>,
    ) -> Result<(Vec<inferred::Began>, HashSet<MarkerId>), MarkerError> {
        let (mut alone, mut merged) = (Vec::new(), HashSet::new());
        for (version, at) in began {
            let rows = self.records.deployments(service, &version, inferred::near(at)).await?;
            let seen = self.seen(rows).await?;
            if seen.is_empty() {
                alone.push((version, at));
            }
            merged.extend(seen.into_iter().map(|(row, _)| row.id));
        }
        Ok((alone, merged))
    }

    /// Rows of a page, and where it ends if more may follow.
    async fn posted(&self, wanted: &Wanted) -> Result<(Vec<SeenMarker>, Option<Position>), MarkerError> {
        let TimeRange { start: from, end: until } = wanted.question.range;
        let begin = || (UnixNanos::MIN, String::new());
        let mut filter = MarkerFilter {
            service: wanted.question.service().map(str::to_owned),
            kind: wanted.kind.clone(),
            from,
            until,
            after: wanted.after.as_ref().map_or_else(begin, Position::in_rows),
        };
        let mut found: Vec<SeenMarker> = Vec::new();
        for _ in 0..MOST_ROWS / BATCH {
            let rows = self.records.markers(&filter, BATCH).await?;
            let last = rows.last().filter(|_| rows.len() == BATCH).map(Position::of_row);
            for row in self.seen(rows).await? {
                if found.len() == wanted.limit {
                    let end = found.last().map(|(row, _)| Position::of_row(row));
                    return Ok((found, end));
                }
                found.push(row);
            }
            let Some(last) = last else { return Ok((found, None)) };
            filter.after = last.in_rows();
        }
        let (at, id) = filter.after;
        Ok((found, Some(Position::posted(at, id.into()))))
    }

    async fn seen(&self, rows: Vec<MarkerRow>) -> Result<Vec<SeenMarker>, MarkerError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let visibility = self.visibility.clone();
        let seen = ANSWERS.run(move || visibility.seen(rows)).await?;
        Ok(seen?)
    }
}

/// Markers in order, those after a position up to the end of what was read, at most `limit`; and where the next page continues.
fn ordered(
    mut markers: Vec<Marker>,
    (after, end): (Option<&Position>, Option<Position>),
    limit: usize,
) -> (Vec<Marker>, Option<Position>) {
    let is_in_page = |marker: &Marker| {
        let position = Position::of(marker);
        marker.id.is_some()
            || (after.is_none_or(|after| position > *after)
                && end.as_ref().is_none_or(|end| position <= *end))
    };
    markers.retain(is_in_page);
    // Rows keep their order, which is the database's.
    markers.sort_by(|one, other| {
        let key = |marker: &Marker| (marker.at, marker.id.is_some());
        let by_version = || match (&one.id, &other.id) {
            (None, None) => one.version.cmp(&other.version),
            _ => std::cmp::Ordering::Equal,
        };
        key(one).cmp(&key(other)).then_with(by_version)
    });
    if markers.len() <= limit {
        return (markers, end);
    }
    markers.truncate(limit);
    let next = markers.last().map(Position::of);
    (markers, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inferred_at(at: i64, version: &str) -> Marker {
        inferred::marker((version.to_owned(), UnixNanos(at)), "shop", "")
    }

    fn posted_at(at: i64, id: &str) -> Marker {
        Marker { id: Some(id.into()), source: Source::Posted, ..inferred_at(at, "") }
    }

    /// The markers as the ends of their positions, and the next position.
    fn shown(markers: Vec<Marker>, after: &str, end: &str, limit: usize) -> (Vec<String>, String) {
        let [after, end] = [after, end].map(|text| text.parse::<Position>().ok());
        let (markers, next) = ordered(markers, (after.as_ref(), end), limit);
        let texts = markers.iter().map(|marker| Position::of(marker).to_string()).collect();
        (texts, next.map_or_else(String::new, |next| next.to_string()))
    }

    #[test]
    fn pages_continue_where_the_last_one_ended() {
        let all = || -> Vec<Marker> {
            let rows = [posted_at(2, "b"), posted_at(3, "a"), posted_at(3, "c")];
            [inferred_at(3, "v2"), inferred_at(3, "v1"), inferred_at(9, "v3")]
                .into_iter()
                .chain(rows)
                .collect()
        };
        let order = ["2-b", "3-!v1", "3-!v2", "3-a", "3-c", "9-!v3"].map(str::to_owned);
        assert_eq!(shown(all(), "", "", 10), (order.to_vec(), String::new()));
        assert_eq!(shown(all(), "", "", 2), (order[..2].to_vec(), "3-!v1".to_owned()));
        // Rows before the position are not read again.
        let rest = || vec![inferred_at(3, "v2"), inferred_at(3, "v1"), posted_at(3, "a"), posted_at(3, "c")];
        assert_eq!(shown(rest(), "3-!v1", "", 10).0, order[2..5]);
        assert_eq!(shown(vec![inferred_at(3, "v1"), posted_at(3, "c")], "3-a", "", 10).0, order[4..5]);
        // What is after the rows that were read is left for the next page.
        let (texts, next) = shown(vec![inferred_at(9, "v3"), posted_at(3, "a")], "", "3-a", 10);
        assert_eq!((texts.as_slice(), next.as_str()), (&order[3..4], "3-a"));
    }
}
