//! Dropping by size, and the plan of what would be dropped.

use super::super::EmbeddedStore;
use super::super::folder::FILE_NAME;
use super::super::test_data::{BASE, DAY, EACH_HOUR, HOUR, fill, keeping_raw, opened, total};
use super::plan::{Planned, Reason, plan};
use super::target;
use crate::store::ProfileStore;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;
use std::time::Duration;

const PAGE: u64 = 16 << 10;
const NOW: UnixNanos = UnixNanos::MAX;

/// Number and start of the oldest row of each level; nothing for an empty one.
async fn rows(store: &EmbeddedStore) -> [Option<(i64, i64)>; 4] {
    let sql = "SELECT 0, count(*), min(start_ns) FROM profile HAVING count(*) > 0 \
         UNION ALL SELECT level, count(*), min(start_ns) FROM block GROUP BY level";
    let found: Vec<(i64, i64, i64)> = sqlx::query_as(sql).fetch_all(&store.readers).await.unwrap();
    [0, 1, 2, 3].map(|level| found.iter().find(|row| row.0 == level).map(|row| (row.1, row.2)))
}

async fn used(store: &EmbeddedStore) -> u64 {
    store.disk().await.unwrap().unwrap().usage.used
}

/// The size that leaves so many bytes for pages in use.
fn max_size(wanted: u64) -> u64 {
    wanted + wanted.div_ceil(7)
}

async fn filled() -> (tempfile::TempDir, Arc<EmbeddedStore>) {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    fill(&store, 3).await;
    store.fold_all().await.unwrap();
    (dir, store)
}

#[tokio::test]
async fn the_oldest_single_profiles_go_first_and_no_more_than_needed() {
    let (_dir, store) = filled().await;
    let (before, all) = (rows(&store).await, total(&store, BASE, BASE + 3 * DAY).await);
    let max = max_size(used(&store).await - 20 * PAGE);
    store.apply_max_size(max, NOW).await.unwrap();
    let (after, left) = (rows(&store).await, used(&store).await);
    assert!(left <= target(max) && left + 4 * PAGE > target(max), "{left} of {}", target(max));
    let (count, oldest) = after[0].unwrap();
    assert_eq!(count, (BASE + 3 * DAY - oldest) / HOUR * EACH_HOUR, "none is missing after the oldest");
    assert!((BASE + 10 * HOUR..BASE + 2 * DAY).contains(&oldest));
    assert_eq!(after[1..], before[1..]);
    assert_eq!(total(&store, BASE, BASE + 3 * DAY).await, all);
    store.apply_max_size(max, NOW).await.unwrap();
    assert_eq!(rows(&store).await, after);
}

#[tokio::test]
async fn wider_levels_are_dropped_last_and_the_present_is_kept() {
    let (_dir, store) = filled().await;
    let today = total(&store, BASE + 2 * DAY, BASE + 3 * DAY).await;
    let present = [BASE + 71 * HOUR, BASE + 2 * DAY, BASE + 2 * DAY, BASE + 2 * DAY];
    let mut most = used(&store).await;
    loop {
        let found = rows(&store).await;
        // A level has been touched only if nothing but the present is left of the finer ones.
        let oldest = [0, 1, 2].map(|level| found[level].unwrap().1);
        let oldest = [oldest[0], oldest[1], oldest[2], found[3].map_or(i64::MAX, |row| row.1)];
        for level in 1..4 {
            assert!(
                oldest[level] == BASE || (0..level).all(|finer| oldest[finer] == present[finer]),
                "{found:?}"
            );
        }
        if most == 0 {
            break;
        }
        most = most.saturating_sub(3 * PAGE);
        store.apply_max_size(max_size(most), NOW).await.unwrap();
    }
    let found = rows(&store).await;
    assert_eq!(found[0], Some((EACH_HOUR, present[0])));
    assert_eq!([found[1], found[2]].map(|row| row.unwrap().1), [present[1]; 2]);
    assert_eq!(total(&store, BASE, BASE + 2 * DAY).await, 0);
    assert_eq!(total(&store, BASE + 2 * DAY, BASE + 3 * DAY).await, today);
    store.close().await.unwrap();
}

