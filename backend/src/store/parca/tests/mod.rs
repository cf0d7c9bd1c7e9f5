//! The store against a fake Parca that gives recorded answers, or none.
//!
//! The recordings are of Parca's main branch of July 2026: two services of three pods each, one profile of 15 s at 0, 15, 30 and
//! 45 seconds of [`START`].

mod answers;
mod fake_parca;
mod misbehaviour;

use super::ParcaStore;
use crate::clock::SystemClock;
use crate::config::RemoteStoreConfig;
use crate::store::remote::Upstream;
use crate::store::{Selection, TimeRange};
use bytes::Bytes;
use fake_parca::{Call, FakeParca, Reply};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::Selector;
use flarepath_profile::unix_nanos::SECOND_NS;
use std::sync::Arc;

/// Seconds since the epoch.
const START: i64 = 1_795_227_600;

fn recorded(name: &str) -> Bytes {
    let path = format!("{}/testdata/stores/parca/{name}.pb", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}")).into()
}

fn config(url: &str) -> RemoteStoreConfig {
    RemoteStoreConfig::at(url)
}

fn store(config: &RemoteStoreConfig) -> ParcaStore {
    ParcaStore::new(Upstream::new("prod", config, Arc::new(SystemClock)), config).unwrap()
}

fn store_of(parca: &FakeParca) -> ParcaStore {
    store(&config(&format!("http://{}", parca.address)))
}

/// The recorded minute.
fn select(selector: &str) -> Selection {
    let range = TimeRange::nanos(START * SECOND_NS, (START + 60) * SECOND_NS);
    Selection::new(&selector.parse().unwrap(), range).unwrap()
}

fn within(selector: &str, bounds: &[&str]) -> Selection {
    let bounds: Vec<Selector> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
    select(selector).within(&bounds).unwrap()
}

fn cpu() -> ProfileType {
    "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap()
}

/// Answers each call with its recording.
fn recording(call: &Call) -> Reply {
    Reply::Message(recorded(match call.method.as_str() {
        "ProfileTypes" => "profile_types.response",
        "Labels" => "labels.response",
        "Values" => "values_pod.response",
        "QueryRange" => "query_range_sum_by_pod.response",
        "Query" => "query_merge_pprof.response",
        _ => return Reply::Status(12),
    }))
}
