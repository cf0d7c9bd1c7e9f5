//! Drops old data, level by level, in small transactions.
//!
//! A level's data is dropped only where the next wider level holds it: folded profiles are in sealed 5-minute windows;
//! a narrower window goes only when the window around it is sealed. The time before which a level was dropped is
//! recorded first: from then on a query whose edge falls into such a window takes the whole window, if it starts in the range.
//! The freed pages are reused, or given back to the file system ([`super::space`]).
//!
//! [`size`] drops more when the store is larger than it may be; [`plan`] tells what both would drop.
//!
//! Ages count from the newest stored profile, or from the settled clock if that is earlier: a clock that runs ahead makes
//! nothing old, and a store that gets no more profiles keeps the last ones.

pub(crate) mod plan;
mod size;
#[cfg(test)]
mod tests;

pub(super) use size::{enforce, target};

use super::change::Change;
use super::window::{WIDEST, width, window};
use super::{EmbeddedStore, blocking};
use crate::store::{Retention, StoreError};
use flarepath_profile::unix_nanos::UnixNanos;
use sqlx::sqlite::SqliteConnection;
use std::time::Duration;

/// For each level the time before which it was dropped.
pub(super) async fn load(connection: &mut SqliteConnection) -> Result<[i64; WIDEST + 1], sqlx::Error> {
    let mut before = [i64::MIN; WIDEST + 1];
    let rows: Vec<(i64, i64)> =
        sqlx::query_as("SELECT level, before_ns FROM dropped").fetch_all(connection).await?;
    for (level, before_ns) in rows {
        if let Some(slot) = usize::try_from(level).ok().and_then(|l| before.get_mut(l)) {
            *slot = before_ns;
        }
    }
    Ok(before)
}

/// Start of the newest profile of any service, by one look into the index a service; `None` in an empty store.
pub(super) async fn newest(connection: &mut SqliteConnection) -> Result<Option<UnixNanos>, sqlx::Error> {
    let newest: Option<i64> = sqlx::query_scalar(
        "SELECT max(coalesce( \
             (SELECT max(p.start_ns) FROM profile p WHERE p.service_id = s.id), \
             (SELECT max(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 1), \
             (SELECT max(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 2), \
             (SELECT max(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 3))) FROM service s",
    )
    .fetch_one(connection)
    .await?;
    Ok(newest.map(UnixNanos))
}

/// Start of the oldest window or profile of any service.
pub(super) async fn oldest(connection: &mut SqliteConnection) -> Result<Option<UnixNanos>, sqlx::Error> {
    let oldest: Option<i64> = sqlx::query_scalar(
        "SELECT min(at) FROM (SELECT (SELECT min(p.start_ns) FROM profile p WHERE p.service_id = s.id) AS at FROM service s \
         UNION ALL SELECT (SELECT min(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 1) FROM service s \
         UNION ALL SELECT (SELECT min(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 2) FROM service s \
         UNION ALL SELECT (SELECT min(w.start_ns) FROM sealed w WHERE w.service_id = s.id AND w.level = 3) FROM service s)",
    )
    .fetch_one(connection)
    .await?;
    Ok(oldest.map(UnixNanos))
}

/// Drops what is older than its level's age at `now`.
pub(super) async fn apply(
    store: &EmbeddedStore,
    retention: Retention,
    now: UnixNanos,
) -> Result<(), StoreError> {
    let _turn = store.upkeep.lock().await;
    let Some(newest) = newest_stored(store).await? else { return Ok(()) };
    let now = now.min(newest);
    for (level, age) in ages(retention).into_iter().enumerate() {
        let before_ns = cutoff(now, age);
        if before_ns <= store.dropped_before(level) {
            continue;
        }
        drop_before(store, level, before_ns).await?;
    }
    Ok(())
}

/// Start of the newest profile that was ever stored, without a look into the database.
async fn newest_stored(store: &EmbeddedStore) -> Result<Option<UnixNanos>, StoreError> {
    let registry = store.registry.clone();
    blocking(move || registry.newest()).await
}

/// Records that a level is dropped before a time, and drops it.
async fn drop_before(store: &EmbeddedStore, level: usize, before_ns: i64) -> Result<(), StoreError> {
    if before_ns > store.dropped_before(level) {
        store.change(Change::Dropped { level, before_ns }).await?;
        store.set_dropped_before(level, before_ns);
    }
    for service in store.registry.services() {
        match level {
            0 => drop_profiles(store, service, before_ns).await?,
            WIDEST => drop_all(store, service, before_ns).await?,
            _ => drop_blocks(store, service, level, before_ns).await?,
        }
    }
    Ok(())
}

/// The age at which each level is dropped.
fn ages(retention: Retention) -> [Duration; WIDEST + 1] {
    [retention.raw, retention.five_minutes, retention.hours, retention.days]
}

/// Ages are rounded up to whole days, so that no window is cut.
fn cutoff(now: UnixNanos, age: Duration) -> i64 {
    window(WIDEST, now.minus(age).0)
}

async fn drop_profiles(store: &EmbeddedStore, service: i64, before_ns: i64) -> Result<(), StoreError> {
    let sql = "SELECT min(start_ns) FROM profile WHERE service_id = ?1 AND start_ns >= ?3 AND start_ns < ?4";
    let mut at = i64::MIN;
    while let Some(first) = first(store, sql, service, 0, at, before_ns).await? {
        let (from_ns, to_ns) = (window(1, first), window(1, first).saturating_add(width(1)));
        store.drop_data(Change::DropProfiles { service, from_ns, to_ns }, to_ns).await?;
        at = to_ns;
    }
    Ok(())
}

async fn drop_blocks(
    store: &EmbeddedStore,
    service: i64,
    level: usize,
    before_ns: i64,
) -> Result<(), StoreError> {
    let sql = "SELECT min(start_ns) FROM sealed WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ?";
    let mut at = i64::MIN;
    while let Some(from_ns) = first(store, sql, service, level + 1, at, before_ns).await? {
        let to_ns = from_ns.saturating_add(width(level + 1));
        store.drop_data(Change::DropBlocks { service, level, from_ns, to_ns }, to_ns).await?;
        at = to_ns;
    }
    Ok(())
}

/// Drops every level, and what was never folded.
async fn drop_all(store: &EmbeddedStore, service: i64, before_ns: i64) -> Result<(), StoreError> {
    for level in 1..=WIDEST {
        let sql = "SELECT min(start_ns) FROM sealed WHERE service_id = ? AND level = ? AND start_ns >= ? AND start_ns < ?";
        let mut at = i64::MIN;
        while let Some(first) = first(store, sql, service, level, at, before_ns).await? {
            let (from_ns, to_ns) =
                (window(WIDEST, first), window(WIDEST, first).saturating_add(width(WIDEST)));
            store.drop_data(Change::DropBlocks { service, level, from_ns, to_ns }, to_ns).await?;
            at = to_ns;
        }
    }
    drop_profiles(store, service, before_ns).await
}

async fn first(
    store: &EmbeddedStore,
    sql: &'static str,
    service: i64,
    level: usize,
    from_ns: i64,
    before_ns: i64,
) -> Result<Option<i64>, StoreError> {
    let query = sqlx::query_scalar(sql).bind(service).bind(level as i64).bind(from_ns).bind(before_ns);
    query.fetch_one(&store.readers).await.map_err(|e| store.error(e))
}
