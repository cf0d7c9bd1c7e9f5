//! Answers a request for an overview, within the caller's bounds.
//!
//! 1. The last hour, for a caller who sees whole services only, by a selector of whole services: from the board, which is filtered by
//!    names. Nothing is read.
//! 2. Anything else is screened within the caller's bounds. Services that the caller sees whole have the board's verdict, if the range is
//!    the last hour. The others are judged within the bounds, those in whose turn it is first ([`super::turns`]), for at most two seconds
//!    and at most as many as a page has rows; the rest is pending, and is what the next request begins with. Where the order depends on
//!    verdicts, pages after the first have no new ones: rows would change places between two pages.

use super::activity::Activity;
use super::board::{Board, Snapshot, row};
use super::own::OwnKey;
use super::page::{Overview, Wanted};
use super::ranking::Sort;
use super::row::Row;
use super::screening::Screening;
use super::turns::{Attempt, turns};
use crate::auth::whole_services::{WholeServices, selects_whole_services};
use crate::auth::{Bounds, Permission, Principal};
use crate::query::{Querier, QueryError, Question};
use crate::selector::CompiledSelector;
use crate::store::{StoreError, TimeRange};
use crate::work::ANSWERS;
use flarepath_profile::labels::{Labels, SERVICE_NAME};
use flarepath_profile::unix_nanos::MINUTE_NS;
use futures::future::join_all;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// Time in which verdicts of a request begin.
const BUDGET: Duration = Duration::from_secs(2);
/// Verdicts of a request that are computed at the same time.
const AT_ONCE: usize = 2;
/// Time from one verdict in rotation to the next.
const REST_NS: i64 = 5 * MINUTE_NS;

/// A request that is answered within bounds.
struct Asking<'a> {
    querier: &'a Querier,
    who: &'a Principal,
    question: Question,
    bounds: Bounds,
    /// Whether the range is that of the board: the last hour, whenever that is.
    is_rolling: bool,
    /// The board, if services that the caller sees whole have its verdicts.
    board: Option<Arc<Snapshot>>,
    whole: Arc<WholeServices>,
}

impl Board {
    /// The rows that are wanted, of the services that the caller may see.
    pub(crate) async fn answer(
        &self,
        querier: &Querier,
        who: &Principal,
        wanted: Wanted,
    ) -> Result<Overview, QueryError> {
        let snapshot = self.snapshot(&wanted);
        let caller = who.clone();
        let whole = ANSWERS.run(move || WholeServices::of(&caller, Permission::ReadProfiles)).await?;
        let range = snapshot.as_ref().map_or(wanted.question.range, |known| known.screening.range);
        let is_rolling = snapshot.is_some();
        let board = snapshot.filter(|_| selects_whole_services(&wanted.question.selector));
        if let Some(board) = board.clone().filter(|_| !whole.has_parts()) {
            // Of services that were left out, some may be the only ones that the caller sees.
            if whole.are_all() || board.screening.left_out == 0 {
                return ANSWERS.run(move || from_board(&board, &whole, &wanted)).await?;
            }
        }
        let question = Question { range, ..wanted.question.clone() };
        let (bounds, whole) = (who.bounds(Permission::ReadProfiles), Arc::new(whole));
        let asking = Asking { querier, who, question, bounds, is_rolling, board, whole };
        self.within_bounds(&asking, wanted).await
    }

    /// Reads what the services do, and judges some of them.
    async fn within_bounds(&self, asking: &Asking<'_>, wanted: Wanted) -> Result<Overview, QueryError> {
        let screening = Arc::new(asking.querier.screening(asking.who, &asking.question).await?);
        let mut attempts = self.known(asking, &screening).await;
        let planned = {
            let (screening, attempts, wanted) = (screening.clone(), attempts.clone(), wanted.clone());
            let (is_rolling, now) = (asking.is_rolling, self.clock.now());
            let whole = asking.board.as_ref().map(|_| asking.whole.clone());
            move || {
                let is_boards = |service: &str| whole.as_ref().is_some_and(|whole| whole.includes(service));
                let rest_ns = if is_rolling { REST_NS } else { i64::MAX };
                let all = turns(&screening.services, |service| attempts.get(service), now, rest_ns);
                let shown = shown(&screening, &attempts, &wanted);
                let is_due = |activity: &&Arc<Activity>| {
                    let is_new = is_rolling || !attempts.contains_key(&activity.service);
                    is_new && !is_boards(&activity.service) && shown.contains(&activity.service)
                };
                let most = if wanted.keeps_places() { 0 } else { wanted.limit };
                all.into_iter().filter(is_due).take(most).cloned().collect::<Vec<_>>()
            }
        };
        let turns = ANSWERS.run(planned).await?;
        let failure = self.judge_within(asking, &turns, &mut attempts).await;
        let left_out = screening.left_out;
        let answer = move || {
            let rows = |activity: &Arc<Activity>| row(activity, attempts.get(&activity.service));
            let rows = screening.services.iter().map(rows).collect();
            Overview::of(rows, wanted.by_text(), &wanted, (screening.range, screening.step_ns))
        };
        let mut overview = ANSWERS.run(answer).await?;
        overview.notes.extend(failure.map(|error| why(&error)));
        overview.notes.extend(note_left_out(left_out));
        Ok(overview)
    }

