//! The board: the overview of the last hour over all profiles, kept in memory and refreshed each minute by a job.
//!
//! A refresh screens all services, and judges those whose turn it is ([`super::turns`]), one after the other, for as long as its budget
//! lasts: verdicts begin within 1 s of each minute. Reads of one verdict that run at the same time and the screening come on top. When
//! the server is busy, the job gives way to callers.
//!
//! Memory: three screenings of at most 20 000 services, each with 30 intervals, and one judgement a service, which snapshots share.

use super::activity::Activity;
use super::judgement::Judgement;
use super::own::OwnJudgements;
use super::page::Wanted;
use super::row::Row;
use super::screening::Screening;
use super::turns::{Attempt, turns};
use crate::auth::{Grant, Kind, Principal, Role, Scope};
use crate::clock::Clock;
use crate::query::{Querier, QueryError, Question};
use crate::store::{StoreError, TimeRange};
use crate::work::ANSWERS;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::{HOUR_NS, MINUTE_NS, SECOND_NS};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Length of the range of the board.
const LENGTH: Duration = Duration::from_secs(3600);
/// Time in which verdicts of a refresh begin.
const BUDGET: Duration = Duration::from_millis(1000);
/// Verdicts of a refresh at most.
const MOST_TURNS: usize = 40;
/// Time from one verdict in rotation to the next.
const REST_NS: i64 = 2 * MINUTE_NS;
/// Snapshots kept, so that pages of one that was begun continue.
const KEPT: usize = 3;
/// A board that was not refreshed for this long is not shown.
const OLDEST_NS: i64 = 3 * MINUTE_NS;

/// The overview of the last hour over all profiles.
pub(crate) struct Board {
    /// With a small cache of its own, so that what is read once a minute does not displace what people look at.
    querier: Querier,
    pub(super) clock: Arc<dyn Clock>,
    /// May read all profiles, and has a place of its own in queues.
    who: Principal,
    /// The oldest first.
    snapshots: Mutex<VecDeque<Arc<Snapshot>>>,
    /// Judgements for callers who see parts of services, and for other ranges.
    pub(super) own: OwnJudgements,
}

/// The board at a time.
pub(super) struct Snapshot {
    pub(super) screening: Arc<Screening>,
    /// By service.
    pub(super) attempts: Arc<HashMap<String, Attempt>>,
}

impl Board {
    /// A board that reads by `querier`. Empty until it is refreshed.
    pub(crate) fn new(querier: Querier, clock: Arc<dyn Clock>) -> Board {
        let grants = vec![Grant { role: Role::Viewer, scope: Scope::Everything }];
        let who = Principal::new(Kind::ServiceAccount, "overview", "overview", Vec::new(), grants);
        Board { querier, clock, who, snapshots: Mutex::default(), own: OwnJudgements::new() }
    }

    /// Computes it anew. A store that does not tell single profiles apart has no overview.
    pub(crate) async fn refresh(&self) -> Result<(), QueryError> {
        let end = self.clock.now();
        let question = Question::new(Selector::default(), TimeRange { start: end.minus(LENGTH), end });
        let screening = match self.querier.screening(&self.who, &question).await {
            Err(QueryError::Store { error: StoreError::Unsupported(_), .. }) => return Ok(()),
            found => Arc::new(found?),
        };
        let (previous, services) = (self.snapshots().back().cloned(), screening.clone());
        let planned = move || {
            let attempts = carried_over(previous.as_deref(), &services);
            let all = turns(&services.services, |service| attempts.get(service), end, REST_NS);
            let turns: Vec<Arc<Activity>> = all.into_iter().take(MOST_TURNS).cloned().collect();
            (Arc::new(attempts), turns)
        };
        let (attempts, turns) = ANSWERS.run(planned).await?;
        self.publish(Snapshot { screening: screening.clone(), attempts: attempts.clone() });
        let new = self.judge(&question, &turns, &attempts).await;
        let updated = move || {
            let mut all = HashMap::clone(&attempts);
            all.extend(new);
            Arc::new(all)
        };
        let attempts = ANSWERS.run(updated).await?;
        self.publish(Snapshot { screening, attempts });
        Ok(())
    }

