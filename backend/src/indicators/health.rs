//! [`Health`]: whether a source answers: for its metric, for the log, and for verdicts and lists of services, which do not wait for one that
//! does not.
//!
//! A source is down from a request that it does not answer until a check is answered. So one that answers every other request is
//! logged twice from check to check at most, and not for each query.
//!
//! A source may answer checks and be too slow for everything else. Verdicts that have waited for one in vain do not ask it until the
//! next check is answered; if that was too early, until two are, then four, up to [`LONGEST_REST`].
//!
//! Metric: `flarepath_metrics_source_up{source}`, 0 while it is down. A query that is rejected is an answer.

use super::source::SourceError;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Answered checks that verdicts wait for at most: those of eight minutes.
const LONGEST_REST: u32 = 16;

/// Whether a source answers.
pub(super) struct Health {
    /// Its name.
    source: String,
    state: Mutex<State>,
}

struct State {
    /// Its last failure while it is down.
    outage: Option<SourceError>,
    /// Checks that have to be answered before a verdict asks again.
    rest: u32,
    /// The last of such rests; 0 once a verdict was answered in time.
    last_rest: u32,
}

/// Why a source is not asked for the requests of a verdict. With its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// It does not answer.
    #[error("requests are not known: the metrics source {0} is down")]
    Down(String),
    /// It does not answer in time.
    #[error("requests are not known: the metrics source {0} is too slow")]
    Slow(String),
    /// Only a part of the service is meant, by a label without a counterpart in its metrics.
    #[error(
        "requests are not known: map the label {label} in [metrics.{source_name}.labels] for costs by request"
    )]
    NotMapped {
        /// The label of profiles.
        label: String,
        /// The name of the source.
        source_name: String,
    },
}

impl Health {
    /// That of a source of which nothing is known.
    pub(super) fn new(source: &str) -> Health {
        let state = State { outage: None, rest: 0, last_rest: 0 };
        Health { source: source.to_owned(), state: Mutex::new(state) }
    }

    /// A query or a check failed.
    pub(super) fn failed(&self, error: &SourceError) {
        tracing::debug!(source = self.source, kind = error.kind(), %error, "query of metrics failed");
        if error.is_of_the_query() {
            return;
        }
        let was_up = self.state().outage.replace(error.clone()).is_none();
        if was_up {
            tracing::warn!(source = self.source, kind = error.kind(), %error, "a metrics source is down");
        }
        self.show(false);
    }

    /// A check was answered.
    pub(super) fn check_passed(&self) {
        let was_up = {
            let mut state = self.state();
            state.rest = state.rest.saturating_sub(1);
            state.outage.take().is_none()
        };
        if !was_up {
            tracing::info!(source = self.source, "a metrics source is up again");
        }
        self.show(true);
    }

    /// A verdict waited for a query in vain.
    pub(super) fn ran_late(&self) {
        let is_second = {
            let mut state = self.state();
            // Another side of the same verdict has said so.
            if state.rest > 0 {
                return;
            }
            let is_second = state.last_rest == 1;
            state.last_rest = (2 * state.last_rest).clamp(1, LONGEST_REST);
            state.rest = state.last_rest;
            is_second
        };
        // One slow query is no news.
        if is_second {
            tracing::warn!(source = self.source, "a metrics source is too slow for verdicts");
        }
    }

    /// A query of a verdict was answered in time.
    pub(super) fn ran_in_time(&self) {
        let last_rest = std::mem::take(&mut self.state().last_rest);
        if last_rest > 1 {
            tracing::info!(source = self.source, "a metrics source is fast enough for verdicts again");
        }
    }

    /// Why verdicts do not ask at present.
    pub(super) fn why_not(&self) -> Option<NoAnswer> {
        let (is_up, rest) = {
            let state = self.state();
            (state.outage.is_none(), state.rest)
        };
        match (is_up, rest) {
            (false, _) => Some(self.down()),
            (true, 0) => None,
            (true, _) => Some(self.slow()),
        }
    }

