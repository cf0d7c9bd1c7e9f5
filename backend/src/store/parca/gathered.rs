//! Sums of the answers of `QueryRange`: [`Gathered`] keeps the samples of each series, [`Buckets`] adds them up. Pure.
//!
//! A sample is a bucket of a series. Its time is the bucket's start for types with a duration, and that of a profile for others;
//! a bucket that starts before the range counts as if it started with it.

use super::messages::{MetricsSeries, QueryRangeResponse};
use super::times::{Window, instant};
use super::translate::{Names, StoredForm};
use crate::store::{Selection, StoreError, TimeRange, TotalsSeries};
use bytes::Bytes;
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Samples of one question: of 24 bytes each, 100 MB.
const MAX_SAMPLES: usize = 4_000_000;
/// Series of one question.
const MAX_SERIES: usize = 100_000;
/// Sums of one question.
const MAX_SUMS: usize = 2_000_000;

/// An answer, and what it answers.
pub(super) struct Answer {
    pub(super) store: Arc<str>,
    pub(super) names: Arc<Names>,
    pub(super) wanted: Arc<ProfileType>,
    pub(super) form: StoredForm,
    pub(super) window: Window,
    pub(super) step_secs: i64,
    pub(super) message: Bytes,
}

/// A bucket of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) at: UnixNanos,
    pub(super) value: i64,
    pub(super) duration_ns: i64,
}

/// Takes the series of answers.
pub(super) trait Fold: Send + 'static {
    /// # Errors
    /// [`StoreError::TooManyValues`].
    fn add(&mut self, of: &Arc<ProfileType>, labels: Labels, samples: Vec<Sample>) -> Result<(), StoreError>;
}

impl Answer {
    /// Decodes the answer into `fold`. Takes time: off the async threads.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for what cannot be an answer, [`StoreError::TooManyValues`].
    pub(super) fn add_to(self, fold: &mut impl Fold) -> Result<(), StoreError> {
        let decoded = QueryRangeResponse::decode(self.message.clone());
        let decoded = decoded.map_err(|error| self.invalid(&error.to_string()))?;
        for series in decoded.series {
            self.check_unit(&series)?;
            let labels = self.names.labels(series.labelset.as_ref());
            let samples = series.samples.iter().map(|sample| {
                let at = instant(sample.timestamp).filter(|at| self.window.may_hold(*at, self.step_secs));
                let at =
                    at.ok_or_else(|| self.invalid("a sample is outside of the range that was asked for"))?;
                Ok(Sample { at, value: sample.value, duration_ns: sample.duration })
            });
            fold.add(&self.wanted, labels, samples.collect::<Result<_, StoreError>>()?)?;
        }
        Ok(())
    }

    /// Whether values are in the unit of our type, where the answer says in which they are.
    fn check_unit(&self, series: &MetricsSeries) -> Result<(), StoreError> {
        let unit = series.sample_type.as_ref().map_or("", |found| &found.unit);
        if unit.is_empty() || unit == self.wanted.sample_unit {
            return Ok(());
        }
        Err(self.invalid(&format!("totals are in `{unit}`, not in `{}`", self.wanted.sample_unit)))
    }

    fn invalid(&self, reason: &str) -> StoreError {
        StoreError::Invalid(format!("{}: {reason} ({})", self.store, self.form.name))
    }
}

/// Samples by series, in any order.
pub(super) struct Gathered {
    selection: Selection,
    /// By type and labels.
    pub(super) series: BTreeMap<(Arc<ProfileType>, Labels), Vec<Sample>>,
    count: usize,
}

impl Gathered {
    /// Of the series of a selection. The answers must have all labels.
    pub(super) fn of(selection: &Selection) -> Gathered {
        Gathered { selection: selection.clone(), series: BTreeMap::new(), count: 0 }
    }
}

impl Fold for Gathered {
    fn add(&mut self, of: &Arc<ProfileType>, labels: Labels, samples: Vec<Sample>) -> Result<(), StoreError> {
        // Parca was asked for nothing else; this is about bounds, so it is not left to Parca alone.
        if samples.is_empty() || !self.selection.matches(&labels) {
            return Ok(());
        }
        self.count += samples.len();
        let start = self.selection.range.start;
        let within = samples.into_iter().map(|sample| Sample { at: sample.at.max(start), ..sample });
        self.series.entry((of.clone(), labels)).or_default().extend(within);
        match (self.count > MAX_SAMPLES, self.series.len() > MAX_SERIES) {
            (true, _) => Err(StoreError::TooManyValues(MAX_SAMPLES)),
            (_, true) => Err(StoreError::TooManyValues(MAX_SERIES)),
            _ => Ok(()),
        }
    }
}

/// Sums by group and bucket.
pub(super) struct Buckets {
    range: TimeRange,
    step_ns: i64,
    by: Vec<String>,
    sums: BTreeMap<Vec<String>, BTreeMap<UnixNanos, i64>>,
    count: usize,
}

impl Buckets {
    pub(super) fn of(range: TimeRange, step_ns: i64, by: &[String]) -> Buckets {
        Buckets { range, step_ns: step_ns.max(1), by: by.to_vec(), sums: BTreeMap::new(), count: 0 }
    }

    /// Left edge of the bucket that holds `at`.
    fn edge(&self, at: UnixNanos) -> UnixNanos {
        let (start, step) = (i128::from(self.range.start.0), i128::from(self.step_ns));
        let offset = (i128::from(at.0) - start).max(0);
        UnixNanos((start + offset / step * step) as i64)
    }

