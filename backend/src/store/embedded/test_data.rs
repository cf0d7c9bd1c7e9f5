//! Days of profiles that take some space, for tests of the disk.

use super::{EmbeddedOptions, EmbeddedStore};
use crate::store::conformance::{ProfileSpec, SampleSpec, new_profile};
use crate::store::{NewProfile, ProfileStore, ProfileWriter, Retention, Selection, TimeRange};
use flarepath_profile::call_tree::NodeId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(super) const HOUR: i64 = 3_600_000_000_000;
pub(super) const DAY: i64 = 24 * HOUR;
/// A midnight.
pub(super) const BASE: i64 = 20_000 * DAY;
/// Profiles an hour.
pub(super) const EACH_HOUR: i64 = 4;
const SAMPLES: u16 = 900;

pub(super) async fn opened(dir: &Path) -> Arc<EmbeddedStore> {
    let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
    EmbeddedStore::open(dir, options).await.unwrap()
}

/// An empty database as the first version made it: without incremental vacuum.
pub(super) async fn earlier_version(dir: &Path) {
    let path = dir.join(super::folder::FILE_NAME);
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).page_size(16 << 10);
    let mut connection = options.connect().await.unwrap();
    connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t").await.unwrap();
    connection.close().await.unwrap();
}

/// A profile of some 3 KB that does not compress.
fn profile(start_ns: i64) -> NewProfile {
    let mut state = start_ns as u64 | 1;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as i64
    };
    let samples = (0..SAMPLES)
        .map(|i| SampleSpec { path: vec![i as u8, (i >> 8) as u8], value: random(), span: 0 })
        .collect();
    new_profile(&ProfileSpec { start_ns, samples, ..ProfileSpec::default() })
}

/// Stores days of profiles from [`BASE`] on.
pub(super) async fn fill(store: &EmbeddedStore, days: i64) {
    for hour in 0..days * 24 {
        let start = |index: i64| BASE + hour * HOUR + index * HOUR / EACH_HOUR;
        store.append((0..EACH_HOUR).map(|index| profile(start(index))).collect()).await.unwrap();
    }
}

/// Keeps single profiles for so long, and everything else.
pub(super) fn keeping_raw(raw: Duration) -> Retention {
    let long = Duration::from_secs(400 * 86_400);
    Retention { raw, five_minutes: long, hours: long, days: long }
}

/// Total of all samples in a range.
pub(super) async fn total(store: &EmbeddedStore, start_ns: i64, end_ns: i64) -> i64 {
    let selection = Selection::new(&Default::default(), TimeRange::nanos(start_ns, end_ns)).unwrap();
    let samples = "process_cpu:samples:count:cpu:nanoseconds".parse().unwrap();
    store.call_tree(&selection, &samples).await.unwrap().tree.total(NodeId::ROOT)
}
