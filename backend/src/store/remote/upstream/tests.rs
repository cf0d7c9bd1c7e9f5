//! Calls to stores that answer by script. Time is tokio's, which is paused and passes while everyone waits; the breaker has a
//! clock that the tests turn.

use super::*;
use crate::clock::ManualClock;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::FutureExt;
use std::cell::Cell;
use std::sync::LazyLock;

const SECOND: Duration = Duration::from_secs(1);
/// Of a caller who stays.
static NEVER: LazyLock<CancelToken> = LazyLock::new(CancelToken::default);

struct Guarded {
    upstream: Arc<Upstream>,
    clock: Arc<ManualClock>,
}

fn guarded() -> Guarded {
    let clock = Arc::new(ManualClock::at(UnixNanos(1_000)));
    let config = RemoteStoreConfig { concurrency: 1, ..RemoteStoreConfig::at("http://prod") };
    Guarded { upstream: Upstream::new("prod", &config, clock.clone()), clock }
}

fn down() -> Failure {
    Failure::down(StoreError::Unreachable("connection refused".to_owned()))
}

impl Guarded {
    /// A read whose attempts end as `script` says, and how many there were.
    async fn read(&self, script: impl Fn(usize) -> Result<u8, Failure>) -> (Result<u8, String>, usize) {
        let attempts = Cell::new(0);
        let answer = self.upstream.read("series", &NEVER, || {
            attempts.set(attempts.get() + 1);
            std::future::ready(script(attempts.get()))
        });
        let answer = answer.await.map_err(|error| error.to_string());
        (answer, attempts.get())
    }
}

#[tokio::test(start_paused = true)]
async fn reads_of_a_store_that_is_down_are_repeated_twice() {
    let store = guarded();
    let third = store.read(|attempt| if attempt < 3 { Err(down()) } else { Ok(7) }).await;
    assert_eq!(third, (Ok(7), 3));
    let never = store.read(|_| Err(down())).await;
    assert_eq!(never, (Err("the store cannot be reached: prod: connection refused".to_owned()), 3));
    let health = store.upstream.health();
    assert_eq!((health.requests, health.errors, health.is_down), (6, 5, false));
    let (at, text) = health.last_error.unwrap();
    assert_eq!((at, text.as_str()), (UnixNanos(1_000), "the store cannot be reached: connection refused"));
}

#[tokio::test(start_paused = true)]
async fn what_would_fail_again_is_not_repeated() {
    let store = guarded();
    let refused = || Failure::refused(StoreError::TooLarge("9 bytes".to_owned()));
    for _ in 0..9 {
        assert_eq!(store.read(|_| Err(refused())).await.1, 1);
    }
    assert!(!store.upstream.health().is_down, "it answers");
    let write = store.upstream.write::<(), _>("push", std::future::ready(Err(down()))).await;
    assert_eq!(write.unwrap_err().to_string(), "the store cannot be reached: prod: connection refused");
    assert_eq!(store.upstream.health().requests, 10);
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_a_store_asks_for_is_kept_within_the_time() {
    let store = guarded();
    let after = |pause: Duration| Failure { retry_after: Some(pause), ..down() };
    let began = Instant::now();
    assert_eq!(
        store.read(|attempt| if attempt == 1 { Err(after(20 * SECOND)) } else { Ok(7) }).await,
        (Ok(7), 2)
    );
    assert!(began.elapsed() >= 20 * SECOND);
    let began = Instant::now();
    assert_eq!(store.read(|_| Err(after(31 * SECOND))).await.1, 1);
    assert!(began.elapsed() < SECOND, "no one waits in vain");
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_times_out_and_is_left_alone_after_five_times() {
    let store = guarded();
    let hang = || store.upstream.read("series", &NEVER, std::future::pending::<Result<u8, Failure>>);
    for _ in 0..5 {
        let error = hang().await.unwrap_err();
        assert_eq!(error.to_string(), "the store did not answer in time: prod: no answer within 30s");
    }
    let began = Instant::now();
    assert!(hang().await.unwrap_err().to_string().contains("prod: not asked for a while"));
    assert!(began.elapsed() < SECOND && store.upstream.health().is_down);
    store.clock.advance(5 * SECOND);
    assert_eq!(store.read(|_| Ok(7)).await, (Ok(7), 1));
    assert!(!store.upstream.health().is_down);
}

#[tokio::test(start_paused = true)]
async fn repetitions_end_when_the_breaker_opens() {
    let store = guarded();
    assert_eq!(store.read(|_| Err(down())).await.1, 3);
    let (last, attempts) = store.read(|_| Err(down())).await;
    assert_eq!(attempts, 2);
    assert!(last.unwrap_err().ends_with("connection refused"));
    assert_eq!(store.read(|_| Ok(7)).await.1, 0);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_ends_at_once_and_gives_its_permit_back() {
    let store = guarded();
    let cancel = CancelToken::default();
    let mut call =
        Box::pin(store.upstream.read("series", &cancel, std::future::pending::<Result<u8, Failure>>));
    assert!(call.as_mut().now_or_never().is_none());
    cancel.cancel();
    assert!(matches!(call.await, Err(StoreError::Busy(_))));
    assert_eq!(store.read(|_| Ok(7)).await, (Ok(7), 1));
    let health = store.upstream.health();
    assert_eq!((health.requests, health.errors), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_its_caller_gives_up_at_the_end_of_its_time_is_a_timeout() {
    let store = guarded();
    for (waited, errors) in [(26 * SECOND, 0), (27 * SECOND, 1)] {
        let mut call =
            Box::pin(store.upstream.read("series", &NEVER, std::future::pending::<Result<u8, Failure>>));
        assert!(call.as_mut().now_or_never().is_none());
        store.clock.advance(waited);
        drop(call);
        assert_eq!(store.upstream.health().errors, errors, "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_its_turn_for_a_limited_time() {
    let store = guarded();
    let mut running =
        Box::pin(store.upstream.read("series", &NEVER, std::future::pending::<Result<u8, Failure>>));
    assert!(running.as_mut().now_or_never().is_none());
    let (waited, attempts) = store.read(|_| Ok(7)).await;
    assert!(waited.unwrap_err().starts_with("the store is busy: prod: "), "its one permit is taken");
    assert_eq!((attempts, store.upstream.health().errors), (0, 0));
    drop(running);
    assert_eq!(store.read(|_| Ok(7)).await, (Ok(7), 1));
}

#[tokio::test(start_paused = true)]
async fn times_to_an_answer_are_those_of_the_clock() {
    let store = guarded();
    let slow = store.upstream.read("series", &NEVER, || async {
        store.clock.advance(2 * SECOND);
        Ok::<u8, Failure>(7)
    });
    assert_eq!(slow.await.unwrap(), 7);
    store.upstream.set_version("2.2.1");
    let health = store.upstream.health();
    assert_eq!((health.latency_p50, health.latency_p95), (Some(2 * SECOND), Some(2 * SECOND)));
    assert_eq!(health.version.as_deref(), Some("2.2.1"));
}
