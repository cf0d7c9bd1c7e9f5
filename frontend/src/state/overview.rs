//! The overview of all services: what changed in each, and how the pages of the list are joined. Pure.

use super::home::HomeQuestion;
use super::incident_link::incident_link;
use super::query::{Query, explore_path};
use super::spark::Frame;
use super::time_range::{Span, TimeRange};
use super::view::View;
use std::sync::Arc;

/// What was found of a service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RowState {
    Regressed,
    Improved,
    /// Functions changed, and the total did not.
    Changed,
    Unchanged,
    TooLittleData,
    NotComparable,
    /// No profile in the last ten minutes of the range.
    Silent,
    /// Not computed yet.
    #[default]
    Pending,
}

/// The states, their words in responses, and on the page.
const STATES: [(RowState, &str, &str); 8] = [
    (RowState::Regressed, "regressed", "Regressed"),
    (RowState::Improved, "improved", "Improved"),
    (RowState::Changed, "changed", "Changed"),
    (RowState::Unchanged, "unchanged", "Unchanged"),
    (RowState::TooLittleData, "too-little-data", "Too little data"),
    (RowState::NotComparable, "not-comparable", "Not comparable"),
    (RowState::Silent, "silent", "Silent"),
    (RowState::Pending, "pending", "Pending"),
];

impl RowState {
    /// The state of a response. One that is not known says nothing about a change.
    pub(crate) fn parse(word: &str) -> RowState {
        STATES
            .iter()
            .find(|(_, known, _)| *known == word)
            .map_or(RowState::NotComparable, |(state, ..)| *state)
    }

    /// The word in responses, and the one on the page.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        STATES.iter().find(|(state, ..)| *state == self).map_or(("", ""), |(_, word, label)| (*word, *label))
    }
}

/// The latest thing that happened to a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowMarker {
    /// `deploy`, `config`, `flag`, `scale` or `incident`.
    pub(crate) kind: String,
    /// The version that was deployed; empty if it is not known.
    pub(crate) version: String,
    /// Milliseconds since the epoch.
    pub(crate) at_ms: i64,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OverviewRow {
    pub(crate) service: String,
    /// Id of the profile type that the row is about; may be empty.
    pub(crate) profile_type: String,
    pub(crate) state: RowState,
    /// The verdict; names are in backticks.
    pub(crate) sentence: String,
    /// The same without numbers, with the largest cause; may be empty.
    pub(crate) brief: String,
    /// Mean cores of all replicas together.
    pub(crate) cores: Option<f64>,
    /// Change of the cost of a replica as a fraction; `None` unless it is significant.
    pub(crate) change: Option<f64>,
    /// What it is compared with, in words; may be empty.
    pub(crate) baseline: String,
    /// The newest first.
    pub(crate) versions: Vec<String>,
    pub(crate) marker: Option<RowMarker>,
    pub(crate) replicas: u64,
    /// Cores over time: the intervals, and those with data by number.
    pub(crate) frame: Frame,
    pub(crate) spark: Vec<(u32, f64)>,
    /// When it was computed, milliseconds since the epoch; 0 if it was not yet.
    pub(crate) computed_ms: i64,
    /// When the change began, nanoseconds since the epoch; 0 if that is not known.
    pub(crate) changed_ns: i64,
}

impl OverviewRow {
    /// The page that says what changed: from when the change began, or else in all of `span`, the time of `query`. The end of a change
    /// is left open where the time ends now.
    pub(crate) fn incident_path(&self, query: &Query, span: Span) -> String {
        let is_known = self.changed_ns > 0;
        let at_ns = if is_known { self.changed_ns } else { span.from_ns };
        let ends_now = query.range.is_none_or(TimeRange::is_relative);
        let until_ns = (!is_known || !ends_now).then_some(span.until_ns);
        incident_link(query, &self.service, &self.profile_type, at_ns, until_ns)
    }

