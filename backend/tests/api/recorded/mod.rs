//! Verdicts on a recorded run of the demo: three replicas each of three services for two hours, and version 2 of checkout, which
//! compiles its patterns for every order, in the second. The recording is `testdata/recorded/shop.fpr`.

mod means;
mod pairs;

use crate::server::{CPU, Server};
use flarepath::app::App;
use flarepath::clock::ManualClock;
use flarepath::demo::recording::{FILE, Push, Recording};
use flarepath::store::Storage;
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath_wire::verdict::{VerdictFigure, VerdictResponse};
use means::difference_of_means;
use pairs::{LEAST_PAIRS, Window, apart, unchanged};
use std::sync::Arc;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
/// Profiles that are stored at once.
const BATCH: usize = 64;

/// A server that receives a part of the recording, with a clock that is turned as it does.
struct Run {
    recording: Recording,
    storage: Storage,
    clock: Arc<ManualClock>,
    server: Server,
    /// When version 2 was deployed.
    deployed: Duration,
    /// Pushes that have arrived.
    arrived: usize,
    services: &'static [&'static str],
    _folder: tempfile::TempDir,
}

impl Run {
    async fn of(services: &'static [&'static str]) -> Run {
        let recording = recording();
        let folder = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions { background_folding: false, ..EmbeddedOptions::default() };
        let store = EmbeddedStore::open(folder.path(), options).await.unwrap();
        let storage = Storage::exclusive("embedded", store);
        let clock = Arc::new(ManualClock::at(recording.started()));
        let app = App::without_sign_in(storage.clone(), clock.clone()).build();
        let server = Server(flarepath::http::router(app));
        let deployed = recording.deployed().expect("version 2 in the recording");
        Run { recording, storage, clock, server, deployed, arrived: 0, services, _folder: folder }
    }

    /// Stores what arrives until so long after the start of the recording, and turns the clock there.
    async fn until(&mut self, offset: Duration) {
        let arriving = self.recording.pushes()[self.arrived..].partition_point(|push| push.arrived <= offset);
        let arriving = &self.recording.pushes()[self.arrived..self.arrived + arriving];
        let wanted: Vec<&Push> = arriving
            .iter()
            .filter(|push| self.services.contains(&self.recording.labels(push).service()))
            .collect();
        for batch in wanted.chunks(BATCH) {
            let profile = |push: &&Push| self.recording.profile(push, self.recording.started());
            self.storage.write.as_ref().unwrap().append(batch.iter().map(profile).collect()).await.unwrap();
        }
        self.arrived += arriving.len();
        self.clock.set(self.recording.started().plus(offset));
    }

    async fn verdict(&self, selector: &str, params: &[(&str, &str)]) -> VerdictResponse {
        let params = [&[("type", CPU), ("selector", selector)][..], params].concat();
        self.server.message("/api/v1/verdict", &params).await
    }

    /// The verdict on a window, compared with another.
    async fn verdict_between(&self, selector: &str, baseline: Window, comparison: Window) -> VerdictResponse {
        let ms = |at: Duration| self.recording.started().plus(at).as_millis().to_string();
        let [from, until] = [ms(comparison.start), ms(comparison.end)];
        let [baseline_from, baseline_until] = [ms(baseline.start), ms(baseline.end)];
        let params = [
            ("from", from.as_str()),
            ("until", until.as_str()),
            ("baseline_from", baseline_from.as_str()),
            ("baseline_until", baseline_until.as_str()),
        ];
        self.verdict(selector, &params).await
    }

    /// Whether the interval of a change of cost contains the difference of the means of both versions.
    fn contains_mean(&self, figure: &VerdictFigure, function: &str) -> bool {
        (figure.low..=figure.high).contains(&difference_of_means(&self.recording, function))
    }
}

