//! Verdicts on a recorded run of the demo: three replicas each of three services for two hours, and version 2 of checkout, which
//! compiles its patterns for every order, in the second. The recording is `testdata/recorded/shop.fpr`.

mod pairs;

use crate::server::{CPU, Server};
use flarepath::app::App;
use flarepath::clock::ManualClock;
use flarepath::demo::recording::{FILE, Push, Recording};
use flarepath::store::embedded::{EmbeddedOptions, EmbeddedStore};
use flarepath::store::{NewProfile, Storage};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_wire::verdict::{VerdictFigure, VerdictResponse};
use pairs::{Window, unchanged};
use std::collections::BTreeMap;
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
        let path = format!("{}/testdata/recorded/{FILE}", env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let recording = Recording::read(&file).unwrap();
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

    /// What a function costs a replica of a version of checkout, in nanoseconds a second: the mean of all whole profiles.
    fn mean_cost(&self, version: &str, function: &str) -> f64 {
        let mut pods: BTreeMap<&str, Vec<&Push>> = BTreeMap::new();
        for push in self.recording.pushes() {
            let labels = self.recording.labels(push);
            if labels.service() == "checkout" && labels.get("version") == Some(version) {
                pods.entry(labels.get("pod").unwrap_or_default()).or_default().push(push);
            }
        }
        let (mut cost, mut seconds) = (0.0, 0.0);
        for pushes in pods.into_values() {
            // The first and the last cover a part of their time.
            for push in &pushes[1..pushes.len() - 1] {
                let new = self.recording.profile(push, UnixNanos(0));
                cost += cost_of(&new, function) as f64;
                seconds += new.profile.duration_nanos as f64 / 1e9;
            }
        }
        cost / seconds
    }

    /// Whether the interval of a change of cost contains the difference of the means of both versions.
    fn contains_mean(&self, figure: &VerdictFigure, function: &str) -> bool {
        let difference = self.mean_cost("v2", function) - self.mean_cost("v1", function);
        (figure.low..=figure.high).contains(&difference)
    }
}

/// The total cost of a function, by its name.
fn cost_of(new: &NewProfile, function: &str) -> i64 {
    let p = &new.profile;
    let is_on = |i: &usize| {
        p.stacks.get(p.samples.stack(*i)).iter().any(|location| {
            let lines = p.locations.get(location.index()).lines;
            lines.iter().any(|line| p.str(p.functions[line.function.index()].name) == function)
        })
    };
    (0..p.samples.len()).filter(is_on).map(|i| p.samples.values(i)[0]).sum()
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

    // Not at minute 60, too: by then the machine of the recording had been too busy to serve all requests, see its README.
    run.until(run.deployed + 15 * MINUTE).await;
    let found = run.verdict(CHECKOUT, &[("from", "now-30m")]).await;
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
    // `make bench` compares all of them. Later, other programs took both cores for a quarter of an hour, and every service really used
    // less: see the recording's README.
    let pairs: Vec<_> = unchanged(&run.recording)
        .into_iter()
        .filter(|pair| run.services.contains(&pair.service.as_str()))
        .filter(|pair| pair.comparison.end <= run.deployed + 20 * MINUTE)
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
