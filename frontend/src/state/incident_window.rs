//! The time that an incident compares with its baseline.
//!
//! An alert fires when a condition has held for a while, so the window begins 5 minutes before the alert; it ends when the alert
//! ended, or else 30 minutes after it began. It never reaches beyond now, and is 15 minutes long at least: the statistics need several
//! blocks of minutes. What is missing for that is added at the end, as far as time has passed, and then at the start: of an alert of
//! two minutes ago it is the last 15 minutes. Time without profiles costs nothing.

use super::time_range::Span;
use flarepath_profile::unix_nanos::MINUTE_NS;

/// How long before the alert the window begins.
const BEFORE_NS: i64 = 5 * MINUTE_NS;
/// How long after its start it ends, while no end is known.
const AFTER_NS: i64 = 30 * MINUTE_NS;
/// Its least length.
const LEAST_NS: i64 = 15 * MINUTE_NS;

/// The window of an alert, in nanoseconds since the epoch. `None` where all of it is in the future.
pub(crate) fn window(at_ns: i64, until_ns: Option<i64>, now_ns: i64) -> Option<Span> {
    let from_ns = at_ns.saturating_sub(BEFORE_NS).max(0);
    if from_ns >= now_ns {
        return None;
    }
    let wanted_ns = until_ns.unwrap_or(at_ns.saturating_add(AFTER_NS));
    let until_ns = wanted_ns.max(from_ns.saturating_add(LEAST_NS)).min(now_ns);
    let from_ns = from_ns.min(until_ns.saturating_sub(LEAST_NS)).max(0);
    Some(Span { from_ns, until_ns })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60;

    #[test]
    fn a_window_holds_the_alert_and_is_long_enough() {
        // In minutes: the alert, its end, now, and the window.
        for (name, (at, until, now), expected) in [
            ("over", (DAY, None, DAY + 90), Some((DAY - 5, DAY + 30))),
            ("going on", (DAY, None, DAY + 12), Some((DAY - 5, DAY + 12))),
            ("of a minute ago", (DAY, None, DAY + 1), Some((DAY - 14, DAY + 1))),
            ("of now", (DAY, None, DAY), Some((DAY - 15, DAY))),
            ("with an end", (DAY, Some(DAY + 60), DAY + 90), Some((DAY - 5, DAY + 60))),
            ("with an end to come", (DAY, Some(DAY + 60), DAY + 20), Some((DAY - 5, DAY + 20))),
            ("short", (DAY, Some(DAY + 2), DAY + 90), Some((DAY - 5, DAY + 10))),
            ("short, just over", (DAY, Some(DAY + 2), DAY + 3), Some((DAY - 12, DAY + 3))),
            ("soon", (DAY, None, DAY - 2), Some((DAY - 17, DAY - 2))),
            ("in the future", (DAY, None, DAY - 5), None),
            ("at the epoch", (0, None, DAY), Some((0, 30))),
        ] {
            let ns = |minutes: i64| minutes * MINUTE_NS;
            let expected = expected.map(|(from, until)| Span { from_ns: ns(from), until_ns: ns(until) });
            assert_eq!(window(ns(at), until.map(ns), ns(now)), expected, "{name}");
        }
    }
}