    /// Judges services in their turns, until the budget is used up or the server is busy.
    async fn judge(
        &self,
        question: &Question,
        turns: &[Arc<Activity>],
        before: &HashMap<String, Attempt>,
    ) -> Vec<(String, Attempt)> {
        let (begun, at) = (self.clock.elapsed(), question.range.end);
        let (mut attempts, mut failures) = (Vec::new(), Vec::new());
        for activity in turns {
            if self.clock.elapsed().saturating_sub(begun) > BUDGET {
                break;
            }
            let last = before.get(&activity.service).and_then(|last| last.judgement.clone());
            let judged = self.querier.judgement(&self.who, question, activity, last.clone(), at).await;
            let attempt = match judged {
                Ok(found) => Attempt { at, judgement: Some(Arc::new(found)), is_failed: false },
                Err(QueryError::Busy(_) | QueryError::Waited(_) | QueryError::Refused(_)) => break,
                Err(error) => {
                    failures.push(error);
                    Attempt { at, judgement: last, is_failed: true }
                }
            };
            attempts.push((activity.service.clone(), attempt));
        }
        if let Some(error) = failures.first() {
            tracing::warn!(count = failures.len(), %error, "verdicts of the overview failed; they will be tried again");
        }
        attempts
    }

    /// Replaces the snapshot of the same time, if there is one.
    fn publish(&self, snapshot: Snapshot) {
        let mut snapshots = self.snapshots();
        let end = snapshot.screening.range.end;
        snapshots.retain(|known| known.screening.range.end != end);
        snapshots.push_back(Arc::new(snapshot));
        while snapshots.len() > KEPT {
            snapshots.pop_front();
        }
    }

    /// The snapshot that a request for the last hour is answered from: that of its cursor, or the newest.
    pub(super) fn snapshot(&self, wanted: &Wanted) -> Option<Arc<Snapshot>> {
        let (now, range) = (self.clock.now(), wanted.question.range);
        let is_hour = (range.length_ns() - HOUR_NS).abs() <= SECOND_NS;
        if !is_hour || now.nanos_since(range.end).abs() > MINUTE_NS {
            return None;
        }
        let snapshots = self.snapshots();
        let begun = wanted
            .cursor
            .as_ref()
            .and_then(|cursor| snapshots.iter().find(|snapshot| snapshot.screening.range.end == cursor.end));
        let is_fresh = |snapshot: &&Arc<Snapshot>| {
            let age = now.nanos_since(snapshot.screening.range.end);
            (0..=OLDEST_NS).contains(&age)
        };
        begun.or_else(|| snapshots.back().filter(is_fresh)).cloned()
    }

    fn snapshots(&self) -> MutexGuard<'_, VecDeque<Arc<Snapshot>>> {
        // Every step leaves the list usable.
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    /// The rows of some services.
    pub(super) fn rows(&self, includes: impl Fn(&str) -> bool) -> Vec<Row> {
        let services = self.screening.services.iter().filter(|activity| includes(&activity.service));
        services.map(|activity| row(activity, self.attempts.get(&activity.service))).collect()
    }
}

/// The row of a service with its last attempt at a verdict.
pub(super) fn row(activity: &Arc<Activity>, attempt: Option<&Attempt>) -> Row {
    let judgement: Option<Arc<Judgement>> = attempt.and_then(|attempt| attempt.judgement.clone());
    Row::new(activity.clone(), judgement, attempt.is_some_and(|attempt| attempt.is_failed))
}

/// The attempts at services that there still are.
fn carried_over(previous: Option<&Snapshot>, screening: &Screening) -> HashMap<String, Attempt> {
    let names: HashSet<&str> = screening.services.iter().map(|activity| activity.service.as_str()).collect();
    let known = previous.into_iter().flat_map(|previous| previous.attempts.iter());
    let kept = known.filter(|(service, _)| names.contains(service.as_str()));
    kept.map(|(service, attempt)| (service.clone(), attempt.clone())).collect()
}
