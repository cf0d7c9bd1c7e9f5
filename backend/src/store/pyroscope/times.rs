//! Totals over time, and single profiles.
//!
//! Pyroscope tells no single profiles apart. A series has one every few seconds at most, so what it has within a second counts as one
//! profile that starts at the beginning of the second. It cannot be told how long a profile lasted and how it was sampled, and two
//! profiles of one series within a second cannot be told from one.

use super::PyroscopeStore;
use super::client::{Room, SELECT_SERIES, compute, each};
use super::grid::{MS, Millis, Windows, windows};
use super::messages::{SelectSeriesAnswer, SelectSeriesRequest};
use super::translate::{self, Group};
use crate::store::{
    PieceVisitor, ProfilePiece, ProfileTimes, Selection, StoreError, TimesBuilder, TotalsSeries,
};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{SECOND_NS, UnixNanos};
use std::collections::BTreeMap;

const SECOND_MS: i64 = 1000;
/// Points of all questions of one of ours together.
const MOST_POINTS: usize = 1_000_000;

/// What each series has by the second: when the second begins, in nanoseconds since the epoch, and its total.
pub(super) type Seconds = BTreeMap<Labels, BTreeMap<i64, i64>>;

impl PyroscopeStore {
    pub(super) async fn totals_over_time(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        if !selection.spans.is_empty() {
            return Err(StoreError::Unsupported("totals over time of single spans"));
        }
        if step_ns < MS || step_ns % MS != 0 {
            return Err(StoreError::Unsupported("steps that are not whole milliseconds"));
        }
        let (range, step) = (Millis::of(selection.range), step_ns / MS);
        let windows = windows(range, range.start, step, self.longest_ms)?;
        let groups = self.groups(selection, profile_type, windows, by).await?;
        let start_ns = selection.range.start.0;
        let edge = move |at: i64| {
            let steps = (at - range.start) / step;
            UnixNanos(start_ns.saturating_add(steps.saturating_mul(step_ns)))
        };
        let by = by.to_vec();
        compute(move || totals(groups, &by, edge)).await
    }

