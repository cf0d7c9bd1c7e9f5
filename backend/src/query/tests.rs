//! Queries under load, on a store whose computations run until they are released or cancelled. The tests count; none
//! measures time.

use super::{Querier, QueryError, Question};
use crate::auth::{Grant, Kind, Principal, Role, Scope};
use crate::config::QueryConfig;
use crate::store::{
    MergedTree, PieceVisitor, ProfileStore, ProfileTimes, ProfileWriter, Selection, SeriesInfo, Storage,
    StoreError, TimeRange, TotalsSeries,
};
use crate::work::{CancelToken, Cancelled, QueueFull, Workers};
use async_trait::async_trait;
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Counts what its computations do.
#[derive(Default)]
struct Counts {
    /// The ends of the ranges of the questions whose computation began, in order.
    begun: Mutex<Vec<i64>>,
    running: AtomicUsize,
    cancelled: AtomicUsize,
    /// How many computations may still end.
    let_go: AtomicUsize,
    /// Whether they never look at their token.
    deaf: AtomicBool,
}

impl Counts {
    fn fold(&self, end: UnixNanos, cancel: &CancelToken) -> Result<(), Cancelled> {
        self.running.fetch_add(1, SeqCst);
        self.begun.lock().unwrap().push(end.0);
        let result = loop {
            if cancel.is_cancelled() && !self.deaf.load(SeqCst) {
                self.cancelled.fetch_add(1, SeqCst);
                break Err(Cancelled);
            }
            if self.let_go.fetch_update(SeqCst, SeqCst, |n| n.checked_sub(1)).is_ok() {
                break Ok(());
            }
            std::thread::yield_now();
        };
        self.running.fetch_sub(1, SeqCst);
        result
    }

    fn begun(&self) -> usize {
        self.begun.lock().unwrap().len()
    }
}

struct GatedStore {
    counts: Arc<Counts>,
    workers: Workers,
}

