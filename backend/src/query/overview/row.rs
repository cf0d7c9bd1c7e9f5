//! A row of the overview: a service, its verdict if there is one, and its state among the others.

use super::activity::{Activity, Presence};
use super::judgement::{Found, Judgement, Q};
use super::suspicion::Suspicion;
use flarepath_profile::stats::discoveries;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use flarepath_profile::verdict::among_services;
use std::sync::Arc;

/// State of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Regressed,
    Improved,
    /// Functions changed, and the total did not.
    Changed,
    Unchanged,
    TooLittleData,
    NotComparable,
    /// It sends no profiles any more.
    Silent,
    /// There is no verdict yet.
    Pending,
}

/// A service.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) activity: Arc<Activity>,
    pub(crate) judgement: Option<Arc<Judgement>>,
    pub(crate) state: State,
    /// Whether the last attempt at a verdict failed.
    pub(super) is_failed: bool,
}

impl Row {
    pub(super) fn new(activity: Arc<Activity>, judgement: Option<Arc<Judgement>>, is_failed: bool) -> Row {
        let state = match (activity.presence, &judgement) {
            (Presence::WentSilent | Presence::Gone, _) => State::Silent,
            (Presence::Reporting, None) => State::Pending,
            (Presence::Reporting, Some(judgement)) => match judgement.found {
                Found::Regressed => State::Regressed,
                Found::Improved => State::Improved,
                Found::Changed => State::Changed,
                Found::Unchanged => State::Unchanged,
                Found::TooLittleData => State::TooLittleData,
                Found::NotComparable => State::NotComparable,
            },
        };
        Row { activity, judgement, state, is_failed }
    }

    /// The verdict, unless the service is silent: then it is of the past.
    fn verdict(&self) -> Option<&Judgement> {
        self.judgement.as_deref().filter(|_| self.activity.presence == Presence::Reporting)
    }

    /// Whether the verdict is a significant change.
    pub(crate) fn is_change(&self) -> bool {
        matches!(self.state, State::Regressed | State::Improved | State::Changed)
    }

    /// Change of the total as a fraction, if it is significant.
    pub(crate) fn change(&self) -> Option<f64> {
        self.verdict().filter(|_| self.is_change()).and_then(|verdict| verdict.change)
    }

    /// Cores by which the service differs, if that is significant.
    pub(super) fn difference(&self) -> f64 {
        self.verdict().filter(|_| self.is_change()).map_or(0.0, |verdict| verdict.difference)
    }

    /// When the change began.
    pub(crate) fn changed_at(&self) -> Option<UnixNanos> {
        self.verdict().filter(|_| self.is_change()).and_then(|verdict| verdict.changed_at)
    }

    /// The verdict in a sentence, or why there is none. `tested`: how many services were compared.
    pub(crate) fn sentence(&self, tested: usize, end: UnixNanos) -> String {
        match (self.state, &self.judgement) {
            (State::Silent, _) => self.silence(end),
            (State::Unchanged, Some(judgement)) if judgement.found.is_change() => {
                among_services(&judgement.sentence, tested)
            }
            (_, Some(judgement)) => judgement.sentence.clone(),
            (_, None) if self.is_failed => "No verdict: computing it failed, and will be tried again.".to_owned(),
            (_, None) if self.activity.suspicion == Suspicion::None => {
                "No verdict yet. The cost of a replica did not move by more than its noise; services like this are compared in turn."
                    .to_owned()
            }
            (_, None) => "No verdict yet. The service is among the next to be compared.".to_owned(),
        }
    }

    /// What changed, without its numbers, and the largest cause; `None` where the sentence says something else.
    pub(crate) fn brief(&self) -> Option<&str> {
        self.verdict().filter(|_| self.is_change()).and_then(|verdict| verdict.brief.as_deref())
    }

    fn silence(&self, end: UnixNanos) -> String {
        let newest = self.activity.newest;
        let at = jiff::Timestamp::from_second(newest.as_secs())
            .map_or_else(|_| String::new(), |at| at.to_string());
        let minutes = end.nanos_since(newest) / MINUTE_NS;
        match self.activity.presence {
            Presence::Gone => format!("No profile in the range; the last one before it started at {at}."),
            _ => format!("No profile since {at}, {minutes} min before the end of the range."),
        }
    }
}

