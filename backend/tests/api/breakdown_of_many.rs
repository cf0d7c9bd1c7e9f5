//! `GET /api/v1/breakdown` over a label with 30 000 values: bounded answers, in order, from one read of the store.

use crate::server::{CPU, NOW_S, Server};
use async_trait::async_trait;
use axum::http::StatusCode;
use flarepath::app::App;
use flarepath::clock::FixedClock;
use flarepath::store::memory::MemoryStore;
use flarepath::store::{
    MergedTree, NewProfile, PieceVisitor, ProfileStore, ProfileTimes, ProfileWriter, Selection, SeriesInfo,
    Storage, StoreError, TotalsSeries,
};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::breakdown::BreakdownResponse;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const ROUTE: &str = "/api/v1/breakdown";
const VALUES: i64 = 30_000;
/// A prime above the number of values.
const PRIME: i64 = 30_011;

/// Counts what is read.
struct Counting {
    store: Arc<MemoryStore>,
    reads: AtomicUsize,
}

impl Counting {
    fn count(&self) -> &MemoryStore {
        self.reads.fetch_add(1, Ordering::Relaxed);
        &self.store
    }
}

#[async_trait]
impl ProfileStore for Counting {
    async fn series(&self, selection: &Selection) -> Result<Vec<SeriesInfo>, StoreError> {
        self.count().series(selection).await
    }

    async fn totals(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        step_ns: i64,
        by: &[String],
    ) -> Result<Vec<TotalsSeries>, StoreError> {
        self.count().totals(selection, profile_type, step_ns, by).await
    }

    async fn call_tree(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<MergedTree, StoreError> {
        self.count().call_tree(selection, profile_type).await
    }

    async fn each_total(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut (dyn FnMut(UnixNanos, i64) + Send),
    ) -> Result<(), StoreError> {
        self.count().each_total(selection, profile_type, visit).await
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        self.count().profile_times(selection, profile_type).await
    }

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        self.count().each_piece(selection, profile_type, visit).await
    }

    async fn profile(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<Profile, StoreError> {
        self.count().profile(selection, profile_type).await
    }

    async fn has_service(&self, service: &str) -> Result<bool, StoreError> {
        self.count().has_service(service).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A pod with one profile, whose total is that of no other.
fn pod(number: i64) -> NewProfile {
    let time_nanos = (NOW_S - 30) * 1_000_000_000;
    let mut profile = Profile { time_nanos, duration_nanos: 15_000_000_000, ..Profile::default() };
    let cpu = ValueType { kind: profile.strings.intern("cpu"), unit: profile.strings.intern("nanoseconds") };
    profile.sample_types = vec![cpu];
    profile.period_type = cpu;
    profile.samples = Samples::new(1);
    let stack = profile.stacks.push(Vec::new());
    profile.samples.push(stack, &[total(number)], &[]);
    let name = format!("pod-{number:05}");
    let labels: Labels = [("service_name", "shop"), ("pod", name.as_str())].into_iter().collect();
    NewProfile { labels, name: "process_cpu".to_owned(), profile }
}

fn total(number: i64) -> i64 {
    1 + number * 7919 % PRIME
}

/// A server, and what it reads.
async fn server() -> (Server, Arc<Counting>) {
    let store = Arc::new(MemoryStore::new());
    store.append((0..VALUES).map(pod).collect()).await.unwrap();
    let read = Arc::new(Counting { store: store.clone(), reads: AtomicUsize::new(0) });
    let storage = Storage { read: read.clone(), ..Storage::exclusive("memory", store) };
    let clock = Arc::new(FixedClock(UnixNanos(NOW_S * 1_000_000_000)));
    let app = App::without_sign_in(storage, clock).build();
    (Server(flarepath::http::router(app)), read)
}

/// All pages, one after the other, none longer than `limit`.
async fn pages(server: &Server, params: &[(&str, &str)], limit: usize) -> Vec<BreakdownResponse> {
    let (mut found, mut cursor) = (Vec::<BreakdownResponse>::new(), String::new());
    let length = limit.to_string();
    loop {
        let fixed = [("type", CPU), ("from", "now-1m"), ("by", "pod"), ("limit", length.as_str())];
        let mut all = [&fixed[..], params].concat();
        if !cursor.is_empty() {
            all.push(("cursor", cursor.as_str()));
        }
        let page: BreakdownResponse = server.message(ROUTE, &all).await;
        assert!(page.rows.len() <= limit && !page.rows.is_empty());
        let next = page.next.clone();
        found.push(page);
        if next.is_empty() {
            return found;
        }
        cursor = next;
    }
}

#[tokio::test]
async fn thirty_thousand_values_come_in_bounded_pages_from_one_read() {
    let (server, read) = server().await;
    let by_total = pages(&server, &[("sort", "total")], 1000).await;
    assert_eq!(by_total.len(), 30);
    assert!(by_total.iter().all(|page| (page.value_count, page.matching) == (30_000, 30_000)));
    let rows: Vec<_> = by_total.iter().flat_map(|page| &page.rows).collect();
    assert!(rows.windows(2).all(|pair| pair[0].total > pair[1].total), "in order across pages");
    assert_eq!(rows.iter().map(|row| &row.value).collect::<BTreeSet<_>>().len(), 30_000, "each once");
    let sum: i64 = (0..VALUES).map(total).sum();
    assert_eq!(by_total[29].total, sum as f64, "of all values on every page");

    let found = pages(&server, &[("sort", "name"), ("order", "desc"), ("q", "POD-01")], 300).await;
    let names: Vec<&str> = found.iter().flat_map(|page| &page.rows).map(|row| row.value.as_str()).collect();
    let expected: Vec<String> = (1000..2000).rev().map(|number| format!("pod-{number:05}")).collect();
    assert_eq!(names, expected);
    assert!(found.iter().all(|page| (page.value_count, page.matching) == (30_000, 1000)));

    let fixed = [("type", CPU), ("from", "now-1m"), ("by", "pod")];
    let usual: BreakdownResponse = server.message(ROUTE, &fixed).await;
    assert_eq!(usual.rows.len(), 50, "without a limit");
    let refused = server.get(ROUTE, &[&fixed[..], &[("limit", "30000")]].concat()).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    // The series and all profiles, once for all pages and orders.
    assert_eq!(read.reads.load(Ordering::Relaxed), 2);
}