    /// All that series have by the second, where nothing restricts it to spans.
    pub(super) async fn seconds(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Seconds, StoreError> {
        if selection.spans.is_empty() {
            return self.seconds_of_all_spans(selection, profile_type).await;
        }
        Err(StoreError::Unsupported("totals of single profiles by span"))
    }

    /// When profiles start, whatever spans the selection names.
    pub(super) async fn starts(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        let seconds = self.seconds_of_all_spans(selection, profile_type).await?;
        compute(move || profile_times(&seconds)).await
    }

    /// All that series have by the second, whatever spans the selection names.
    pub(super) async fn seconds_of_all_spans(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Seconds, StoreError> {
        let labels = self.label_names(selection).await?;
        if labels.is_empty() {
            return Ok(Seconds::new());
        }
        let range = Millis::of(selection.range);
        let windows = windows(range, 0, SECOND_MS, self.longest_ms)?;
        let groups = self.groups(selection, profile_type, windows, &labels).await?;
        compute(move || by_second(groups)).await
    }

    /// Totals of each group of labels in each window, for each selector of the bounds. A group may be there several times.
    async fn groups(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        windows: Vec<Windows>,
        by: &[String],
    ) -> Result<Vec<Group>, StoreError> {
        let mut questions = Vec::new();
        for selector in translate::selectors(selection)? {
            questions.extend(windows.iter().map(|&windows| (selector.clone(), windows)));
        }
        let (profile_type, cancel) = (profile_type.to_string(), &selection.cancel);
        let room = &Room::of(MOST_POINTS);
        let ask = |(label_selector, windows): (String, Windows)| {
            let (start, end) = windows.question();
            let step = windows.step_secs();
            let (profile_type, group_by) = (profile_type.clone(), by.to_vec());
            let request = SelectSeriesRequest { profile_type, label_selector, start, end, group_by, step };
            async move {
                let answer: SelectSeriesAnswer = self.client.call(&SELECT_SERIES, &request, cancel).await?;
                room.take(answer.series.iter().map(|line| line.points.len()).sum())?;
                let groups = compute(move || translate::groups(answer, windows)).await?;
                groups.map_err(|reason| self.client.invalid(reason))
            }
        };
        Ok(each(questions, ask).await?.into_iter().flatten().collect())
    }
}

/// The sums of groups by the values of the labels `by`, with the left edges of buckets that `edge` gives for windows.
fn totals(groups: Vec<Group>, by: &[String], edge: impl Fn(i64) -> UnixNanos) -> Vec<TotalsSeries> {
    let mut sums: BTreeMap<Vec<String>, BTreeMap<UnixNanos, i64>> = BTreeMap::new();
    for Group { labels, points } in groups.into_iter().filter(|group| !group.points.is_empty()) {
        let values = by.iter().map(|name| labels.get(name).unwrap_or_default().to_owned()).collect();
        let sums = sums.entry(values).or_default();
        for (at, value) in points {
            let sum = sums.entry(edge(at)).or_insert(0);
            *sum = sum.saturating_add(value);
        }
    }
    let series = |(values, points): (Vec<String>, BTreeMap<UnixNanos, i64>)| TotalsSeries {
        labels: by.iter().cloned().zip(values).collect(),
        points: points.into_iter().collect(),
    };
    sums.into_iter().map(series).collect()
}

fn by_second(groups: Vec<Group>) -> Seconds {
    let mut seconds = Seconds::new();
    for Group { labels, points } in groups {
        let series = seconds.entry(labels).or_default();
        for (at, total) in points {
            let sum: &mut i64 = series.entry(UnixNanos::from_millis(at).0).or_insert(0);
            *sum = sum.saturating_add(total);
        }
    }
    seconds
}

pub(super) fn visit_totals(seconds: &Seconds, visit: &mut (dyn FnMut(UnixNanos, i64) + Send)) {
    for (start, total) in seconds.values().flatten() {
        visit(UnixNanos(*start), *total);
    }
}

pub(super) fn visit_pieces(seconds: &Seconds, visit: &mut PieceVisitor<'_>) {
    for (labels, points) in seconds {
        let (starts, totals): (Vec<i64>, Vec<i64>) = points.iter().map(|(at, total)| (*at, *total)).unzip();
        visit(labels, &ProfilePiece { starts: &starts, totals: &totals, duration_ns: 0 });
    }
}

fn profile_times(seconds: &Seconds) -> ProfileTimes {
    let mut times = TimesBuilder::new();
    for (labels, points) in seconds {
        let place = times.place(labels);
        let starts: Vec<i64> = points.keys().copied().collect();
        times.add(place, &starts, 0, 0);
    }
    let times = times.finish(0);
    ProfileTimes { resolution_ns: times.resolution_ns.max(SECOND_NS), ..times }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(pod: &str, points: &[(i64, i64)]) -> Group {
        Group { labels: [("pod", pod)].into_iter().collect(), points: points.to_vec() }
    }

    #[test]
    fn groups_of_several_questions_are_added_up() {
        let groups = vec![
            group("b", &[(100, 1), (110, 2)]),
            group("a", &[(110, 5)]),
            group("b", &[(110, 10), (115, 20)]),
            group("c", &[]),
        ];
        let found = totals(groups, &["pod".to_owned()], |at| UnixNanos(at / 10 * 10));
        let points: Vec<_> =
            found.iter().map(|series| (series.labels.get("pod"), &series.points[..])).collect();
        let at = UnixNanos;
        assert_eq!(
            points,
            [(Some("a"), &[(at(110), 5)][..]), (Some("b"), &[(at(100), 1), (at(110), 32)][..])]
        );
    }

    #[test]
    fn a_second_of_a_series_counts_as_one_profile() {
        let labels = |pod: &str| [("service_name", "x"), ("pod", pod)].into_iter().collect::<Labels>();
        let seconds = Seconds::from([
            (labels("1"), BTreeMap::from([(SECOND_NS, 4), (16 * SECOND_NS, 5)])),
            (labels("2"), BTreeMap::from([(SECOND_NS, 6)])),
        ]);
        let times = profile_times(&seconds);
        let starts: Vec<_> =
            times.replicas.iter().map(|found| (&*found.replica.value, &found.starts[..])).collect();
        let first = [(SECOND_NS, 1), (16 * SECOND_NS, 1)];
        assert_eq!(starts, [("1", &first[..]), ("2", &first[..1])]);
        assert_eq!((times.resolution_ns, times.block_ns), (SECOND_NS, 0));
        let mut totals = Vec::new();
        visit_totals(&seconds, &mut |at, total| totals.push((at.0 / SECOND_NS, total)));
        assert_eq!(totals, [(1, 4), (16, 5), (1, 6)]);
        let mut pieces = Vec::new();
        visit_pieces(&seconds, &mut |labels: &Labels, piece: &ProfilePiece<'_>| {
            pieces.push((labels.get("pod").unwrap().to_owned(), piece.totals.to_vec()));
        });
        assert_eq!(pieces, [("1".to_owned(), vec![4, 5]), ("2".to_owned(), vec![6])]);
    }
}
