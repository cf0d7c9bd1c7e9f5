//! Totals over time, and of single profiles.

use super::{Query, begin, get, next};
use crate::store::embedded::blocking;
use crate::store::embedded::details::Details;
use crate::store::embedded::points::{Head, Points};
use crate::store::embedded::registry::Series;
use crate::store::embedded::snapshot::{Place, Projection};
use crate::store::embedded::varint::Damaged;
use crate::store::{StoreError, TimeRange, TotalsSeries};
use flarepath_profile::labels::Labels;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;

const LACKS_COLUMN: Damaged = Damaged("a profile lacks a column");
/// Sums of an answer: 5 000 values of a label in 300 buckets, and some. They take about 25 bytes each.
const MOST_SUMS: usize = 2_000_000;
/// A group takes as much as so many sums, besides its own.
const GROUP_SUMS: usize = 8;

impl Query<'_> {
    pub(in super::super) async fn totals(
        &self,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        let range = self.selection.range;
        let mut groups = Groups::new(range, step_ns, by, MOST_SUMS);
        self.points(|series, points| groups.add(series, points)).await?;
        blocking(move || groups.finish()).await
    }

    pub(in super::super) async fn each_total(
        &self,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        let range = self.selection.range;
        self.points(|_, (starts, totals)| {
            let profiles = starts.iter().map(|&at| UnixNanos(at)).zip(totals);
            profiles.filter(|(at, _)| range.contains(*at)).for_each(|(at, &total)| visit(at, total));
            Ok(())
        })
        .await
    }

    /// Visits starts and totals of all profiles that match, in pieces of one series each. Blocks at the edge may have some
    /// outside of the range.
    async fn points(
        &self,
        mut visit: impl FnMut(&Series, (&[i64], &[i64])) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Query { store, selection, .. } = *self;
        for selected in self.selected().await? {
            let mut snapshot = begin(store, &selected, selection, None).await?;
            let by_span = !selection.spans.is_empty();
            let places = if by_span { vec![(Place::Details, selection.range)] } else { snapshot.places() };
            for (place, range) in places {
                let mut rows = snapshot.rows(Projection::Points, place, range);
                while let Some(row) = next(store, &mut rows).await? {
                    let Some((series, column)) = self.column_of(&selected, &row)? else { continue };
                    let start: i64 = get(&row, 1)?;
                    if place == Place::Details {
                        let (details, spans): (Vec<u8>, _) = (get(&row, 2)?, selection.spans.clone());
                        let total = blocking(move || span_total(&details, &spans, column)).await??;
                        if let Some(total) = total {
                            visit(series, (&[start], &[total]))?;
                        }
                        continue;
                    }
                    let bytes: &[u8] = get(&row, 2)?;
                    match place {
                        Place::Blocks(_) => {
                            let points = Points::decode(bytes)?;
                            visit(series, (&points.starts, points.totals.get(column).ok_or(LACKS_COLUMN)?))?;
                        }
                        _ => {
                            let total = Head::decode(bytes)?.totals.get(column).copied();
                            visit(series, (&[start], &[total.ok_or(LACKS_COLUMN)?]))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The total of the samples of some spans in a column; `None` without any sample.
fn span_total(details: &[u8], spans: &[String], column: usize) -> Result<Option<i64>, Damaged> {
    let details = Details::decode(details)?;
    Ok(details.in_spans(spans).map(|sample| sample.values[column]).reduce(i64::saturating_add))
}

/// Totals by group and bucket.
struct Groups {
    range: TimeRange,
    step_ns: i64,
    by: Vec<String>,
    sums: BTreeMap<Vec<String>, BTreeMap<i64, i64>>,
    /// Sums that fit, and how many there are: a group counts as [`GROUP_SUMS`] more.
    most: usize,
    count: usize,
}

impl Groups {
    fn new(range: TimeRange, step_ns: i64, by: &[String], most: usize) -> Groups {
        let (step_ns, by) = (step_ns.max(1), by.to_vec());
        Groups { range, step_ns, by, sums: BTreeMap::new(), most, count: 0 }
    }

    fn add(&mut self, series: &Series, points: (&[i64], &[i64])) -> Result<(), StoreError> {
        self.add_points(&series.labels, points)
    }

    fn add_points(&mut self, labels: &Labels, (starts, totals): (&[i64], &[i64])) -> Result<(), StoreError> {
        let (range, start, step) = (self.range, self.range.start.0, self.step_ns);
        let value = |name: &String| labels.get(name).unwrap_or_default().to_owned();
        let groups_before = self.sums.len();
        let buckets = self.sums.entry(self.by.iter().map(value).collect()).or_default();
        let before = buckets.len();
        for (&at, &total) in starts.iter().zip(totals).filter(|(at, _)| range.contains(UnixNanos(**at))) {
            let sum = buckets.entry(bucket(start, step, at)).or_insert(0);
            *sum = sum.saturating_add(total);
        }
        let more = buckets.len() - before;
        self.count += more + GROUP_SUMS * (self.sums.len() - groups_before);
        if self.count > self.most { Err(StoreError::TooManyValues(self.most)) } else { Ok(()) }
    }

    fn finish(self) -> Vec<TotalsSeries> {
        let by = self.by;
        let series = |(values, points): (Vec<String>, BTreeMap<i64, i64>)| TotalsSeries {
            labels: by.iter().cloned().zip(values).collect(),
            points: points.into_iter().map(|(at, sum)| (UnixNanos(at), sum)).collect(),
        };
        self.sums.into_iter().filter(|(_, points)| !points.is_empty()).map(series).collect()
    }
}

/// Left edge of the bucket of `at`, which is not before `start`. Differences of far-off times do not fit `i64` but `u64`.
fn bucket(start: i64, step: i64, at: i64) -> i64 {
    let offset = at.wrapping_sub(start) as u64;
    start.wrapping_add((offset - offset % step as u64) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_a_bounded_number_of_sums() {
        let labels = |pod: i64| [("pod", pod.to_string())].into_iter().collect::<Labels>();
        let groups = |step_ns: i64, by: &str, most: usize| {
            let mut groups = Groups::new(TimeRange::nanos(0, 1000), step_ns, &[by.to_owned()], most);
            let mut add = |pod| groups.add_points(&labels(pod), (&[1, 11, 2000, 21], &[1, 1, 1, 1]));
            (0..10).try_for_each(|pod| add(pod % 5)).map(|()| groups.finish().len())
        };
        let five = 5 * (GROUP_SUMS + 3);
        assert_eq!(groups(10, "pod", five).unwrap(), 5);
        assert!(
            matches!(groups(10, "pod", five - 1), Err(StoreError::TooManyValues(most)) if most == five - 1)
        );
        assert_eq!(groups(100, "pod", five - 1).unwrap(), 5, "a wider step");
        assert_eq!(groups(10, "region", five - 1).unwrap(), 1, "a label with fewer values");
    }
}