    /// Explore and Compare of the service at the time of `query`; the baseline is left to the server.
    pub(crate) fn profile_paths(&self, query: &Query) -> [String; 2] {
        let profile_type = Some(self.profile_type.clone()).filter(|id| !id.is_empty());
        let range = query.range.or(Some(TimeRange::LAST_HOUR));
        let alone = Query { service: Some(self.service.clone()), profile_type, range, ..query.clone() };
        let path = explore_path(&alone, &View::default());
        let compare = format!("/compare{}", path.strip_prefix("/explore").unwrap_or(&path));
        [path, compare]
    }
}

/// How much a change weighs, from 0 to 1: all from 5 % of the cost of all services on.
pub(crate) fn change_weight(change: f64, cores: f64, fleet_cores: f64) -> f64 {
    if fleet_cores > 0.0 { (change.abs() * cores / fleet_cores * 20.0).min(1.0).sqrt() } else { 0.0 }
}

/// Numbers of all services together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fleet {
    pub(crate) cores: f64,
    /// Services with a profile in the last ten minutes of the range.
    pub(crate) reporting: u64,
    /// Services with profiles, but none in the last ten minutes.
    pub(crate) silent: u64,
    pub(crate) with_gaps: u64,
    /// Share of the cost that is in functions without a name; `None` if that is not known.
    pub(crate) without_symbols: Option<f64>,
    /// Services with a significant change.
    pub(crate) changed: u64,
}

/// A page of the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Overview {
    pub(crate) rows: Vec<Arc<OverviewRow>>,
    /// Where the next page begins; empty on the last.
    pub(crate) next: String,
    /// Services that match in all.
    pub(crate) services: u64,
    pub(crate) fleet: Fleet,
    /// What to know about the answer, in sentences.
    pub(crate) notes: Vec<String>,
    /// The question, and the time that was asked about.
    pub(crate) of: Option<(HomeQuestion, Span)>,
}

impl Overview {
    /// Whether no service is there, though all of them were asked for. There may be some that have sent nothing for long.
    pub(crate) fn is_empty(&self) -> bool {
        self.services == 0 && self.of.as_ref().is_some_and(|(question, _)| question.is_of_all())
    }
}

/// The rows of all pages that were loaded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Listed {
    /// The question, and the time of the first page.
    pub(crate) of: Option<(HomeQuestion, Span)>,
    pub(crate) rows: Vec<Arc<OverviewRow>>,
    /// Where the next page begins; empty at the end.
    pub(crate) next: String,
}

impl Listed {
    /// Whether the rows answer this question.
    pub(crate) fn answers(&self, question: &HomeQuestion) -> bool {
        self.of.as_ref().is_some_and(|(of, _)| of == question)
    }

    /// The rows after a first page: of another question, its rows alone. A refresh keeps the rows of later pages, which are as old as
    /// they say.
    pub(crate) fn with_first(&self, page: &Overview) -> Listed {
        let is_refresh = page.of.as_ref().is_some_and(|(question, _)| self.answers(question));
        let mut listed = Listed { of: page.of.clone(), rows: page.rows.clone(), next: page.next.clone() };
        if is_refresh && !page.next.is_empty() && self.rows.len() > page.rows.len() {
            listed.add(&self.rows);
            listed.next = self.next.clone();
        }
        listed
    }

    /// The rows with those of the next page.
    pub(crate) fn with_more(&self, page: &Overview) -> Listed {
        let mut listed = self.clone();
        listed.add(&page.rows);
        listed.next = page.next.clone();
        listed
    }

    /// Adds rows. A service that has moved between two pages stays where it was first.
    fn add(&mut self, more: &[Arc<OverviewRow>]) {
        let before = self.rows.len();
        for row in more {
            if !self.rows[..before].iter().any(|known| known.service == row.service) {
                self.rows.push(row.clone());
            }
        }
    }

