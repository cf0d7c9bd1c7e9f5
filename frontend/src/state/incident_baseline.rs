//! Baselines of an incident: their words in the URL, their names, and the sides that they compare.

use super::compare::Sides;
use super::query::Query;
use super::time_range::{Span, TimeRange};
use flarepath_profile::unix_nanos::{DAY_NS, MINUTE_NS};

/// The shortest time before a deploy that it is compared with.
const LEAST_BEFORE_NS: i64 = 15 * MINUTE_NS;

/// What the window of an incident is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Baseline {
    /// The server chooses.
    #[default]
    Auto,
    Previous,
    Yesterday,
    LastWeek,
    /// The version before the newest one.
    Version,
    /// The time before the newest version began.
    Deploy,
    /// The replicas that do not stand out.
    Replicas,
}

impl Baseline {
    /// In the order of their buttons.
    pub(crate) const ALL: [Baseline; 7] = [
        Baseline::Auto,
        Baseline::Previous,
        Baseline::Yesterday,
        Baseline::LastWeek,
        Baseline::Version,
        Baseline::Deploy,
        Baseline::Replicas,
    ];

    /// The value in the URL.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Baseline::Auto => "auto",
            Baseline::Previous => "previous",
            Baseline::Yesterday => "yesterday",
            Baseline::LastWeek => "last-week",
            Baseline::Version => "version",
            Baseline::Deploy => "deploy",
            Baseline::Replicas => "replicas",
        }
    }

    /// The baseline of a value in the URL; an empty one leaves the choice to the server. `None` of an unknown one.
    pub(crate) fn parse(text: &str) -> Option<Baseline> {
        match text {
            "" => Some(Baseline::Auto),
            word => Baseline::ALL.into_iter().find(|baseline| baseline.as_str() == word),
        }
    }

    /// The text of its button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Baseline::Auto => "Automatic",
            Baseline::Previous => "Previous period",
            Baseline::Yesterday => "Same hour yesterday",
            Baseline::LastWeek => "Same hour last week",
            Baseline::Version => "Version before",
            Baseline::Deploy => "Before the deploy",
            Baseline::Replicas => "Healthy replicas",
        }
    }

    /// What is compared, as a sentence.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Baseline::Auto => {
                "The server chooses: the version before, or else the earlier time with the same replicas and the nearest load."
            }
            Baseline::Previous => "The time just before the window, as long as the window.",
            Baseline::Yesterday => "The window a day earlier.",
            Baseline::LastWeek => "The window a week earlier.",
            Baseline::Version => "The newest version against the one before it, even if that no longer runs.",
            Baseline::Deploy => {
                "The window from the first profile of the newest version on, against the time before that."
            }
            Baseline::Replicas => {
                "The replicas that cost more than 1.5 times the median replica, against the others in the same window."
            }
        }
    }

    /// How long before the window it is, in nanoseconds; `None` of what is not an earlier time.
    pub(crate) fn earlier_ns(self, window: Span) -> Option<i64> {
        match self {
            Baseline::Previous => Some(window.length_ns()),
            Baseline::Yesterday => Some(DAY_NS),
            Baseline::LastWeek => Some(7 * DAY_NS),
            Baseline::Auto | Baseline::Version | Baseline::Deploy | Baseline::Replicas => None,
        }
    }
}

/// The window from a deploy on, against as much time before the deploy, 15 minutes at least. Of a deploy before the window, all of the
/// window is compared. `None` if the deploy is after it.
pub(crate) fn before_deploy(query: &Query, window: Span, deploy_ns: i64) -> Option<Sides> {
    let from_ns = window.from_ns.max(deploy_ns);
    let length_ns = window.until_ns.saturating_sub(from_ns);
    let at = |from_ns: i64, until_ns: i64| {
        let range = Some(TimeRange::Between(Span { from_ns: from_ns.max(0), until_ns }));
        Query { range, by: None, ..query.clone() }
    };
    let before_ns = deploy_ns.saturating_sub(length_ns.max(LEAST_BEFORE_NS));
    (length_ns > 0)
        .then(|| Sides { baseline: at(before_ns, deploy_ns), comparison: at(from_ns, window.until_ns) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(from: i64, until: i64) -> Span {
        Span { from_ns: from * MINUTE_NS, until_ns: until * MINUTE_NS }
    }

    #[test]
    fn words_survive_the_url() {
        for baseline in Baseline::ALL {
            assert_eq!(Baseline::parse(baseline.as_str()), Some(baseline));
        }
        assert_eq!([Baseline::parse(""), Baseline::parse("tomorrow")], [Some(Baseline::Auto), None]);
    }

    #[test]
    fn a_deploy_is_compared_with_the_time_before_it() {
        let compared = |window: Span, deploy: i64| {
            let sides = before_deploy(&Query::default(), window, deploy * MINUTE_NS)?;
            Some([sides.baseline.range, sides.comparison.range].map(|range| match range {
                Some(TimeRange::Between(span)) => (span.from_ns / MINUTE_NS, span.until_ns / MINUTE_NS),
                _ => panic!("no range"),
            }))
        };
        assert_eq!(compared(minutes(100, 135), 105), Some([(75, 105), (105, 135)]));
        assert_eq!(compared(minutes(100, 135), 130), Some([(115, 130), (130, 135)]), "15 minutes before it");
        assert_eq!(compared(minutes(100, 135), 90), Some([(55, 90), (100, 135)]), "before the window");
        assert_eq!(compared(minutes(100, 135), 140), None);
    }

    #[test]
    fn earlier_times_are_whole_days_or_the_window_itself() {
        let window = minutes(100, 135);
        let earlier = Baseline::ALL.map(|baseline| baseline.earlier_ns(window).map(|ns| ns / MINUTE_NS));
        assert_eq!(earlier, [None, Some(35), Some(1440), Some(10_080), None, None, None]);
    }
}
