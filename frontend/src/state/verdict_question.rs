//! The question that the verdict of Explore answers, and when it is asked.

use crate::state::lent_part::READY;
use crate::state::query::{Query, explore_path};
use crate::state::share_view::read;
use crate::state::time_range::Span;
use crate::state::view::View;

/// While the selection stays the same, the verdict is asked for again after so long.
const AGAIN_MS: i64 = 60_000;

/// A selection. As text it is passed from one program to the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VerdictQuestion {
    /// The question on screen: the same while time goes on.
    pub(crate) query: Query,
    /// Both ends of its time.
    pub(crate) span: Span,
    /// Whether its profile is on screen: the verdict waits for it.
    pub(crate) ready: bool,
}

impl VerdictQuestion {
    /// `1 1795223940000000000 1795227540000000000 /explore?service=…`
    pub(crate) fn to_text(&self) -> String {
        let VerdictQuestion { query, span: Span { from_ns, until_ns }, ready } = self;
        let path = explore_path(query, &View::default());
        let ready = if *ready { READY } else { "0 " };
        format!("{ready}{from_ns} {until_ns} {path}")
    }

    /// Reads [`VerdictQuestion::to_text`]; `None` of another text.
    pub(crate) fn parse(text: &str) -> Option<VerdictQuestion> {
        let mut parts = text.splitn(4, ' ');
        let mut part = || parts.next();
        let ready = part()? == "1";
        let (from_ns, until_ns) = (part()?.parse().ok()?, part()?.parse().ok()?);
        let (_, params) = part()?.split_once('?')?;
        let query = read(params, |get| Query::from_params(get));
        Some(VerdictQuestion { query, span: Span { from_ns, until_ns }, ready })
    }
}

/// What to do about the verdict on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Nothing.
    Keep,
    /// It is about another selection: ends the request, too.
    Clear,
    /// Ask for it; one about another selection is cleared first.
    Ask {
        /// Whether the selection is another one.
        anew: bool,
    },
}

/// When the verdict was asked for last, and about what.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    last: Option<(Query, i64)>,
}

impl Schedule {
    /// What to do now that the page shows this.
    pub(crate) fn next(&mut self, question: Option<&VerdictQuestion>, now_ms: i64) -> Step {
        let Some(question) = question else {
            self.last = None;
            return Step::Clear;
        };
        let last = self.last.take().filter(|(query, _)| *query == question.query);
        let anew = last.is_none();
        let due = last.as_ref().is_none_or(|(_, at)| now_ms.saturating_sub(*at) >= AGAIN_MS);
        self.last = last;
        match (question.ready, due) {
            (true, true) => {
                self.last = Some((question.query.clone(), now_ms));
                Step::Ask { anew }
            }
            (false, _) if anew => Step::Clear,
            _ => Step::Keep,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::lent_part::is_ready;
    use crate::state::time_range::TimeRange;

    fn question(filter: &str, ready: bool) -> VerdictQuestion {
        let query = Query {
            store: Some("prod".into()),
            service: Some("shop".into()),
            profile_type: Some("cpu".into()),
            filter: filter.into(),
            range: Some(TimeRange::LAST_HOUR),
            by: None,
        };
        VerdictQuestion { query, span: Span::of_ms(5_000, 3_605_000), ready }
    }

    #[test]
    fn questions_are_text() {
        for question in [question("", true), question(r#"{version="v 2"}"#, false)] {
            assert_eq!(is_ready(&question.to_text()), question.ready);
            assert_eq!(VerdictQuestion::parse(&question.to_text()), Some(question));
        }
        assert_eq!(VerdictQuestion::parse(""), None);
    }

    #[test]
    fn a_verdict_waits_for_the_profile_and_follows_the_selection() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next(None, 0), Step::Clear);
        assert_eq!(schedule.next(Some(&question("", false)), 1), Step::Clear);
        assert_eq!(schedule.next(Some(&question("", true)), 2), Step::Ask { anew: true });
        let other = |ready| question(r#"{pod="a"}"#, ready);
        assert_eq!(schedule.next(Some(&other(false)), 3), Step::Clear, "cancelled at once");
        assert_eq!(schedule.next(Some(&other(true)), 4), Step::Ask { anew: true });
        assert_eq!(schedule.next(Some(&question("", true)), 5), Step::Ask { anew: true });
    }

    #[test]
    fn live_refreshes_ask_once_a_minute() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.next(Some(&question("", true)), 0), Step::Ask { anew: true });
        for second in 1..60 {
            let refreshed = question("", second % 2 == 0);
            assert_eq!(schedule.next(Some(&refreshed), second * 1000), Step::Keep, "{second}");
        }
        assert_eq!(
            schedule.next(Some(&question("", false)), 60_000),
            Step::Keep,
            "not while it is refreshed"
        );
        assert_eq!(schedule.next(Some(&question("", true)), 60_001), Step::Ask { anew: false });
        assert_eq!(schedule.next(Some(&question("", true)), 60_002), Step::Keep);
    }
}
