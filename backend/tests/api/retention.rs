//! Answers after retention: what was dropped is not shown any more, although the answer was cached.

use crate::server::Server;
use flarepath::app::App;
use flarepath::clock::FixedClock;
use flarepath::store::conformance::{ProfileSpec, SampleSpec, new_profile};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{NewProfile, Retention, Storage};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::messages::CallTreeResponse;
use std::sync::Arc;
use std::time::Duration;

const MINUTE: i64 = 60_000_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// A midnight.
const BASE: i64 = 20_000 * DAY;
const NOW: UnixNanos = UnixNanos(BASE + 3 * DAY + MINUTE);

fn profile(start_ns: i64) -> NewProfile {
    let samples = vec![SampleSpec { path: vec![1, 2], value: 1, span: 0 }];
    let mut new = new_profile(&ProfileSpec { start_ns, samples, ..ProfileSpec::default() });
    new.labels.set("service_name", "shop");
    new
}

/// How many profiles are merged of a range.
async fn profiles(server: &Server, from_ns: i64, until_ns: i64) -> u64 {
    let [from, until] = [from_ns, until_ns].map(|ns| UnixNanos(ns).as_millis().to_string());
    let params = [
        ("selector", r#"{service_name="shop"}"#),
        ("type", "process_cpu:samples:count:cpu:nanoseconds"),
        ("from", from.as_str()),
        ("until", until.as_str()),
    ];
    server.message::<CallTreeResponse>("/api/v1/call-tree", &params).await.profiles
}

#[tokio::test]
async fn a_cached_answer_does_not_outlive_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
    let store = EmbeddedStore::open(folder.path(), options).await.unwrap();
    let storage = Storage::exclusive("embedded", store.clone());
    let app = App::without_sign_in(storage.clone(), Arc::new(FixedClock(NOW))).build();
    let server = Server(flarepath::http::router(app));
    // Two on each of three days, and the newest, from which ages count.
    let batch = (0..3).flat_map(|day| [10, 20].map(|minute| profile(BASE + day * DAY + minute * MINUTE)));
    let batch = batch.chain([profile(BASE + 3 * DAY)]).collect();
    storage.write.as_ref().unwrap().append(batch).await.unwrap();
    store.fold_all().await.unwrap();
    let (all, edge) = ((BASE, BASE + 3 * DAY), (BASE + 15 * MINUTE, BASE + 25 * MINUTE));
    assert_eq!(profiles(&server, all.0, all.1).await, 6);
    assert_eq!(profiles(&server, edge.0, edge.1).await, 1);

    let days = |n: u64| Duration::from_secs(n * 24 * 3600);
    let coarser = Retention { raw: days(1), five_minutes: days(1), hours: days(1), days: days(100) };
    store.apply_retention(coarser, NOW).await.unwrap();
    assert_eq!(profiles(&server, edge.0, edge.1).await, 0, "only its day is left, which starts earlier");
    assert_eq!(profiles(&server, all.0, all.1).await, 6);

    let shorter = Retention { days: days(1), ..coarser };
    store.apply_retention(shorter, NOW).await.unwrap();
    assert_eq!(profiles(&server, all.0, all.1).await, 2);
}