    /// Why it does not answer at present: its last failure since a check was answered.
    pub(super) fn outage(&self) -> Option<SourceError> {
        self.state().outage.clone()
    }

    pub(super) fn down(&self) -> NoAnswer {
        NoAnswer::Down(self.source.clone())
    }

    pub(super) fn slow(&self) -> NoAnswer {
        NoAnswer::Slow(self.source.clone())
    }

    /// That it is not asked for what a label without a counterpart selects.
    pub(super) fn not_mapped(&self, label: String) -> NoAnswer {
        NoAnswer::NotMapped { label, source_name: self.source.clone() }
    }

    fn show(&self, is_up: bool) {
        metrics::gauge!("flarepath_metrics_source_up", "source" => self.source.clone())
            .set(f64::from(u8::from(is_up)));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every step leaves it usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::{Debug, Write};
    use std::sync::Arc;
    use tracing::field::{Field, Visit};
    use tracing::{Event, Level, Subscriber};
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};

    /// Lines of the log that operators see.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<String>>>);

    struct Line(String);

    impl Visit for Line {
        fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
            write!(self.0, " {}={value:?}", field.name()).unwrap();
        }
    }

    impl<S: Subscriber> Layer<S> for Lines {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let level = *event.metadata().level();
            if level <= Level::INFO {
                let mut line = Line(level.to_string());
                event.record(&mut line);
                self.0.lock().unwrap().push(line.0);
            }
        }
    }

    /// What is logged meanwhile.
    fn logged(run: impl FnOnce()) -> Vec<String> {
        let lines = Lines::default();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines.clone()), run);
        let lines = lines.0.lock().unwrap();
        lines.clone()
    }

    fn unreachable() -> SourceError {
        SourceError::Unreachable("refused".to_owned())
    }

    #[test]
    fn an_outage_is_two_lines_with_name_and_kind() {
        let health = Health::new("prod");
        let lines = logged(|| {
            health.check_passed();
            (0..50).for_each(|_| health.failed(&unreachable()));
            health.failed(&SourceError::Denied(401));
            (0..3).for_each(|_| health.check_passed());
        });
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].starts_with("WARN") && lines[0].contains(r#"source="prod""#), "{lines:?}");
        assert!(lines[0].contains(r#"kind="unreachable""#), "{lines:?}");
        assert!(lines[1].contains("up again") && lines[1].contains(r#"source="prod""#), "{lines:?}");
    }

    #[test]
    fn only_a_check_ends_an_outage() {
        let health = Health::new("prod");
        assert_eq!(health.why_not(), None);
        health.failed(&unreachable());
        health.ran_in_time();
        assert_eq!(health.why_not(), Some(NoAnswer::Down("prod".to_owned())));
        assert_eq!(health.outage(), Some(unreachable()));
        health.check_passed();
        assert_eq!((health.why_not(), health.outage()), (None, None));
    }

    #[test]
    fn rejected_queries_are_no_outage() {
        let health = Health::new("prod");
        let rejected = || health.failed(&SourceError::BadQuery("parse error".to_owned()));
        assert_eq!(logged(rejected), [""; 0]);
        health.failed(&SourceError::TooLarge("samples".to_owned()));
        assert_eq!(health.why_not(), None);
    }

    #[test]
    fn a_slow_source_is_asked_more_and_more_rarely() {
        let health = Health::new("prod");
        let mut rests = Vec::new();
        let lines = logged(|| {
            for _ in 0..6 {
                (0..4).for_each(|_| health.ran_late());
                let mut checks = 0;
                while health.why_not().is_some() {
                    health.check_passed();
                    checks += 1;
                }
                rests.push(checks);
            }
            health.ran_in_time();
            health.ran_late();
        });
        assert_eq!(rests, [1, 2, 4, 8, 16, 16]);
        assert_eq!(health.why_not(), Some(NoAnswer::Slow("prod".to_owned())));
        assert_eq!(lines.len(), 2, "{lines:?}");
        health.check_passed();
        assert_eq!(health.why_not(), None, "a rest of one check again");
    }
}
