//! Breakdowns over a store: rates, odd pods, services, bounds.

use super::{Breakdown, Place, Row};
use crate::auth::{Grant, Kind, Principal, Role, Scope};
use crate::config::QueryConfig;
use crate::query::{Querier, Question};
use crate::store::memory::MemoryStore;
use crate::store::{NewProfile, ProfileWriter, Storage, TimeRange};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile::{Profile, ValueType};
use flarepath_profile::sample::Samples;
use flarepath_profile::stats::Standing;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::deviation_sentence;
use std::sync::Arc;

const S: i64 = 1_000_000_000;
/// A Monday of 2026, in seconds.
const START: i64 = 1_795_000_200;
const CPU: &str = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const EVERY: i64 = 15;

fn profile(at_s: i64, labels: &[(&str, &str)], sample_type: &str, value: i64) -> NewProfile {
    let mut p = Profile { time_nanos: at_s * S, duration_nanos: EVERY * S, ..Profile::default() };
    let mut id = |text: &str| p.strings.intern(text);
    let cpu = ValueType { kind: id(sample_type), unit: id("nanoseconds") };
    p.sample_types = vec![cpu];
    p.period_type = cpu;
    p.samples = Samples::new(1);
    let stack = p.stacks.push(Vec::new());
    p.samples.push(stack, &[value], &[]);
    let labels: Labels = labels.iter().copied().collect();
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

    /// A pod that uses so many milliseconds of each 15 s, for some minutes from `START`.
    async fn run(&self, service: &str, pod: &str, minutes: std::ops::Range<i64>, ms: i64) {
        let team = format!("team-of-{service}");
        let labels = [("service_name", service), ("pod", pod), ("team", team.as_str())];
        let salt = pod.bytes().map(i64::from).sum::<i64>() * 31;
        let one = |second: i64| {
            let value = noisy(ms, second / EVERY + salt) * 1_000_000;
            profile(START + second, &labels, "cpu", value)
        };
        let seconds = (minutes.start * 60..minutes.end * 60).step_by(EVERY as usize);
        self.store.append(seconds.map(one).collect()).await.unwrap();
    }

    async fn ask_as(
        &self,
        who: &Principal,
        selector: &str,
        label: &str,
        profile_type: &str,
    ) -> Arc<Breakdown> {
        let querier =
            Querier::new(&Storage::exclusive("memory", self.store.clone()), &QueryConfig::default());
        let range = TimeRange::nanos(START * S, (START + 3600) * S);
        let question = Question::new(selector.parse().unwrap(), range);
        querier.breakdown(who, &question, &profile_type.parse().unwrap(), label, range.end).await.unwrap()
    }

    async fn ask(&self, selector: &str, label: &str) -> Arc<Breakdown> {
        self.ask_as(&Principal::local(), selector, label, CPU).await
    }
}

fn of<'b>(breakdown: &'b Breakdown, value: &str) -> &'b Row {
    breakdown.rows.iter().find(|row| row.value == value).unwrap()
}

fn sentence(row: &Row) -> String {
    match &row.place {
        Place::NotCompared => "not compared".to_owned(),
        Place::Among { others, standing } => deviation_sentence(standing, *others),
    }
}

fn is_odd(row: &Row) -> bool {
    matches!(row.place, Place::Among { standing: Standing::Compared(found), .. } if found.is_odd)
}

/// Nine pods of `shop`, of which `pod-4` costs 42 % more and `pod-7` ran for ten minutes only.
async fn shop() -> World {
    let world = World::new();
    for pod in 0..9 {
        let ms = if pod == 4 { 1420 } else { 1000 };
        let minutes = if pod == 7 { 50..60 } else { 0..60 };
        world.run("shop", &format!("pod-{pod}"), minutes, ms).await;
    }
    world
}