    /// Whether a row is still to be computed.
    pub(crate) fn is_pending(&self) -> bool {
        self.rows.iter().any(|row| row.state == RowState::Pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Span = Span::of_ms(1_795_269_900_000, 1_795_273_500_000);

    fn row(service: &str) -> OverviewRow {
        OverviewRow { service: service.into(), profile_type: "cpu".into(), ..OverviewRow::default() }
    }

    fn page(text: &str, services: &[&str], next: &str) -> Overview {
        let question = HomeQuestion { text: text.into(), ..HomeQuestion::default() };
        Overview {
            rows: services.iter().map(|name| Arc::new(row(name))).collect(),
            next: next.into(),
            of: Some((question, SPAN)),
            ..Overview::default()
        }
    }

    fn names(listed: &Listed) -> Vec<&str> {
        listed.rows.iter().map(|row| row.service.as_str()).collect()
    }

    #[test]
    fn pages_are_joined_and_no_service_is_there_twice() {
        let first = Listed::default().with_first(&page("", &["a", "b"], "2"));
        let all = first.with_more(&page("", &["b", "c"], "3")).with_more(&page("", &["d"], ""));
        assert_eq!((names(&all), all.next.as_str()), (vec!["a", "b", "c", "d"], ""));
        let refreshed = all.with_first(&page("", &["c", "a"], "2"));
        assert_eq!(names(&refreshed), ["c", "a", "b", "d"]);
        assert_eq!(refreshed.next, "", "where the pages that were loaded end");
    }

    #[test]
    fn another_question_begins_anew_and_so_does_a_list_that_has_become_short() {
        let all = Listed::default().with_first(&page("", &["a", "b"], "2")).with_more(&page("", &["c"], "3"));
        let other = all.with_first(&page("x", &["x"], "2"));
        assert_eq!((names(&other), other.next.as_str()), (vec!["x"], "2"));
        assert_eq!(names(&all.with_first(&page("", &["b"], ""))), ["b"]);
    }

    #[test]
    fn a_search_without_matches_is_not_an_empty_server() {
        assert!(page("", &[], "").is_empty());
        assert!(!page("x", &[], "").is_empty());
        assert!(!Overview { services: 1, ..page("", &["a"], "") }.is_empty());
        assert!(!Overview::default().is_empty());
    }

    #[test]
    fn a_row_leads_to_its_change_and_to_its_profiles() {
        let query = Query { filter: r#"{team="pay"}"#.into(), ..Query::default() };
        let path = row("shop").incident_path(&query, SPAN);
        let whole = "at=2026-11-21T14:05:00Z&until=2026-11-21T15:05:00Z";
        assert_eq!(path, format!("/i?service=shop&type=cpu&selector=%7Bteam%3D%22pay%22%7D&{whole}"));
        let changed = OverviewRow { changed_ns: SPAN.from_ns + 60_000_000_000, ..row("shop") };
        assert_eq!(
            changed.incident_path(&Query::default(), SPAN),
            "/i?service=shop&type=cpu&at=2026-11-21T14:06:00Z"
        );
        let past = Query { range: Some(TimeRange::Between(SPAN)), ..Query::default() };
        assert_eq!(
            changed.incident_path(&past, SPAN),
            "/i?service=shop&type=cpu&at=2026-11-21T14:06:00Z&until=2026-11-21T15:05:00Z"
        );
        let stored = Query { store: Some("prod".into()), ..Query::default() };
        let path = changed.incident_path(&stored, SPAN);
        assert!(path.starts_with("/i?store=prod&service=shop&"), "{path}");
        let paths = row("shop").profile_paths(&stored);
        assert!(paths.iter().all(|path| path.contains("?store=prod&service=shop&")), "{paths:?}");
        let [explore, compare] = row("shop").profile_paths(&Query::default());
        assert_eq!(explore, "/explore?service=shop&type=cpu&from=now-1h&until=now");
        assert_eq!(compare, "/compare?service=shop&type=cpu&from=now-1h&until=now");
    }

    #[test]
    fn a_change_weighs_by_its_part_of_all_services() {
        assert_eq!(change_weight(0.5, 10.0, 100.0), 1.0);
        assert!(change_weight(3.0, 0.001, 100.0) < 0.05);
        assert!(change_weight(-0.1, 10.0, 100.0) < change_weight(0.2, 10.0, 100.0));
        assert_eq!(change_weight(1.0, 1.0, 0.0), 0.0);
    }

    #[test]
    fn states_have_words_and_an_unknown_one_claims_nothing() {
        for (state, word, label) in STATES {
            assert_eq!((RowState::parse(word), state.words()), (state, (word, label)));
        }
        assert_eq!(RowState::parse("new"), RowState::NotComparable);
    }
}
