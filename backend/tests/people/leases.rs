//! Leases of background jobs: at most one of the servers that share the records holds each.

use crate::databases;
use flarepath::db::Records;
use flarepath_profile::unix_nanos::UnixNanos;
use futures::future::join_all;

/// Takes the lease `tidy` at `now` until `until`.
async fn take(records: &Records, holder: &str, (now, until): (i64, i64)) -> bool {
    records.take_lease("tidy", holder, UnixNanos(now), UnixNanos(until)).await.unwrap()
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_expires_or_is_released() {
    for records in databases::each().await {
        assert!(take(&records, "a", (0, 10)).await);
        assert!(!take(&records, "b", (9, 20)).await);
        assert!(take(&records, "a", (9, 15)).await, "extended");
        assert!(!take(&records, "b", (14, 20)).await);
        assert!(take(&records, "b", (15, 20)).await, "expired");
        records.release_lease("tidy", "a").await.unwrap();
        assert!(!take(&records, "a", (16, 30)).await, "only its holder releases it");
        records.release_lease("tidy", "b").await.unwrap();
        assert!(take(&records, "a", (16, 30)).await);
    }
}

#[tokio::test]
async fn one_of_several_servers_gets_a_lease_that_all_want_at_once() {
    for records in databases::each().await {
        for (now, until) in [(0, 10), (10, 20)] {
            let names: Vec<String> = (0..8).map(|server| format!("server {server} at {now}")).collect();
            let taken = join_all(names.iter().map(|name| take(&records, name, (now, until)))).await;
            assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "at {now}");
        }
    }
}