fn recording() -> Recording {
    let path = format!("{}/testdata/recorded/{FILE}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Recording::read(&file).unwrap()
}

const CHECKOUT: &str = r#"{service_name="checkout"}"#;

#[tokio::test]
async fn the_culprit_is_named_as_soon_as_the_data_say_so() {
    let mut run = Run::of(&["checkout"]).await;
    run.until(run.deployed + 2 * MINUTE).await;
    let found = run.verdict(CHECKOUT, &[("from", "now-15m")]).await;
    assert_eq!(
        (found.outcome.as_str(), found.relation.as_str()),
        ("too-little-data", "versions"),
        "{found:?}"
    );
    assert!(found.headline.starts_with("Too little data yet: version v2 has "), "{}", found.headline);
    assert!(found.headline.contains(" It will be enough in about "), "{}", found.headline);
    let missing = found.missing.unwrap();
    assert_eq!(missing.side, "comparison");
    assert!((60_000..=240_000).contains(&missing.enough_in_ms.unwrap()), "{missing:?}");

    for (minutes, from) in [(15, "now-30m"), (60, "now-1h")] {
        run.until(run.deployed + minutes * MINUTE).await;
        let found = run.verdict(CHECKOUT, &[("from", from)]).await;
        assert_eq!((found.outcome.as_str(), found.relation.as_str()), ("changed", "versions"), "{found:?}");
        let culprit = &found.functions[0];
        assert!(culprit.name.ends_with("Regex::new"), "{}", found.headline);
        assert!(culprit.called_by.ends_with("handle_order"), "{}", found.headline);
        assert!(!culprit.moved, "{}", found.headline);
        assert!(found.headline.contains(&format!("`{}`, called by `{}`", culprit.name, culprit.called_by)));
        let cost = culprit.cost.as_ref().unwrap();
        assert!(cost.after > cost.before && cost.low > 0.0, "{cost:?}");
        assert!(run.contains_mean(cost, &culprit.name), "{cost:?}");
    }
}

#[tokio::test]
async fn services_that_did_not_change_are_not_accused() {
    let mut run = Run::of(&["search", "mail"]).await;
    run.until(run.deployed + 60 * MINUTE).await;
    for service in run.services {
        let selector = format!("{{service_name={service:?}}}");
        let found = run.verdict(&selector, &[("from", "now-1h")]).await;
        assert_eq!(
            (found.outcome.as_str(), found.relation.as_str()),
            ("unchanged", "times"),
            "{}",
            found.headline
        );
    }
    // `make bench` compares all of them.
    let pairs: Vec<_> = unchanged(&run.recording)
        .into_iter()
        .filter(|pair| run.services.contains(&pair.service.as_str()))
        .filter(|pair| pair.comparison.end <= run.deployed + 60 * MINUTE)
        .step_by(5)
        .collect();
    assert!(pairs.len() >= 15, "{}", pairs.len());
    let mut alarms = Vec::new();
    for pair in &pairs {
        let found = run.verdict_between(&pair.selector(), pair.baseline, pair.comparison).await;
        assert_ne!(found.outcome, "too-little-data", "{}", found.headline);
        if found.outcome == "changed" {
            alarms.push(found.headline);
        }
    }
    assert!(alarms.len() * 100 <= pairs.len(), "{} of {}: {alarms:#?}", alarms.len(), pairs.len());
}

#[test]
fn pairs_that_are_apart_share_at_most_one_window() {
    let pairs = apart(&recording());
    assert!(pairs.len() >= LEAST_PAIRS, "{}", pairs.len());
    let overlap = |a: Window, b: Window| a.start < b.end && b.start < a.end;
    for (place, one) in pairs.iter().enumerate() {
        assert!(one.baseline.end <= one.comparison.start, "{one:?}");
        for other in pairs[place + 1..].iter().filter(|other| other.selector() == one.selector()) {
            let both = overlap(one.baseline, other.baseline) && overlap(one.comparison, other.comparison);
            assert!(!both, "{one:?} {other:?}");
        }
    }
}
