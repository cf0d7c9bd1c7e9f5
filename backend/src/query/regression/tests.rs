//! Verdicts over a store: the demo's regression, too little data, baselines, bounds.

use super::{Baselines, Judged};
use crate::auth::{Grant, Kind, Principal, Role, Scope, own_code};
use crate::config::QueryConfig;
use crate::db::Records;
use crate::db::audit::Actor;
use crate::query::{Querier, Question};
use crate::store::memory::MemoryStore;
use crate::store::{NewProfile, ProfileWriter, Storage, TimeRange};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Function, FunctionId, Line, Profile, ValueType};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::sample::Samples;
use flarepath_profile::stack_table::LocationId;
use flarepath_profile::unix_nanos::UnixNanos;
use std::sync::Arc;

const S: i64 = 1_000_000_000;
/// A Monday of 2026, in seconds.
const START: i64 = 1_795_000_200;
const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const EVERY: i64 = 15;

/// CPU milliseconds of stacks, root first.
fn profile(at_s: i64, labels: &[(&str, &str)], stacks: &[(&str, i64)]) -> NewProfile {
    let mut p = Profile { time_nanos: at_s * S, duration_nanos: EVERY * S, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let cpu = ValueType { kind: id("cpu"), unit: id("nanoseconds") };
    p.sample_types = vec![cpu];
    p.period_type = cpu;
    p.samples = Samples::new(1);
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
        p.samples.push(stack, &[ms * 1_000_000], &[]);
    }
    let labels: Labels = [&[("service_name", "checkout")][..], labels].concat().into_iter().collect();
    NewProfile { labels, name: "process_cpu".to_owned(), profile: p }
}

/// Noise of up to 5 % that repeats only after a long time.
fn noisy(ms: i64, seed: i64) -> i64 {
    ms + ms * ((seed * 7919).rem_euclid(101) - 50) / 1000
}

struct World {
    store: Arc<MemoryStore>,
}

impl World {
    fn new() -> World {
        World { store: Arc::new(MemoryStore::new()) }
    }

    /// Two pods of a version that run for some minutes, from a minute after `START`.
    async fn run(&self, version: &str, minutes: std::ops::Range<i64>, pattern_ms: i64) {
        for pod in 0..2 {
            let name = format!("{version}-{pod}");
            let profiles = (minutes.start * 60..minutes.end * 60).step_by(EVERY as usize).map(|second| {
                let seed = second / EVERY + pod * 31 + 1;
                let labels = [("version", version), ("pod", name.as_str()), ("team", "shop")];
                let mut stacks = vec![
                    ("shop::main;shop::handle_order;shop::parse_cart", noisy(300, seed)),
                    ("shop::main;shop::handle_order;shop::price_cart", noisy(200, seed * 3)),
                    ("shop::main;shop::wait", noisy(100, seed * 5)),
                ];
                if pattern_ms > 0 {
                    let path = "shop::main;shop::handle_order;regex::Regex::new;regex::compile";
                    stacks.push((path, noisy(pattern_ms, seed * 11)));
                }
                profile(START + second, &labels, &stacks)
            });
            self.store.append(profiles.collect()).await.unwrap();
        }
    }

    async fn judge_as(
        &self,
        who: &Principal,
        selector: &str,
        minutes: (i64, i64),
        baselines: Baselines,
    ) -> Judged {
        let querier =
            Querier::new(&Storage::exclusive("memory", self.store.clone()), &QueryConfig::default());
        let comparison = question(selector, minutes);
        let profile_type: ProfileType = CPU.parse().unwrap();
        let now = comparison.range.end;
        querier.verdict(who, &comparison, &baselines, &profile_type, now).await.unwrap()
    }

    async fn judge(&self, selector: &str, minutes: (i64, i64), baselines: Baselines) -> Judged {
        self.judge_as(&Principal::local(), selector, minutes, baselines).await
    }
}

fn question(selector: &str, (from, until): (i64, i64)) -> Question {
    let at = |minute: i64| UnixNanos((START + minute * 60) * S);
    Question::new(selector.parse().unwrap(), TimeRange { start: at(from), end: at(until) })
}

const CHECKOUT: &str = r#"{service_name="checkout"}"#;

