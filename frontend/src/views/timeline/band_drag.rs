//! Moving a span of time, or one of its ends, on a timeline. Pure.

use crate::state::time_range::Span;
use flarepath_profile::unix_nanos::SECOND_NS;

/// The part of a span that moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its start.
    From,
    /// Its end.
    Until,
    /// All of it.
    Whole,
}

/// The span after a part of it has moved by so many nanoseconds. It stays `within` the chart, and is never shorter than a second,
/// unless it was before.
pub(crate) fn moved(span: Span, part: Part, by_ns: i64, within: Span) -> Span {
    let shortest = SECOND_NS.min(span.length_ns());
    let Span { from_ns, until_ns } = span;
    match part {
        Part::From => {
            let from_ns = from_ns.saturating_add(by_ns).max(within.from_ns.min(from_ns));
            Span { from_ns: from_ns.min(until_ns - shortest), until_ns }
        }
        Part::Until => {
            let until_ns = until_ns.saturating_add(by_ns).min(within.until_ns.max(until_ns));
            Span { from_ns, until_ns: until_ns.max(from_ns + shortest) }
        }
        Part::Whole => {
            let least = (within.from_ns - from_ns).min(0);
            let most = (within.until_ns - until_ns).max(0);
            let by_ns = by_ns.min(most).max(least);
            Span { from_ns: from_ns + by_ns, until_ns: until_ns + by_ns }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Span = seconds(0, 100);

    const fn seconds(from: i64, until: i64) -> Span {
        Span { from_ns: from * SECOND_NS, until_ns: until * SECOND_NS }
    }

    #[test]
    fn ends_move_within_the_chart_and_never_pass_each_other() {
        let by = |part, secs: i64| moved(seconds(40, 60), part, secs * SECOND_NS, WITHIN);
        assert_eq!(by(Part::From, -10), seconds(30, 60));
        assert_eq!(by(Part::From, -90), seconds(0, 60));
        assert_eq!(by(Part::From, 90), seconds(59, 60));
        assert_eq!(by(Part::Until, 10), seconds(40, 70));
        assert_eq!(by(Part::Until, 90), seconds(40, 100));
        assert_eq!(by(Part::Until, -90), seconds(40, 41));
    }

    #[test]
    fn a_whole_span_keeps_its_length() {
        let by = |secs: i64| moved(seconds(40, 60), Part::Whole, secs * SECOND_NS, WITHIN);
        assert_eq!([by(10), by(90), by(-90)], [seconds(50, 70), seconds(80, 100), seconds(0, 20)]);
    }

    #[test]
    fn a_span_beyond_the_chart_is_not_pulled_into_it() {
        let outside = seconds(-20, 120);
        for part in [Part::From, Part::Until, Part::Whole] {
            assert_eq!(moved(outside, part, 0, WITHIN), outside);
        }
    }
}
