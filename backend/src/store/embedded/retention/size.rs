//! Drops the oldest and finest data when the store is larger than it may be, whatever its age.
//!
//! Single profiles first, oldest first, by the hour; when none are left, 5-minute blocks, then 1-hour blocks, then everything of
//! the oldest days, by the day. The current hour and the current day stay. The rules are those of retention by age: a level goes
//! only where the next wider holds it, and no step is taken over profiles that folding has not reached.
//!
//! What counts are the pages in use and room for the log: free pages are given back afterwards, and a log that a reader
//! keeps from being truncated would not get shorter by dropping data.

use super::super::EmbeddedStore;
use super::super::change::Change;
use super::super::space;
use super::super::window::{WIDEST, width, window};
use super::{drop_before, newest_stored};
use crate::store::{DiskUsage, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::sqlite::SqliteConnection;

/// Usual length of the log while profiles arrive, and the part of a small limit that is kept for it.
const LOG_ROOM: u64 = 32 << 20;
const LOG_PART: u64 = 8;
/// Steps in a row; then folding has its turn.
const STEPS: usize = 100;
/// The level whose windows are the steps of each level.
const STEP: [usize; WIDEST + 1] = [2, WIDEST, WIDEST, WIDEST];

/// Bytes that the pages in use may take of `max_size`.
pub(in super::super) fn target(max_size: u64) -> u64 {
    max_size - LOG_ROOM.min(max_size / LOG_PART)
}

/// Start of the step of `level` that holds `ns`.
pub(super) fn step(level: usize, ns: i64) -> i64 {
    window(STEP[level], ns)
}

/// Nanoseconds that a step of `level` spans.
pub(super) fn step_width(level: usize) -> i64 {
    width(STEP[level])
}

/// Drops data until the pages in use are within [`target`], as far as there is anything to drop at `now`. Returns what they take
/// afterwards.
pub(in super::super) async fn enforce(
    store: &EmbeddedStore,
    max_size: u64,
    now: UnixNanos,
) -> Result<u64, StoreError> {
    let _turn = store.upkeep.lock().await;
    let used_before = usage(store).await?.used;
    if used_before <= target(max_size) {
        return Ok(used_before);
    }
    let now_ns = present(store, now).await?;
    let (mut used, mut steps) = (used_before, 0);
    while used > target(max_size) && steps < STEPS {
        let Some((level, before_ns)) = next(store, now_ns).await? else { break };
        for finer in 0..level {
            // Nothing is left of them there, and a wider level is never dropped further than a finer one.
            if before_ns > store.dropped_before(finer) {
                store.change(Change::Dropped { level: finer, before_ns }).await?;
                store.set_dropped_before(finer, before_ns);
            }
        }
        drop_before(store, level, before_ns).await?;
        (used, steps) = (usage(store).await?.used, steps + 1);
    }
    if steps > 0 {
        tracing::info!(steps, used_before, used, max_size, "dropped the oldest data: retention.max_size");
    }
    Ok(used)
}

/// The time up to which data may be dropped: that of the newest profile, or `now` if it is earlier.
async fn present(store: &EmbeddedStore, now: UnixNanos) -> Result<i64, StoreError> {
    Ok(newest_stored(store).await?.map_or(i64::MIN, |newest| newest.min(now).0))
}

async fn usage(store: &EmbeddedStore) -> Result<DiskUsage, StoreError> {
    let measured = async { space::measure(&mut *store.readers.acquire().await?, &store.dir).await };
    measured.await.map_err(|e| store.error(e))?
}

/// The next step: a level, and the time before which it is dropped. `None` when there is none, or folding is behind.
async fn next(store: &EmbeddedStore, now_ns: i64) -> Result<Option<(usize, i64)>, StoreError> {
    let next = async {
        let mut connection = store.readers.acquire().await?;
        for (level, sql) in OLDEST.into_iter().enumerate() {
            let oldest =
                sqlx::query_scalar(sql).bind(step(level, now_ns)).fetch_one(&mut *connection).await?;
            let Some(oldest): Option<i64> = oldest else { continue };
            let before_ns = step(level, oldest).saturating_add(step_width(level));
            let waiting = unfolded_since(&mut connection, step(0, now_ns)).await?;
            return Ok(may_go(level, before_ns, waiting).then_some((level, before_ns)));
        }
        Ok(None)
    };
    next.await.map_err(|e| store.error(e))
}

/// Whether a step may be taken while profiles wait for folding since a time. Once they are folded, dropping single ones may be
/// enough.
pub(super) fn may_go(level: usize, before_ns: i64, waiting: Option<i64>) -> bool {
    waiting.is_none_or(|since| level == 0 && before_ns <= since)
}

/// The smallest number that a query finds in any service.
macro_rules! least_of_services {
    ($query:literal) => {
        concat!("SELECT min(at) FROM (SELECT (", $query, ") AS at FROM service s)")
    };
}

/// Start of the oldest data of each level that may be dropped, before `?1`: folded profiles, windows inside a sealed wider one,
/// windows.
const OLDEST: [&str; WIDEST + 1] = [
    least_of_services!(
        "SELECT p.start_ns FROM profile p INDEXED BY profile_by_time WHERE p.service_id = s.id AND p.start_ns < ?1 \
         AND NOT EXISTS (SELECT 1 FROM unfolded u WHERE u.service_id = s.id AND u.start_ns = p.start_ns AND u.profile_id = p.id) \
         ORDER BY p.start_ns LIMIT 1"
    ),
    least_of_services!(
        "SELECT a.start_ns FROM sealed a WHERE a.service_id = s.id AND a.level = 1 AND a.start_ns < ?1 AND EXISTS (SELECT 1 \
         FROM sealed b WHERE b.service_id = s.id AND b.level = 2 AND b.start_ns = a.start_ns - a.start_ns % 3600000000000) \
         ORDER BY a.start_ns LIMIT 1"
    ),
    least_of_services!(
        "SELECT a.start_ns FROM sealed a WHERE a.service_id = s.id AND a.level = 2 AND a.start_ns < ?1 AND EXISTS (SELECT 1 \
         FROM sealed b WHERE b.service_id = s.id AND b.level = 3 AND b.start_ns = a.start_ns - a.start_ns % 86400000000000) \
         ORDER BY a.start_ns LIMIT 1"
    ),
    least_of_services!("SELECT min(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.start_ns < ?1"),
];

/// Start of the first profile before a time that folding has not reached: it is in no sealed window. Late profiles of sealed
/// windows do not count; they stay when the other profiles of their window go.
pub(super) async fn unfolded_since(
    connection: &mut SqliteConnection,
    before_ns: i64,
) -> Result<Option<i64>, sqlx::Error> {
    const FIRST: &str = least_of_services!(
        "SELECT u.start_ns FROM unfolded u WHERE u.service_id = s.id AND u.start_ns < ?1 \
         AND NOT EXISTS (SELECT 1 FROM sealed w WHERE w.service_id = s.id AND w.level = 1 \
         AND w.start_ns = u.start_ns - u.start_ns % 300000000000) \
         AND NOT EXISTS (SELECT 1 FROM sealed w WHERE w.service_id = s.id AND w.level = 2 \
         AND w.start_ns = u.start_ns - u.start_ns % 3600000000000) \
         AND NOT EXISTS (SELECT 1 FROM sealed w WHERE w.service_id = s.id AND w.level = 3 \
         AND w.start_ns = u.start_ns - u.start_ns % 86400000000000) ORDER BY u.start_ns LIMIT 1"
    );
    sqlx::query_scalar(FIRST).bind(before_ns).fetch_one(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_has_its_room_within_the_limit() {
        assert_eq!(target(64 << 20), 56 << 20);
        assert_eq!(target(20 << 30), (20 << 30) - LOG_ROOM);
        assert_eq!(target(0), 0);
    }

    #[test]
    fn profiles_that_wait_for_folding_hold_back_what_is_newer_or_wider() {
        assert!(may_go(0, 100, None) && may_go(3, 100, None));
        assert!(may_go(0, 100, Some(100)));
        assert!(!may_go(0, 100, Some(99)) && !may_go(1, 100, Some(500)));
    }

    #[test]
    fn steps_cut_no_window_of_the_next_wider_level() {
        for level in 0..WIDEST {
            assert_eq!(step_width(level) % width(level + 1), 0);
        }
        assert_eq!(step(0, 3 * step_width(0) + 1), 3 * step_width(0));
    }
}