    pub(super) fn finish(self) -> Vec<TotalsSeries> {
        let by = self.by;
        let series = |(values, points): (Vec<String>, BTreeMap<UnixNanos, i64>)| TotalsSeries {
            labels: by.iter().cloned().zip(values).collect(),
            points: points.into_iter().collect(),
        };
        self.sums.into_iter().map(series).collect()
    }
}

impl Fold for Buckets {
    fn add(&mut self, _: &Arc<ProfileType>, labels: Labels, samples: Vec<Sample>) -> Result<(), StoreError> {
        if samples.is_empty() {
            return Ok(());
        }
        let values: Vec<String> =
            self.by.iter().map(|name| labels.get(name).unwrap_or_default().to_owned()).collect();
        let edges: Vec<UnixNanos> = samples.iter().map(|sample| self.edge(sample.at)).collect();
        let group = self.sums.entry(values).or_default();
        let before = group.len();
        for (edge, sample) in edges.into_iter().zip(samples) {
            let sum = group.entry(edge).or_insert(0);
            *sum = sum.saturating_add(sample.value);
        }
        self.count += group.len() - before;
        if self.count > MAX_SUMS { Err(StoreError::TooManyValues(MAX_SUMS)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::parca::messages::{Label, LabelSet, MetricsSample, Timestamp, ValueType};

    const SECOND: i64 = 1_000_000_000;

    fn cpu() -> Arc<ProfileType> {
        Arc::new("process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap())
    }

    fn labels(pod: &str) -> Labels {
        [("service_name", "shop"), ("pod", pod)].into_iter().collect()
    }

    fn samples(times_and_values: &[(i64, i64)]) -> Vec<Sample> {
        let sample = |&(at, value): &(i64, i64)| Sample { at: UnixNanos(at), value, duration_ns: 0 };
        times_and_values.iter().map(sample).collect()
    }

    /// An answer about the seconds 10 to 20, with one sample.
    fn answer(seconds: i64, nanos: i32, unit: &str) -> Answer {
        let sample =
            MetricsSample { timestamp: Some(Timestamp { seconds, nanos }), value: 7, duration: SECOND };
        let label = Label { name: "job".to_owned(), value: "shop".to_owned() };
        let series = MetricsSeries {
            labelset: Some(LabelSet { labels: vec![label] }),
            samples: vec![sample],
            sample_type: Some(ValueType { kind: "cpu".to_owned(), unit: unit.to_owned() }),
        };
        Answer {
            store: "prod".into(),
            names: Arc::new(Names::new("job")),
            wanted: cpu(),
            form: StoredForm { name: "t".to_owned(), has_duration: true, has_trees: true },
            window: Window { first_ms: 10_500, last_ms: 19_999 },
            step_secs: 1,
            message: QueryRangeResponse { series: vec![series] }.encode_to_vec().into(),
        }
    }

    fn selection(selector: &str) -> Selection {
        let range = TimeRange::nanos(10 * SECOND + SECOND / 2, 20 * SECOND);
        Selection::new(&selector.parse().unwrap(), range).unwrap()
    }

    #[test]
    fn buckets_that_begin_before_the_range_count_from_its_start() {
        let mut found = Gathered::of(&selection("{}"));
        answer(10, 0, "nanoseconds").add_to(&mut found).unwrap();
        let (key, samples) = found.series.first_key_value().unwrap();
        assert_eq!(key.1.to_string(), r#"{service_name="shop"}"#);
        let at = UnixNanos(10 * SECOND + SECOND / 2);
        assert_eq!(samples[..], [Sample { at, value: 7, duration_ns: SECOND }]);
    }

    #[test]
    fn series_that_were_not_asked_for_are_left_out() {
        let mut found = Gathered::of(&selection(r#"{service_name="other"}"#));
        answer(10, 0, "nanoseconds").add_to(&mut found).unwrap();
        assert!(found.series.is_empty());
    }

    #[test]
    fn impossible_answers_are_refused_by_name() {
        let mut garbage = answer(10, 0, "nanoseconds");
        garbage.message = Bytes::from_static(b"\x0a\xff\x01");
        for (answer, reason) in [
            (garbage, "prod: "),
            (answer(9, 0, "nanoseconds"), "prod: a sample is outside"),
            (answer(20, 0, "nanoseconds"), "prod: a sample is outside"),
            (answer(10, -1, "nanoseconds"), "prod: a sample is outside"),
            (answer(10, 0, "count"), "prod: totals are in `count`"),
        ] {
            let error = answer.add_to(&mut Gathered::of(&selection("{}"))).unwrap_err();
            assert!(matches!(&error, StoreError::Invalid(text) if text.starts_with(reason)), "{error}");
        }
    }

    #[test]
    fn samples_are_summed_by_group_and_bucket() {
        let range = TimeRange::nanos(10 * SECOND, 100 * SECOND);
        let mut buckets = Buckets::of(range, 15 * SECOND, &["pod".to_owned(), "gone".to_owned()]);
        let at = |second: i64, value: i64| (second * SECOND, value);
        buckets.add(&cpu(), labels("b"), samples(&[at(10, 1), at(24, 2), at(25, 4)])).unwrap();
        buckets.add(&cpu(), labels("a"), samples(&[at(9, 8)])).unwrap();
        buckets.add(&cpu(), labels("b"), samples(&[at(39, 16)])).unwrap();
        let found: Vec<_> =
            buckets.finish().into_iter().map(|series| (series.labels.to_string(), series.points)).collect();
        let point = |second: i64, value: i64| (UnixNanos(second * SECOND), value);
        assert_eq!(
            found,
            [
                (r#"{pod="a"}"#.to_owned(), vec![point(10, 8)]),
                (r#"{pod="b"}"#.to_owned(), vec![point(10, 3), point(25, 20)]),
            ]
        );
    }
}