/// Takes back changes that are not significant among all rows, and gives the number of services that were compared.
///
/// Of many services some seem to have changed by chance. Each service that was compared is one test, by the p value of its verdict as a
/// whole (1 without a change), in the procedure of Benjamini and Hochberg.
pub(super) fn stand_out(rows: &mut [Row]) -> usize {
    let is_tested = |row: &&mut Row| row.verdict().is_some_and(|verdict| verdict.found.is_tested());
    let mut tested: Vec<&mut Row> = rows.iter_mut().filter(is_tested).collect();
    let p_values: Vec<f64> =
        tested.iter().map(|row| row.verdict().map_or(1.0, |verdict| verdict.evidence)).collect();
    for (row, is_discovery) in tested.iter_mut().zip(discoveries(&p_values, Q)) {
        if row.is_change() && !is_discovery {
            row.state = State::Unchanged;
        }
    }
    tested.len()
}

/// Rows for tests.
#[cfg(test)]
pub(super) mod made_up {
    use super::super::change_point::Looks;
    use super::*;

    pub(in crate::query::overview) fn activity(service: &str, cores: f64) -> Activity {
        Activity {
            service: service.to_owned(),
            profile_type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap(),
            versions: Vec::new(),
            has_new_version: false,
            newest: UnixNanos(0),
            presence: Presence::Reporting,
            replicas: 1,
            cores: Some(cores),
            sparkline: Vec::new(),
            has_gap: false,
            suspicion: Suspicion::None,
            began: None,
        }
    }

    pub(in crate::query::overview) fn judgement(found: Found, difference: f64, evidence: f64) -> Judgement {
        Judgement {
            found,
            sentence: "By itself.".to_owned(),
            brief: found.is_change().then(|| "In brief.".to_owned()),
            evidence,
            change: found.is_change().then_some(0.5),
            cores_before: Some(1.0),
            difference,
            function: String::new(),
            function_share: None,
            without_symbols: None,
            changed_at: None,
            since: None,
            looks: Looks::default(),
            baseline: String::new(),
            computed_at: UnixNanos(0),
        }
    }

    pub(in crate::query::overview) fn row(service: &str, found: Found, difference: f64) -> Row {
        let evidence = if found.is_change() { 1e-9 } else { 1.0 };
        let judgement = judgement(found, difference, evidence);
        Row::new(Arc::new(activity(service, 1.0)), Some(Arc::new(judgement)), false)
    }
}

#[cfg(test)]
mod tests {
    use super::made_up::{activity, judgement, row};
    use super::*;

    #[test]
    fn weak_changes_do_not_stand_out_among_many_services() {
        let of = |evidence: f64, unchanged: usize| {
            let weak = judgement(Found::Regressed, 1.0, evidence);
            let mut rows = vec![Row::new(Arc::new(activity("weak", 1.0)), Some(Arc::new(weak)), false)];
            rows.extend((0..unchanged).map(|n| row(&format!("s{n}"), Found::Unchanged, 0.0)));
            rows.push(row("short", Found::TooLittleData, 0.0));
            let tested = stand_out(&mut rows);
            let brief = rows[0].brief().map(str::to_owned);
            (tested, rows[0].state, rows[0].sentence(tested, UnixNanos(0)), brief)
        };
        let shown = (10, State::Regressed, "By itself.".to_owned(), Some("In brief.".to_owned()));
        assert_eq!(of(0.002, 9), shown);
        let (tested, state, sentence, brief) = of(0.002, 99);
        assert_eq!((tested, state, brief), (100, State::Unchanged, None));
        assert!(sentence.contains("among the 100 services"), "{sentence}");
    }

    #[test]
    fn a_silent_service_has_no_verdict() {
        let mut gone = activity("gone", 1.0);
        gone.presence = Presence::WentSilent;
        let verdict = judgement(Found::Regressed, 1.0, 1e-9);
        let row = Row::new(Arc::new(gone), Some(Arc::new(verdict)), false);
        assert_eq!((row.state, row.change(), row.brief()), (State::Silent, None, None));
        assert!(!row.is_change());
        let said = row.sentence(1, UnixNanos(25 * MINUTE_NS));
        assert_eq!(said, "No profile since 1970-01-01T00:00:00Z, 25 min before the end of the range.");
    }
}