#[tokio::test]
async fn the_odd_pod_is_found_and_a_young_one_is_not_called_cheap() {
    let found = shop().await.ask(r#"{service_name="shop"}"#, "pod").await;
    assert_eq!(found.rows.len(), 9);
    let odd: Vec<&str> = found.rows.iter().filter(|row| is_odd(row)).map(|row| row.value.as_str()).collect();
    assert_eq!(odd, ["pod-4"]);
    let text = sentence(of(&found, "pod-4"));
    assert!(text.starts_with("42 % more than the median of the 8 others (95 % interval: "), "{text}");
    let (young, old) = (of(&found, "pod-7"), of(&found, "pod-1"));
    // A sixth of the time and of the cost, and the same rate.
    assert_eq!((young.covered_secs, old.covered_secs), (600.0, 3600.0));
    assert!(young.total < old.total / 5.0 && (young.rate / old.rate - 1.0).abs() < 0.02);
    let text = sentence(young);
    assert!(text.starts_with("Too little data at the same time as the others: "), "{text}");
}

#[tokio::test]
async fn rates_are_of_one_replica_and_totals_of_all() {
    let found = shop().await.ask("{}", "service_name").await;
    let row = &found.rows[0];
    assert_eq!((found.rows.len(), row.replicas, row.series, row.profiles), (1, 9, 9, 8 * 240 + 40));
    assert_eq!(row.covered_secs, 8.0 * 3600.0 + 600.0);
    assert!((row.rate - row.total / row.covered_secs).abs() < 1e-6 && row.total == found.total);
    assert_eq!(row.place, Place::NotCompared);
    // Evenly spaced over the range.
    assert_eq!((found.buckets, found.bucket_ns, row.spark.len()), (60, 60 * S, 60));
}

#[tokio::test]
async fn pods_are_compared_with_those_of_their_own_service() {
    let world = shop().await;
    for pod in 0..4 {
        world.run("search", &format!("search-{pod}"), 0..60, 9000).await;
    }
    let found = world.ask("{}", "pod").await;
    let odd: Vec<&str> = found.rows.iter().filter(|row| is_odd(row)).map(|row| row.value.as_str()).collect();
    assert_eq!(odd, ["pod-4"]);
    assert!(
        sentence(of(&found, "search-1"))
            .starts_with("No significant difference from the median of the 3 others (")
    );
    // A value of both services is compared with nothing.
    let found = world.ask("{}", "absent").await;
    assert_eq!((found.rows.len(), found.rows[0].place), (1, Place::NotCompared));
    let services = world.ask("{}", "service_name").await;
    assert!(of(&services, "search").rate > 5.0 * of(&services, "shop").rate);
}

#[tokio::test]
async fn levels_are_averaged() {
    let world = World::new();
    for pod in ["a", "b"] {
        let labels = [("service_name", "shop"), ("pod", pod)];
        let seconds = (0..3600).step_by(EVERY as usize);
        let all = seconds.map(|second| profile(START + second, &labels, "inuse_space", 500)).collect();
        world.store.append(all).await.unwrap();
    }
    let of_type = "process_cpu:inuse_space:nanoseconds:inuse_space:nanoseconds";
    let found = world.ask_as(&Principal::local(), "{}", "service_name", of_type).await;
    let row = &found.rows[0];
    assert_eq!((row.rate, row.total, found.rate), (500.0, 1000.0, 500.0));
}

#[tokio::test]
async fn what_is_not_finished_is_left_out() {
    let world = World::new();
    world.run("shop", "a", 0..30, 1000).await;
    let querier = Querier::new(&Storage::exclusive("memory", world.store.clone()), &QueryConfig::default());
    let question = Question::new(Default::default(), TimeRange::nanos(START * S, (START + 3600) * S));
    let now = UnixNanos((START + 29 * 60 + 30) * S);
    let (local, cpu) = (Principal::local(), CPU.parse().unwrap());
    let asked = querier.breakdown(&local, &question, &cpu, "pod", now);
    let found = asked.await.unwrap();
    // Minute 29 is under way.
    assert_eq!(found.rows[0].spark.last().map(|(bucket, _)| *bucket), Some(28));
}

#[tokio::test]
async fn a_foreign_team_sees_its_own_values_only() {
    let world = shop().await;
    world.run("search", "search-1", 0..60, 1000).await;
    let scope = Scope::Matching(r#"{team="team-of-search"}"#.parse().unwrap());
    let grants = vec![Grant { role: Role::Viewer, scope }];
    let foreign = Principal::new(Kind::User, "eve", "eve", Vec::new(), grants);
    for (selector, label) in [("{}", "pod"), ("{}", "service_name"), (r#"{service_name=~"s.*"}"#, "team")] {
        let found = world.ask_as(&foreign, selector, label, CPU).await;
        assert_eq!(found.rows.len(), 1, "{found:?}");
        assert!(!format!("{found:?}").contains("shop"), "{found:?}");
        assert_eq!(found.rows[0].service.as_deref(), Some("search"));
        assert!((found.total - 240e9).abs() < 15e9, "{}", found.total);
    }
    assert!(world.ask_as(&foreign, r#"{service_name="shop"}"#, "pod", CPU).await.rows.is_empty());
}

#[tokio::test]
async fn thirty_thousand_values_are_answered() {
    let world = World::new();
    for pod in 0..30_000 {
        let name = format!("pod-{pod:05}");
        let labels = [("service_name", "shop"), ("pod", name.as_str())];
        world.store.append(vec![profile(START + 10, &labels, "cpu", 7)]).await.unwrap();
    }
    let found = world.ask("{}", "pod").await;
    assert_eq!((found.rows.len(), found.total), (30_000, 210_000.0));
    assert!(found.rows.iter().all(|row| !is_odd(row)));
}