#[tokio::test]
async fn nothing_is_dropped_while_folding_is_behind() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(dir.path()).await;
    fill(&store, 2).await;
    let before = rows(&store).await;
    store.apply_max_size(0, NOW).await.unwrap();
    assert_eq!(rows(&store).await, before);
    store.fold_all().await.unwrap();
    let folded = rows(&store).await;
    store.apply_max_size(max_size(used(&store).await), NOW).await.unwrap();
    assert_eq!(rows(&store).await, folded, "it is small enough");
    store.apply_max_size(0, NOW).await.unwrap();
    assert!(rows(&store).await[0] < folded[0]);
}

#[tokio::test]
async fn a_clock_that_is_not_settled_drops_nothing_newer() {
    let (_dir, store) = filled().await;
    store.apply_max_size(0, UnixNanos(BASE + DAY)).await.unwrap();
    let found = rows(&store).await;
    assert_eq!(found.map(|row| row.unwrap().1)[..2], [BASE + DAY; 2]);
}

#[tokio::test]
async fn a_plan_by_age_is_what_is_dropped_and_changes_nothing() {
    let (dir, store) = filled().await;
    let mut watcher = store.readers.acquire().await.unwrap();
    // Another number after each commit of others.
    let mut version =
        async || -> i64 { sqlx::query_scalar("PRAGMA data_version").fetch_one(&mut *watcher).await.unwrap() };
    let (before, unchanged) = (rows(&store).await, version().await);
    let retention = keeping_raw(Duration::from_secs(3600));
    let planned = plan(dir.path(), Some(retention), None, NOW).await.unwrap().planned;
    assert_eq!(version().await, unchanged);
    assert_eq!(rows(&store).await, before);
    store.apply_retention(retention, NOW).await.unwrap();
    let gone = before[0].unwrap().0 - rows(&store).await[0].unwrap().0;
    let [Planned { level: 0, reason: Reason::Age, from, until, rows, bytes }] = planned[..] else {
        panic!("{planned:?}")
    };
    assert_eq!((from, until, rows), (UnixNanos(BASE), UnixNanos(BASE + 2 * DAY), gone as u64));
    assert!((rows * 2_000..rows * 8_000).contains(&bytes), "{bytes}");
    let none = plan(dir.path(), Some(retention), None, NOW).await.unwrap();
    assert_eq!((none.planned, none.waits), (vec![], false));
}

#[tokio::test]
async fn a_plan_by_size_follows_the_order_and_waits_for_folding() {
    let (dir, store) = filled().await;
    let max = max_size(used(&store).await - 20 * PAGE);
    let planned = plan(dir.path(), None, Some(max), NOW).await.unwrap().planned;
    let before = rows(&store).await[0].unwrap().0;
    store.apply_max_size(max, NOW).await.unwrap();
    let gone = (before - rows(&store).await[0].unwrap().0) as u64;
    let [Planned { level: 0, reason: Reason::Size, from: UnixNanos(BASE), rows: found, .. }] = planned[..]
    else {
        panic!("{planned:?}")
    };
    assert!((gone / 2..gone * 2).contains(&found), "{found} of {gone}");
    let all = plan(dir.path(), None, Some(0), NOW).await.unwrap().planned;
    assert_eq!(all.iter().map(|planned| planned.level).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let empty = tempfile::tempdir().unwrap();
    assert!(plan(empty.path(), None, None, NOW).await.is_err(), "there is no {FILE_NAME}");
    let waiting = opened(empty.path()).await;
    fill(&waiting, 1).await;
    let waits = plan(empty.path(), None, Some(0), NOW).await.unwrap();
    assert_eq!((waits.planned, waits.waits), (vec![], true));
}
