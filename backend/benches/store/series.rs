//! Start and lists with many services: 10 000 of them, ten series each, six labels a series.

use super::{SECOND, folder_bytes, resident_mb, say, time};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{NewProfile, ProfileStore, ProfileWriter, Selection, TimeRange};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::selector::Selector;
use std::time::Instant;

const SERVICES: usize = 10_000;
const SERIES: usize = 10;
const END: i64 = 1_790_000_000 * SECOND;

fn labels(service: usize, series: usize) -> Labels {
    let labels = [
        ("service_name", format!("service-{service}")),
        ("pod", format!("service-{service}-{series}")),
        ("node", format!("node-{}", (service * 7 + series) % 500)),
        ("region", format!("region-{}", series % 4)),
        ("version", format!("1.{}.{}", service % 20, series / 5)),
        ("team", format!("team-{}", service % 50)),
    ];
    labels.into_iter().collect()
}

/// A CPU profile without samples.
fn profile(at: usize) -> Profile {
    let mut p = Profile { period: 10_000_000, duration_nanos: 15 * SECOND, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let types =
        [("samples", "count"), ("cpu", "nanoseconds")].map(|(k, u)| ValueType { kind: id(k), unit: id(u) });
    p.sample_types = types.to_vec();
    p.period_type = types[1];
    p.samples = Samples::new(2);
    p.time_nanos = END - (at % 3600) as i64 * SECOND - 1;
    p
}

pub(super) async fn measure() {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let options =
        EmbeddedOptions { retention: None, background_folding: false, ..EmbeddedOptions::default() };
    let store = EmbeddedStore::open(folder.path(), options.clone()).await.expect("open");
    let filling = Instant::now();
    for first in (0..SERVICES).step_by(50) {
        let batch = (first..first + 50).flat_map(|service| (0..SERIES).map(move |series| (service, series)));
        let new = |(service, series): (usize, usize)| NewProfile {
            labels: labels(service, series),
            name: "process_cpu".into(),
            profile: profile(service * SERIES + series),
        };
        store.append(batch.map(new).collect()).await.expect("append");
    }
    say(format!(
        "{SERVICES} services with {SERIES} series each, written in {:.1?}: {:.1} MB on disk, resident {:.0} MB",
        filling.elapsed(),
        folder_bytes(folder.path()) as f64 / 1e6,
        resident_mb()
    ));
    store.close().await.expect("close");
    drop(store);
    let before = resident_mb();
    let opening = Instant::now();
    let store = EmbeddedStore::open(folder.path(), options).await.expect("open again");
    store.check().await.expect("ready");
    say(format!("ready after {:.1?}, {:.0} MB more", opening.elapsed(), resident_mb() - before));
    let everything = (END - 3600 * SECOND, END);
    let ranges = [("everything", everything), ("a past range", (everything.0, END - 1800 * SECOND))];
    for (what, (start, end)) in ranges {
        for selector in ["{}", "{team=\"team-7\"}", "{pod=~\"service-1.*\"}"] {
            let selector: Selector = selector.parse().expect("a selector");
            let selection = Selection::new(&selector, TimeRange::nanos(start, end)).expect("no bad pattern");
            let found = store.series(&selection).await.expect("series").len();
            let times = time(|| async { store.series(&selection).await.map(drop).expect("series") }).await;
            say(format!("  {found:>6} series of {what}, {selector}: {times}"));
        }
    }
    say(format!("resident {:.0} MB", resident_mb()));
    store.close().await.expect("close");
}
