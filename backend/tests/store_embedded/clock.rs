//! Retention under a clock that is wrong: nothing goes because of it.

use super::{BASE, DAY, MINUTE, manual, profile, total};
use flarepath::clock::{ManualClock, SettledClock};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{ProfileStore, ProfileWriter, Retention};
use flarepath_profile::unix_nanos::UnixNanos;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const ONE_DAY: Duration = Duration::from_secs(86_400);
const HOUR: Duration = Duration::from_secs(3_600);

/// All data is gone after two days.
fn two_days() -> Retention {
    Retention { raw: ONE_DAY * 2, five_minutes: ONE_DAY * 2, hours: ONE_DAY * 2, days: ONE_DAY * 2 }
}

struct Server {
    store: Arc<EmbeddedStore>,
    clock: Arc<ManualClock>,
    settled: Arc<SettledClock>,
}

impl Server {
    /// A start with the clock at `now`.
    async fn start(dir: &Path, now: i64) -> Server {
        let clock = Arc::new(ManualClock::at(UnixNanos(now)));
        let settled = Arc::new(SettledClock::open(dir, clock.clone()));
        let options = EmbeddedOptions { clock: settled.clone(), ..manual() };
        let store = EmbeddedStore::open(dir, options).await.unwrap();
        Server { store, clock, settled }
    }

    /// What the background task does every ten minutes.
    async fn apply_retention(&self) -> i64 {
        self.store.apply_retention(two_days(), self.settled.now()).await.unwrap();
        total(&self.store, 0, i64::MAX).await
    }
}

/// Four days with one profile an hour.
async fn filled(dir: &Path) {
    let server = Server::start(dir, BASE + 4 * DAY).await;
    let batch = (0..96).map(|hour| profile(BASE + hour * 60 * MINUTE, 1)).collect();
    server.store.append(batch).await.unwrap();
    server.store.fold_all().await.unwrap();
    server.store.close().await.unwrap();
}

#[tokio::test]
async fn ages_count_from_the_newest_profile_if_the_clock_is_later() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let server = Server::start(dir.path(), BASE + 4 * DAY).await;
    server.store.apply_retention(two_days(), UnixNanos(BASE + 500 * DAY)).await.unwrap();
    assert_eq!(total(&server.store, 0, i64::MAX).await, 72, "the last profile is of the fourth day");
}

#[tokio::test]
async fn after_a_jump_nothing_is_dropped_for_an_hour_then_a_day_an_hour() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let server = Server::start(dir.path(), BASE + 500 * DAY).await;
    // Such as this server's own profile, which has the time of the clock.
    server.store.append(vec![profile(BASE + 500 * DAY, 1000)]).await.unwrap();
    assert_eq!(server.apply_retention().await, 1072);
    assert!(server.settled.warning().unwrap().contains("jumped ahead by 496 days"));
    server.clock.advance(HOUR - Duration::from_secs(1));
    assert_eq!(server.apply_retention().await, 1072);
    server.clock.advance(Duration::from_secs(1));
    for left in [1048, 1024, 1000, 1000] {
        assert_eq!(server.apply_retention().await, left);
        server.clock.advance(HOUR);
    }
}

#[tokio::test]
async fn what_was_stored_ahead_is_kept_and_listed_once_the_clock_is_right() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path()).await;
    let server = Server::start(dir.path(), BASE + 4 * DAY).await;
    server.store.append(vec![profile(BASE + 500 * DAY, 1000)]).await.unwrap();
    assert_eq!(server.apply_retention().await, 1048);
    server.store.look_ahead().await.unwrap();
    let warnings = server.store.warnings();
    assert!(warnings[0].starts_with("1 stored profile has a time in the future"), "{warnings:?}");
    server.clock.set(UnixNanos(BASE + 500 * DAY));
    server.store.look_ahead().await.unwrap();
    assert!(server.store.warnings().is_empty());
}