    /// The attempts that are known already: the board's, or those within the same bounds.
    async fn known(&self, asking: &Asking<'_>, screening: &Screening) -> HashMap<String, Attempt> {
        let mut known = HashMap::new();
        for activity in &screening.services {
            tokio::task::consume_budget().await;
            let service = &activity.service;
            let board = asking.board.as_ref().filter(|_| asking.whole.includes(service));
            let attempt = match board {
                Some(board) => board.attempts.get(service).cloned(),
                None => self.own.get(&asking.key(service)).await,
            };
            known.extend(attempt.map(|attempt| (service.clone(), attempt)));
        }
        known
    }

    /// Judges services in their turns, until the time is up or one fails: why.
    async fn judge_within(
        &self,
        asking: &Asking<'_>,
        turns: &[Arc<Activity>],
        attempts: &mut HashMap<String, Attempt>,
    ) -> Option<QueryError> {
        let (begun, now) = (self.clock.elapsed(), self.clock.now());
        let mut failure = None;
        for some in turns.chunks(AT_ONCE) {
            if self.clock.elapsed().saturating_sub(begun) > BUDGET {
                break;
            }
            let Asking { querier, who, question, .. } = asking;
            let judged = some.iter().map(|activity| {
                let last = attempts.get(&activity.service).and_then(|last| last.judgement.clone());
                querier.judgement(who, question, activity, last, now)
            });
            let judged = join_all(judged).await;
            for (activity, judged) in some.iter().zip(judged) {
                let attempt = match judged {
                    Ok(found) => Attempt { at: now, judgement: Some(Arc::new(found)), is_failed: false },
                    Err(error) => {
                        failure = Some(error);
                        Attempt { at: now, judgement: None, is_failed: true }
                    }
                };
                self.own.insert(asking.key(&activity.service), attempt.clone()).await;
                attempts.insert(activity.service.clone(), attempt);
            }
            if failure.is_some() {
                break;
            }
        }
        failure
    }
}

impl Asking<'_> {
    fn key(&self, service: &str) -> OwnKey {
        let range: Option<TimeRange> = (!self.is_rolling).then_some(self.question.range);
        let (bounds, selector) = (self.bounds.clone(), self.question.selector.clone());
        OwnKey { bounds, selector, service: service.to_owned(), range }
    }
}

/// The rows of whole services, by the verdicts of the board.
fn from_board(snapshot: &Snapshot, whole: &WholeServices, wanted: &Wanted) -> Result<Overview, QueryError> {
    let selector = CompiledSelector::new(&wanted.question.selector)?;
    let by_text = wanted.by_text();
    let matches = |service: &str| {
        let labels: Labels = [(SERVICE_NAME, service)].into_iter().collect();
        selector.matches(&labels) && by_text(service)
    };
    let Screening { range, step_ns, left_out, .. } = *snapshot.screening;
    let rows = snapshot.rows(|service| whole.includes(service));
    let mut overview = Overview::of(rows, matches, wanted, (range, step_ns));
    overview.notes.extend(note_left_out(left_out));
    Ok(overview)
}

/// Services of which a verdict is wanted: where the order does not depend on verdicts, those of the page, and otherwise all that match.
fn shown(screening: &Screening, attempts: &HashMap<String, Attempt>, wanted: &Wanted) -> HashSet<String> {
    let matches = wanted.by_text();
    let of = |activity: &Arc<Activity>| row(activity, attempts.get(&activity.service));
    let rows: Vec<Row> = screening.services.iter().filter(|a| matches(&a.service)).map(of).collect();
    let name = |row: &Row| row.activity.service.clone();
    match wanted.sort {
        Sort::Attention | Sort::Change => rows.iter().map(name).collect(),
        Sort::Cores | Sort::Name => {
            let page = Overview::of(rows, |_| true, wanted, (screening.range, screening.step_ns));
            page.rows.iter().map(name).collect()
        }
    }
}

/// Why there are not more verdicts. Causes are logged and not sent.
fn why(error: &QueryError) -> String {
    let reason = match error {
        QueryError::Busy(_) | QueryError::Waited(_) | QueryError::Refused(_) => "the server is busy",
        QueryError::Timeout(_) | QueryError::Store { error: StoreError::Timeout(_), .. } => {
            "computing a verdict took too long"
        }
        _ => {
            tracing::warn!(%error, "a verdict of an overview failed");
            "computing a verdict failed"
        }
    };
    format!("{reason}: more verdicts follow with the next request")
}

fn note_left_out(services: usize) -> Option<String> {
    (services > 0)
        .then(|| format!("{services} services are left out: an overview has the first 20 000 by name"))
}
