//! Change point: the time at which a service seems to have changed, and what is compared from then on.
//!
//! A step in the middle of a range is averaged with what was before it, so that a verdict on the whole range finds it late. A service that
//! is suspected, and has no new version, is compared from the step on with the time before it. Both the step and the moment of the
//! comparison are chosen from the data, so that chance had its choices, too. Each is paid for (Bonferroni):
//!
//! - the p value counts as often as there are intervals in which the step could have been (half minutes within one of two minutes make
//!   nearly the same comparison, and are one);
//! - of the comparisons since one of these intervals, the k-th counts `k (k + 1)` times. The sum of all `1 / (k (k + 1))` is 1, so that
//!   however often a service without a change is compared within an hour, its strongest evidence is below a bound no more often than the
//!   bound says.
//!
//! Once found, the step is where the next comparisons begin, as long as they find the change. They need not find it with as little
//! doubt: of its evidence, the strongest counts, for which the second price is paid.

use super::intervals::{Intervals, Part};
use crate::query::Question;
use crate::store::TimeRange;
use flarepath_profile::stats::{Replica, Side, Window, settled};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use std::collections::BTreeMap;

/// The least time before the step that it is compared with, if there are profiles.
const LEAST_BEFORE_NS: i64 = 30 * MINUTE_NS;

/// When the cost of a replica changed, by the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ChangePoint {
    pub(crate) at: UnixNanos,
    /// Intervals of the range, at least 1, in which it could have been.
    pub(crate) places: usize,
    /// Comparisons since then, the present one included; 0 before the first.
    pub(crate) looks: u32,
    /// The smallest p value of a comparison since then that found a change, with the price of its choices; 1 before there is one.
    pub(crate) evidence: f64,
}

impl ChangePoint {
    /// When the cost changed, if that was in the range. `parts`: of the period before and of the range, in these intervals. `places`: how
    /// many count as a choice.
    pub(super) fn of(parts: &[Part], intervals: Intervals, places: usize) -> Option<ChangePoint> {
        let first = intervals.count;
        let [before, range] = [(0, &parts[..first]), (first, &parts[first..])].map(|(from, parts)| {
            let window = |(number, part): (usize, &Part)| {
                let (at, weight) = ((from + number) as i64, part.replica_ns);
                (weight > 0.0).then_some(Window { at, weight, total: part.cost, costs: Vec::new() })
            };
            let windows = parts.iter().enumerate().filter_map(window).collect();
            let replicas = vec![Replica { name: String::new(), windows }];
            Side { replicas, window_secs: intervals.step_ns as f64 / 1e9 }
        });
        let number = usize::try_from(settled(&before, &range)?).ok()?;
        // What is changed from the first interval on may have begun at any time before.
        (number > first).then(|| ChangePoint {
            at: UnixNanos(intervals.start(number)),
            places: places.max(1),
            looks: 0,
            evidence: 1.0,
        })
    }

    /// After the present comparison has found a change, of this p value by itself.
    pub(super) fn found(self, alone: f64) -> ChangePoint {
        let looks = f64::from(self.looks.max(1));
        let price = self.places as f64 * looks * (looks + 1.0);
        ChangePoint { evidence: self.evidence.min(alone * price), ..self }
    }

    /// What comes after, and what is before: from the start of the question's range on, as long as what comes after, and half an hour at
    /// least.
    pub(super) fn sides(self, question: &Question) -> [Question; 2] {
        let TimeRange { start, end } = question.range;
        let before_ns = end.nanos_since(self.at).max(LEAST_BEFORE_NS);
        let from = UnixNanos(self.at.0.saturating_sub(before_ns).min(start.0));
        [TimeRange { start: self.at, end }, TimeRange { start: from, end: self.at }]
            .map(|range| Question { range, ..question.clone() })
    }
}

/// How often a service was compared since each time in the range, whatever was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Looks(BTreeMap<i64, u32>);

impl Looks {
    /// Counts another comparison since a time, of a range that begins at `start`. Times within two minutes are one, an interval of an
    /// hour.
    pub(super) fn count(&mut self, began: ChangePoint, start: UnixNanos) -> ChangePoint {
        // What is no longer in the range is not compared again, which bounds their number.
        self.0.retain(|place, _| *place >= Looks::place(start));
        let looks = self.0.entry(Looks::place(began.at)).or_default();
        *looks = looks.saturating_add(1);
        ChangePoint { looks: *looks, ..began }
    }

    fn place(at: UnixNanos) -> i64 {
        at.0.div_euclid(2 * MINUTE_NS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> UnixNanos {
        UnixNanos(minute * MINUTE_NS)
    }

    fn from(at: i64) -> ChangePoint {
        ChangePoint { at: minute(at), places: 30, looks: 1, evidence: 1.0 }
    }

    #[test]
    fn a_change_is_compared_with_as_much_time_before_it_and_half_an_hour_at_least() {
        let range = TimeRange { start: minute(60), end: minute(120) };
        let sides = |at: i64| {
            let question = Question::new(Default::default(), range);
            from(at).sides(&question).map(|side| (side.range.start, side.range.end))
        };
        assert_eq!(sides(112), [(minute(112), minute(120)), (minute(60), minute(112))]);
        assert_eq!(sides(70), [(minute(70), minute(120)), (minute(20), minute(70))]);
        let short = Question::new(Default::default(), TimeRange { start: minute(100), end: minute(120) });
        assert_eq!(from(110).sides(&short)[1].range, TimeRange { start: minute(80), end: minute(110) });
    }

    #[test]
    fn the_choice_of_a_beginning_weakens_the_evidence_and_the_strongest_counts() {
        let found = from(1).found(0.0001);
        assert!((found.evidence - 30.0 * 2.0 * 0.0001).abs() < 1e-12, "{}", found.evidence);
        assert_eq!((from(1).found(0.5).evidence, found.found(0.01).evidence), (1.0, found.evidence));
        assert!(found.found(1e-6).evidence < found.evidence);
    }

    /// Of a service that is compared each minute, and each time by chance as significant as any can be, all evidence together is that
    /// of one comparison.
    #[test]
    fn another_comparison_since_the_same_time_costs_more() {
        let mut looks = Looks::default();
        let mut look = |at: i64, start: i64| looks.count(from(at), minute(start));
        let found: Vec<u32> = (0..4).map(|start| look(50, start).looks).collect();
        assert_eq!(found, [1, 2, 3, 4]);
        assert_eq!((look(48, 4).looks, look(51, 5).looks), (1, 5), "another time, and back");
        assert_eq!((look(60, 50).looks, look(60, 52).looks), (1, 2));
        assert_eq!(look(50, 52).looks, 1, "forgotten once it has left the range");
        let price = |looks: u32| ChangePoint { looks, ..from(1) }.found(1e-9).evidence / 1e-9;
        let all: f64 = (1..1000).map(|looks| 30.0 / price(looks)).sum();
        assert!((0.99..=1.0).contains(&all), "{all}");
    }
}
