//! A service for tests of verdicts: its profiles in a store in memory, and questions about them.

use super::{Baselines, Judged};
use crate::auth::Principal;
use crate::config::QueryConfig;
use crate::query::{Querier, Question};
use crate::store::memory::MemoryStore;
use crate::store::{NewProfile, ProfileWriter, Storage, TimeRange};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;
use std::sync::Arc;

pub(in crate::query) const S: i64 = 1_000_000_000;
/// A Monday of 2026, in seconds.
pub(in crate::query) const START: i64 = 1_795_000_200;
pub(in crate::query) const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
pub(in crate::query) const SAMPLES: &str = "process_cpu:samples:count:cpu:nanoseconds";
/// Seconds from profile to profile.
pub(in crate::query) const EVERY: i64 = 15;
/// Milliseconds from sample to sample, unless a test says otherwise.
pub(in crate::query) const PERIOD: i64 = 10;

pub(in crate::query) const CHECKOUT: &str = r#"{service_name="checkout"}"#;

/// CPU milliseconds of stacks, root first.
pub(in crate::query) type Stacks = Vec<(&'static str, i64)>;

fn profile(at_s: i64, labels: &[(&str, &str)], period_ms: i64, stacks: &[(&str, i64)]) -> NewProfile {
    let mut p = Profile { time_nanos: at_s * S, duration_nanos: EVERY * S, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let cpu = ValueType { kind: id("cpu"), unit: id("nanoseconds") };
    p.sample_types = vec![ValueType { kind: id("samples"), unit: id("count") }, cpu];
    p.period_type = cpu;
    p.period = period_ms * 1_000_000;
    p.samples = Samples::new(2);
    for (path, ms) in stacks {
        let mut locations: Vec<LocationId> = Vec::new();
        for name in path.split(';') {
            let name = p.strings.intern(name);
            let file = p.strings.intern("");
            p.functions.push(Function { name, system_name: name, file, start_line: 0 });
            let line = Line { function: FunctionId(p.functions.len() as u32 - 1), line: 0, column: 0 };
            locations.push(LocationId(p.locations.push(None, 0, vec![line])));
        }
        locations.reverse();
        let stack = p.stacks.push(locations);
        p.samples.push(stack, &[ms / period_ms, ms * 1_000_000], &[]);
    }
    let labels: Labels = [&[("service_name", "checkout")][..], labels].concat().into_iter().collect();
    NewProfile { labels, name: "process_cpu".to_owned(), profile: p }
}

/// Noise of up to 5 % that repeats only after a long time.
pub(in crate::query) fn noisy(ms: i64, seed: i64) -> i64 {
    ms + ms * ((seed * 7919).rem_euclid(101) - 50) / 1000
}

/// What the service usually does.
pub(in crate::query) fn usual(seed: i64) -> Stacks {
    vec![
        ("shop::main;shop::handle_order;shop::parse_cart", noisy(300, seed)),
        ("shop::main;shop::handle_order;shop::price_cart", noisy(200, seed * 3)),
        ("shop::main;shop::wait", noisy(100, seed * 5)),
    ]
}

pub(in crate::query) struct World {
    pub(in crate::query) store: Arc<MemoryStore>,
    /// Whether profiles say how far apart their samples are.
    pub(in crate::query) states_period: bool,
}

impl World {
    pub(in crate::query) fn new() -> World {
        World { store: Arc::new(MemoryStore::new()), states_period: true }
    }

    /// One pod that sends profiles during some minutes.
    pub(in crate::query) async fn pod(
        &self,
        labels: &[(&str, &str)],
        minutes: Range<i64>,
        period_ms: i64,
        stacks: impl Fn(i64) -> Stacks,
    ) {
        let pod = labels.iter().map(|(_, value)| value.len() as i64).sum::<i64>();
        let profiles = (minutes.start * 60..minutes.end * 60)
            .step_by(EVERY as usize)
            .map(|second| profile(START + second, labels, period_ms, &stacks(second / EVERY + pod * 31 + 1)));
        let mut profiles: Vec<NewProfile> = profiles.collect();
        if !self.states_period {
            profiles.iter_mut().for_each(|new| new.profile.period = 0);
        }
        self.store.append(profiles).await.unwrap();
    }

    /// Two pods of a version.
    pub(in crate::query) async fn pods(
        &self,
        version: &str,
        minutes: Range<i64>,
        stacks: impl Fn(i64) -> Stacks,
    ) {
        for pod in 0..2 {
            let name = format!("{version}-{pod}");
            let labels = [("version", version), ("pod", name.as_str()), ("team", "shop")];
            self.pod(&labels, minutes.clone(), PERIOD, |seed| stacks(seed + pod * 31)).await;
        }
    }

    /// Two pods of a version that compiles a pattern for each order, if that takes any time.
    pub(in crate::query) async fn run(&self, version: &str, minutes: Range<i64>, pattern_ms: i64) {
        let with_pattern = |seed| {
            let mut stacks = usual(seed);
            if pattern_ms > 0 {
                let path = "shop::main;shop::handle_order;regex::Regex::new;regex::compile";
                stacks.push((path, noisy(pattern_ms, seed * 11)));
            }
            stacks
        };
        self.pods(version, minutes, with_pattern).await;
    }

    pub(in crate::query) fn querier(&self) -> Querier {
        Querier::new(&Storage::exclusive("memory", self.store.clone()), &QueryConfig::default())
    }

    pub(in crate::query) async fn judge_as(
        &self,
        who: &Principal,
        comparison: &Question,
        baselines: Baselines,
        profile_type: &str,
    ) -> Judged {
        let profile_type: ProfileType = profile_type.parse().unwrap();
        let now = comparison.range.end;
        self.querier().verdict(who, comparison, &baselines, &profile_type, now).await.unwrap()
    }

    pub(in crate::query) async fn judge(
        &self,
        selector: &str,
        minutes: (i64, i64),
        baselines: Baselines,
    ) -> Judged {
        self.judge_as(&Principal::local(), &question(selector, minutes), baselines, CPU).await
    }

    /// What the verdict says in full, with the baseline chosen from the data.
    pub(in crate::query) async fn said(&self, minutes: (i64, i64)) -> String {
        self.judge(CHECKOUT, minutes, Baselines::Auto).await.verdict.sentences().join(" ")
    }
}

pub(in crate::query) fn question(selector: &str, (from, until): (i64, i64)) -> Question {
    let at = |minute: i64| UnixNanos((START + minute * 60) * S);
    Question::new(selector.parse().unwrap(), TimeRange { start: at(from), end: at(until) })
}

pub(in crate::query) fn given(selector: &str, minutes: (i64, i64)) -> Baselines {
    Baselines::Given(question(selector, minutes), CPU.parse().unwrap())
}