#[async_trait]
impl ProfileStore for GatedStore {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        let (counts, selection) = (self.counts.clone(), selection.clone());
        let fold = move || counts.fold(selection.range.end, &selection.cancel);
        self.workers.run(fold).await.map_err(|e| StoreError::Busy(e.to_string()))??;
        Ok(Vec::new())
    }

    async fn totals(
        &self,
        _: &Selection,
        _: &ProfileType,
        _: i64,
        _: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        Err(StoreError::Unsupported("totals"))
    }

    async fn call_tree(&self, _: &Selection, _: &ProfileType) -> Result<MergedTree, StoreError> {
        Err(StoreError::Unsupported("call trees"))
    }

    async fn each_total(
        &self,
        _: &Selection,
        _: &ProfileType,
        _: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        Err(StoreError::Unsupported("totals"))
    }

    async fn profile_times(&self, _: &Selection, _: &ProfileType) -> Result<ProfileTimes, StoreError> {
        Err(StoreError::Unsupported("totals"))
    }

    async fn each_piece(
        &self,
        _: &Selection,
        _: &ProfileType,
        _: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        Err(StoreError::Unsupported("totals"))
    }

    async fn profile(&self, _: &Selection, _: &ProfileType) -> Result<Profile, StoreError> {
        Err(StoreError::Unsupported("profiles"))
    }

    async fn has_service(&self, _: &str) -> Result<bool, StoreError> {
        Ok(true)
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl ProfileWriter for GatedStore {
    async fn append(&self, _: Vec<crate::store::NewProfile>) -> Result<(), StoreError> {
        Ok(())
    }
}

struct Bench {
    querier: Querier,
    counts: Arc<Counts>,
}

type Answer<'a> = BoxFuture<'a, Result<Arc<Vec<SeriesInfo>>, QueryError>>;

impl Bench {
    fn new(concurrency: usize, queue: usize, queue_per_caller: usize) -> Bench {
        Bench::of(&QueryConfig { concurrency, queue, queue_per_caller, ..QueryConfig::default() })
    }

    fn of(config: &QueryConfig) -> Bench {
        let counts = Arc::new(Counts::default());
        let store = GatedStore { counts: counts.clone(), workers: Workers::new(64) };
        Bench { querier: Querier::new(&Storage::exclusive("gated", Arc::new(store)), config), counts }
    }

    /// A question about a range of its own, which has begun to run or to wait.
    fn ask<'a>(&'a self, who: &'a Principal, end: i64) -> Answer<'a> {
        let mut asked = self.ask_at_all(who, end);
        assert!(asked.as_mut().now_or_never().is_none(), "question {end} runs or waits");
        asked
    }

    fn ask_at_all<'a>(&'a self, who: &'a Principal, end: i64) -> Answer<'a> {
        async move {
            self.querier.series(who, &Question::new(Default::default(), TimeRange::nanos(0, end))).await
        }
        .boxed()
    }

    /// Waits for something that must happen.
    async fn until(&self, condition: impl Fn(&Counts) -> bool) {
        while !condition(&self.counts) {
            tokio::task::yield_now().await;
        }
    }
}

fn user(id: &str) -> Principal {
    let grants = vec![Grant { role: Role::Viewer, scope: Scope::Everything }];
    Principal::new(Kind::User, id, id, Vec::new(), grants)
}

#[tokio::test]
async fn hanging_up_cancels_what_runs_and_forgets_what_waits() {
    let (bench, ann) = (Bench::new(2, 100, 100), user("ann"));
    let asked: Vec<Answer<'_>> = (1..=50).map(|end| bench.ask(&ann, end)).collect();
    bench.until(|counts| counts.begun() == 2).await;
    drop(asked);
    bench.until(|counts| counts.running.load(SeqCst) == 0).await;
    assert_eq!(bench.counts.cancelled.load(SeqCst), 2);
    bench.counts.let_go.store(2, SeqCst);
    let (first, second) = (bench.ask_at_all(&ann, 51), bench.ask_at_all(&ann, 52));
    let (first, second) = futures::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(bench.counts.begun(), 4, "of the 48 that waited none ran");
}

#[tokio::test]
async fn a_computation_that_goes_on_keeps_its_permit() {
    let (bench, ann) = (Bench::new(1, 100, 100), user("ann"));
    bench.counts.deaf.store(true, SeqCst);
    let abandoned = bench.ask(&ann, 1);
    bench.until(|counts| counts.begun() == 1).await;
    drop(abandoned);
    let next = bench.ask(&ann, 2);
    assert_eq!(bench.counts.begun(), 1, "the only permit is taken");
    bench.counts.let_go.store(2, SeqCst);
    assert!(next.await.is_ok());
    assert_eq!(bench.counts.begun(), 2);
}

#[tokio::test]
async fn equal_questions_are_computed_once_until_the_last_asker_leaves() {
    let (bench, ann, bob) = (Bench::new(4, 100, 100), user("ann"), user("bob"));
    let (first, second) = (bench.ask(&ann, 1), bench.ask(&bob, 1));
    bench.until(|counts| counts.begun() == 1).await;
    drop(first);
    bench.counts.let_go.store(1, SeqCst);
    assert!(second.await.is_ok());
    assert_eq!((bench.counts.begun(), bench.counts.cancelled.load(SeqCst)), (1, 0));

    let both = (bench.ask(&ann, 2), bench.ask(&bob, 2));
    bench.until(|counts| counts.begun() == 2).await;
    drop(both);
    bench.until(|counts| counts.cancelled.load(SeqCst) == 1).await;
}

#[tokio::test]
async fn a_caller_with_many_questions_delays_another_by_one() {
    let (bench, ann, bob) = (Bench::new(1, 100, 100), user("ann"), user("bob"));
    let mut asked: Vec<Answer<'_>> = (1..=9).map(|end| bench.ask(&ann, end)).collect();
    asked.push(bench.ask(&bob, 100));
    bench.counts.let_go.store(10, SeqCst);
    assert!(join_all(asked).await.iter().all(Result::is_ok));
    let order = bench.counts.begun.lock().unwrap().clone();
    assert_eq!(order, [1, 2, 100, 3, 4, 5, 6, 7, 8, 9]);
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let (bench, ann, bob) = (Bench::new(1, 3, 2), user("ann"), user("bob"));
    let refused = |who, end| bench.ask_at_all(who, end).now_or_never().expect("at once").unwrap_err();
    let _waiting = [bench.ask(&ann, 1), bench.ask(&ann, 2), bench.ask(&ann, 3)];
    assert!(matches!(refused(&ann, 4), QueryError::Busy(QueueFull::OfCaller(_))));
    let _also = bench.ask(&bob, 5);
    assert!(matches!(refused(&bob, 6), QueryError::Busy(QueueFull::InAll(_))));
    let same = bench.ask(&bob, 1);
    bench.counts.let_go.store(4, SeqCst);
    assert!(same.await.is_ok(), "an equal question needs no place of its own");
}

#[tokio::test]
async fn the_time_limit_cancels_what_runs_and_ends_what_waits() {
    let timeout = Duration::from_millis(1);
    let config = QueryConfig { timeout, concurrency: 1, ..QueryConfig::default() };
    let (bench, ann) = (Bench::of(&config), user("ann"));
    bench.counts.deaf.store(true, SeqCst);
    let runs = bench.ask_at_all(&ann, 1).await;
    assert!(matches!(runs, Err(QueryError::Timeout(_))));
    let waits = bench.ask_at_all(&ann, 2).await;
    assert!(matches!(waits, Err(QueryError::Waited(_))), "the computation still holds the permit");
    bench.counts.deaf.store(false, SeqCst);
    bench.until(|counts| counts.cancelled.load(SeqCst) == 1).await;
    assert_eq!(bench.counts.begun(), 1);
}

#[tokio::test]
async fn a_remote_store_that_takes_too_long_is_named() {
    let bench = Bench::of(&QueryConfig { timeout: Duration::from_millis(1), ..QueryConfig::default() });
    let bench = Bench { querier: bench.querier.named("prod".into()), ..bench };
    let Err(QueryError::Store { store, error: StoreError::Timeout(text) }) =
        bench.ask_at_all(&user("ann"), 1).await
    else {
        panic!("it is no timeout of the store")
    };
    assert_eq!(store.as_deref(), Some("prod"));
    assert!(text.starts_with("prod: "), "{text}");
}