#[tokio::test]
async fn the_version_that_compiles_a_pattern_for_each_order_is_found() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let found = world.judge(CHECKOUT, (45, 75), Baselines::Auto).await;
    let text = found.verdict.sentences().join(" ");
    assert!(text.starts_with("CPU use per replica is 6"), "{text}");
    assert!(text.contains("higher in version 2 than in version 1: "), "{text}");
    assert!(
        text.contains("The largest cause is `regex::Regex::new`, called by `shop::handle_order`: "),
        "{text}"
    );
    for innocent in ["parse_cart", "price_cart"] {
        assert!(!found.verdict.headline().contains(innocent), "{text}");
    }
    assert_eq!(found.comparison.selector.to_string(), r#"{service_name="checkout", version="2"}"#);
    assert_eq!(found.baselines[0].selector.to_string(), r#"{service_name="checkout", version="1"}"#);
}

#[tokio::test]
async fn what_is_set_to_be_own_code_is_named() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let (records, local) = (Records::in_memory(), Principal::local());
    let patterns = vec![("name".to_owned(), "shop::main".to_owned())];
    own_code::set(&records, (&local, &Actor::default()), "checkout", patterns).await.unwrap();
    let storage = Storage::exclusive("memory", world.store.clone());
    let querier = Querier::new(&storage, &QueryConfig::default()).with_settings(records);
    let comparison = question(CHECKOUT, (45, 75));
    let (profile_type, now) = (CPU.parse().unwrap(), comparison.range.end);
    let found = querier.verdict(&local, &comparison, &Baselines::Auto, &profile_type, now).await.unwrap();
    let text = found.verdict.sentences().join(" ");
    assert!(text.contains("`shop::handle_order`, called by `shop::main`"), "{text}");
}

#[tokio::test]
async fn two_minutes_are_too_little() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..62, 400).await;
    let found = world.judge(CHECKOUT, (32, 62), Baselines::Auto).await;
    assert_eq!(
        found.verdict.headline(),
        "Too little data yet: version 2 has 2 min, and at least 5 min are needed. It will be enough in about 3 min."
    );
}

#[tokio::test]
async fn unequal_times_of_one_version_show_no_change() {
    let world = World::new();
    world.run("1", 0..90, 0).await;
    // Sixty minutes against ten.
    let baseline = Baselines::Given(question(CHECKOUT, (0, 60)));
    let found = world.judge(CHECKOUT, (70, 80), baseline).await;
    let text = found.verdict.headline();
    assert!(
        text.starts_with(
            "No significant change of CPU use per replica compared with the baseline's period. "
        ),
        "{text}"
    );
    let [before, after] = &found.verdict.sides;
    assert_eq!((before.covered_secs, after.covered_secs), (7200.0, 1200.0));
}

#[tokio::test]
async fn pods_differ_and_an_empty_baseline_says_so() {
    let world = World::new();
    world.run("1", 0..30, 0).await;
    let pod = |name: &str| format!(r#"{{service_name="checkout", pod="{name}"}}"#);
    let baseline = Baselines::Given(question(&pod("1-0"), (0, 30)));
    let found = world.judge(&pod("1-1"), (0, 30), baseline).await;
    let text = found.verdict.sentences().join(" ");
    assert!(text.contains(" between pod 1-0 and pod 1-1"), "{text}");
    let none = Baselines::Given(question(&pod("gone"), (0, 30)));
    let found = world.judge(&pod("1-1"), (0, 30), none).await;
    assert_eq!(found.verdict.headline(), "No verdict: pod gone has no profiles.");
}

#[tokio::test]
async fn the_same_period_a_day_earlier_confirms() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    let day = 1440;
    world.run("1", day - 60..day, 0).await;
    world.run("1", day..day + 60, 300).await;
    let found = world.judge(CHECKOUT, (day, day + 60), Baselines::Auto).await;
    assert_eq!(found.baselines.len(), 2);
    assert!(
        found.verdict.headline().contains(" higher than in the hour before: "),
        "{}",
        found.verdict.headline()
    );
    assert_eq!(found.notes, ["no data a week earlier to confirm it"]);
    // The same every day at this time: no change.
    world.run("3", 0..60, 300).await;
    let found = world.judge(CHECKOUT, (day, day + 60), Baselines::Auto).await;
    assert!(!found.verdict.headline().contains("The largest cause"), "{}", found.verdict.headline());
}

#[tokio::test]
async fn a_foreign_team_sees_nothing() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let scope = Scope::Matching(r#"{team="search"}"#.parse().unwrap());
    let grants = vec![Grant { role: Role::Viewer, scope }];
    let foreign = Principal::new(Kind::User, "eve", "eve", Vec::new(), grants);
    let baseline = Baselines::Given(question(r#"{service_name="checkout", version="1"}"#, (0, 60)));
    for baselines in [Baselines::Auto, baseline] {
        let found = world.judge_as(&foreign, CHECKOUT, (45, 75), baselines).await;
        let text =
            format!("{:?} {:?} {:?}", found.verdict.sentences(), found.notes, found.comparison.selector);
        assert!(text.contains("No verdict: "), "{text}");
        assert!(!text.contains("version=\"2\"") && !text.contains("Regex"), "{text}");
    }
}
