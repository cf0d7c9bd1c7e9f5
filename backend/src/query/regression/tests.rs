//! Verdicts over a store: the demo's regression, baselines, bounds, how much is read.

use super::world::*;
use super::{Baselines, Judged};
use crate::auth::{Grant, Kind, Principal, Role, Scope, own_code};
use crate::config::QueryConfig;
use crate::db::Records;
use crate::db::audit::Actor;
use crate::query::Querier;
use crate::store::{
    CostsOverTime, CostsQuery, MergedTree, NewProfile, PieceVisitor, ProfileStore, ProfileTimes,
    ProfileWriter, Replica, Selection, SeriesInfo, Storage, StoreError, TotalsSeries,
};
use async_trait::async_trait;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::own_code::{OwnCode, OwnPattern};
use flarepath_profile::profile::Profile;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::top_table;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Outcome;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[tokio::test]
async fn what_is_set_to_be_own_code_is_named() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let (records, local) = (Records::in_memory(), Principal::local());
    let patterns = vec![("name".to_owned(), "shop::main".to_owned())];
    own_code::set(&records, (&local, &Actor::default()), "checkout", patterns).await.unwrap();
    let querier = world.querier().with_settings(records);
    let comparison = question(CHECKOUT, (45, 75));
    let (profile_type, now) = (CPU.parse().unwrap(), comparison.range.end);
    let found = querier.verdict(&local, &comparison, &Baselines::Auto, &profile_type, now).await.unwrap();
    let text = found.verdict.sentences().join(" ");
    assert!(text.contains("`shop::handle_order`, called by `shop::main`"), "{text}");
    let set = [OwnPattern::Name("shop::main".to_owned())];
    assert_eq!(found.own_code.as_ref().and_then(OwnCode::patterns), Some(&set[..]), "the table uses it, too");
    let found =
        querier.verdict(&foreigner(), &comparison, &Baselines::Auto, &profile_type, now).await.unwrap();
    assert_eq!(found.own_code, None, "nothing is told about a service that is not seen");
}

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

/// The half hour before these thirty minutes is of the new version, too.
#[tokio::test]
async fn the_version_before_is_the_baseline_for_most_of_an_hour_after_the_deployment() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..105, 400).await;
    let found = world.judge(CHECKOUT, (75, 105), Baselines::Auto).await;
    let text = found.verdict.headline();
    assert!(text.contains("higher in version 2 than in version 1: "), "{text}");
    assert_eq!(found.notes[0], "version 2 first appeared at 2026-11-18T12:10:00Z", "{:?}", found.notes);
}

/// The page divides values by `replica_ms`; the verdict states the same numbers.
#[tokio::test]
async fn numbers_are_those_of_the_page() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let found = world.judge(CHECKOUT, (45, 75), Baselines::Auto).await;
    let Outcome::Compared(findings) = &found.verdict.outcome else { panic!("{:?}", found.verdict) };
    let (querier, local, cpu) = (world.querier(), Principal::local(), CPU.parse().unwrap());
    for (question, total, culprit) in [
        (&found.baselines[0], findings.total.before, findings.functions[0].cost.before),
        (&found.comparison, findings.total.after, findings.functions[0].cost.after),
    ] {
        let page = querier.explored(&local, question, &cpu).await.unwrap();
        let seconds = page.covered.replica_ns as f64 / S as f64;
        let tree = &page.merged.tree;
        assert_eq!(total, tree.total(NodeId::ROOT) as f64 / seconds);
        let named = |frame| tree.frames().name(frame) == "regex::Regex::new";
        let row = top_table(tree).into_iter().find(|row| named(row.frame));
        assert_eq!(culprit, row.map_or(0.0, |row| row.total as f64 / seconds));
        assert_eq!(page.covered.replicas, 2);
    }
}

#[tokio::test]
async fn a_change_since_the_hour_before_names_the_version_that_appeared() {
    let world = World::new();
    world.run("1", 0..62, 0).await;
    world.run("2", 62..120, 400).await;
    let found = world.judge(CHECKOUT, (60, 120), given(CHECKOUT, (0, 60))).await;
    let text = found.verdict.headline();
    assert!(
        text.contains(" higher than in the hour before: ") && text.contains("`regex::Regex::new`"),
        "{text}"
    );
    let end = " The change began at about 2026-11-18T12:12:00Z, when version 2 first appeared.";
    assert!(text.ends_with(end), "{text}");
    assert_eq!(found.verdict.sentences().join(" ").matches("first appeared").count(), 1);
}

#[tokio::test]
async fn versions_that_began_in_a_range_are_found_without_a_profile_type() {
    let world = World::new();
    world.run("1", 0..120, 0).await;
    world.run("2", 62..120, 0).await;
    let (querier, local) = (world.querier(), Principal::local());
    for (selector, minutes, expected) in [
        (CHECKOUT, (60, 120), vec![("2".to_owned(), START + 62 * 60)]),
        (r#"{service_name="checkout", version="2"}"#, (60, 120), vec![("2".to_owned(), START + 62 * 60)]),
        (CHECKOUT, (0, 60), vec![]),
        (CHECKOUT, (63, 120), vec![]),
        (r#"{service_name="other"}"#, (60, 120), vec![]),
    ] {
        let found = querier.new_versions(&local, &question(selector, minutes)).await.unwrap();
        let began: Vec<(String, i64)> =
            found.began.into_iter().map(|(name, at)| (name, at.as_secs())).collect();
        assert_eq!(began, expected, "{selector} {minutes:?}");
    }
}

#[tokio::test]
async fn two_minutes_are_too_little() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..62, 400).await;
    assert_eq!(
        world.said((32, 62)).await,
        "Too little data yet: version 2 has 2 min of data, and at least 5 min are needed. It will be enough in about 3 min."
    );
}

#[tokio::test]
async fn unequal_times_of_one_version_show_no_change() {
    let world = World::new();
    world.run("1", 0..90, 0).await;
    // Sixty minutes against ten.
    let found = world.judge(CHECKOUT, (70, 80), given(CHECKOUT, (0, 60))).await;
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
    let found = world.judge(&pod("1-1"), (0, 30), given(&pod("1-0"), (0, 30))).await;
    let text = found.verdict.sentences().join(" ");
    assert!(text.contains(" between pod 1-0 and pod 1-1"), "{text}");
    let found = world.judge(&pod("1-1"), (0, 30), given(&pod("gone"), (0, 30))).await;
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
    let text = found.verdict.headline();
    assert!(text.contains(" higher than in the hour before: "), "{text}");
    assert_eq!(found.notes, ["no data a week earlier to confirm it"]);
    // The same every day at this time: no change.
    world.run("3", 0..60, 300).await;
    let found = world.judge(CHECKOUT, (day, day + 60), Baselines::Auto).await;
    assert!(!found.verdict.headline().contains("The largest cause"), "{}", found.verdict.headline());
}

#[tokio::test]
async fn a_period_with_too_little_data_is_no_baseline_where_another_has_enough() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("1", 1438..1500, 0).await;
    let found = world.judge(CHECKOUT, (1440, 1500), Baselines::Auto).await;
    let text = found.verdict.headline();
    assert!(text.contains(" compared with the same period a day earlier. "), "{text}");
    assert_eq!(
        found.notes,
        ["less than 5 min of data in the period before", "no data a week earlier to confirm it"]
    );
}

#[tokio::test]
async fn without_a_period_before_the_day_before_is_the_baseline() {
    let world = World::new();
    world.run("1", 0..30, 0).await;
    world.run("1", 1440..1470, 0).await;
    let found = world.judge(CHECKOUT, (1440, 1470), Baselines::Auto).await;
    let text = found.verdict.headline();
    assert!(text.contains(" compared with the same period a day earlier. "), "{text}");
    assert_eq!(found.notes, ["no data in the period before", "no data a week earlier to confirm it"]);
}

#[tokio::test]
async fn the_period_with_the_nearest_traffic_is_the_baseline() {
    let world = World::new();
    let quiet = |seed| usual(seed).into_iter().map(|(path, ms)| (path, ms / 2)).collect();
    world.pods("1", 0..60, usual).await;
    world.pods("1", 1380..1440, quiet).await;
    world.pods("1", 1440..1500, usual).await;
    let found = world.judge(CHECKOUT, (1440, 1500), Baselines::Auto).await;
    let text = found.verdict.headline();
    assert!(text.contains(" compared with the same period a day earlier. "), "{text}");
    assert_eq!(found.baselines.len(), 2, "the period before confirms");
    assert_eq!(
        found.notes,
        [
            "no data a week earlier to confirm it",
            "the total of the same period a day earlier is nearer to that of this range than the total of the period before",
        ]
    );
}

#[tokio::test]
async fn a_period_with_the_same_replicas_is_the_baseline() {
    let world = World::new();
    for (pod, minutes) in [("a", 0..60), ("b", 1380..1440), ("a", 1440..1500)] {
        world.pod(&[("pod", pod)], minutes, PERIOD, usual).await;
    }
    let found = world.judge(CHECKOUT, (1440, 1500), Baselines::Auto).await;
    let text = found.verdict.headline();
    assert!(text.contains(" compared with the same period a day earlier. "), "{text}");
    let note = "the same period a day earlier has the same replicas as this range, unlike the period before";
    assert_eq!(found.notes[1], note);
}

/// Someone who may see profiles of another team.
fn foreigner() -> Principal {
    let scope = Scope::Matching(r#"{team="search"}"#.parse().unwrap());
    let grants = vec![Grant { role: Role::Viewer, scope }];
    Principal::new(Kind::User, "eve", "eve", Vec::new(), grants)
}

#[tokio::test]
async fn a_foreign_team_sees_nothing() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    world.run("2", 60..75, 400).await;
    let foreign = foreigner();
    let baseline = given(r#"{service_name="checkout", version="1"}"#, (0, 60));
    for baselines in [Baselines::Auto, baseline] {
        let found = world.judge_as(&foreign, &question(CHECKOUT, (45, 75)), baselines, CPU).await;
        let text =
            format!("{:?} {:?} {:?}", found.verdict.sentences(), found.notes, found.comparison.selector);
        assert!(text.contains("No verdict: "), "{text}");
        assert!(!text.contains("version=\"2\"") && !text.contains("Regex"), "{text}");
    }
}

/// Counts what is read.
struct Counting {
    store: Arc<dyn ProfileStore>,
    reads: AtomicUsize,
}

impl Counting {
    fn count(&self) -> &dyn ProfileStore {
        self.reads.fetch_add(1, Ordering::Relaxed);
        &*self.store
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

    async fn each_piece(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        visit: &mut PieceVisitor<'_>,
    ) -> Result<i64, StoreError> {
        self.count().each_piece(selection, profile_type, visit).await
    }

    async fn profile_times(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
    ) -> Result<ProfileTimes, StoreError> {
        self.count().profile_times(selection, profile_type).await
    }

    async fn costs_by_replica(
        &self,
        selection: &Selection,
        profile_type: &ProfileType,
        query: &CostsQuery,
        replicas: &[Replica],
    ) -> Result<Vec<CostsOverTime>, StoreError> {
        self.count().costs_by_replica(selection, profile_type, query, replicas).await
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

#[async_trait]
impl ProfileWriter for Counting {
    async fn append(&self, _: Vec<NewProfile>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// How often the store is read for the verdict on the minutes 10 to 20 after an instant, with the baseline chosen from the data.
async fn reads(world: &World, at: i64) -> (usize, Judged) {
    let store = Arc::new(Counting { store: world.store.clone(), reads: AtomicUsize::new(0) });
    let querier = Querier::new(&Storage::exclusive("counting", store.clone()), &QueryConfig::default());
    let comparison = question(CHECKOUT, (at + 10, at + 20));
    let (local, cpu, now) = (Principal::local(), CPU.parse().unwrap(), comparison.range.end);
    let found = querier.verdict(&local, &comparison, &Baselines::Auto, &cpu, now).await.unwrap();
    (store.reads.load(Ordering::Relaxed), found)
}

#[tokio::test]
async fn reads_do_not_grow_with_replicas() {
    let mut counts = Vec::new();
    for pods in [2, 30] {
        let world = World::new();
        for pod in 0..pods {
            let name = format!("pod-{pod}");
            world.pod(&[("pod", &name)], 0..20, PERIOD, usual).await;
        }
        let (count, found) = reads(&world, 0).await;
        assert_eq!(found.verdict.sides[0].all_replicas, pods);
        counts.push(count);
    }
    // Series of the range and of three earlier times, and totals of the one that has data; of each side when profiles start, their
    // merge, and costs by replica.
    assert_eq!(counts, [11, 11]);
}

#[tokio::test]
async fn a_baseline_is_chosen_among_three_with_few_reads() {
    const WEEK: i64 = 7 * 1440;
    let mut counts = Vec::new();
    for pods in [2, 30] {
        let world = World::new();
        for pod in 0..pods {
            let name = format!("pod-{pod}");
            for minutes in [10..20, WEEK - 1440 + 10..WEEK - 1440 + 20, WEEK..WEEK + 20] {
                world.pod(&[("pod", &name)], minutes, PERIOD, usual).await;
            }
        }
        let (count, found) = reads(&world, WEEK).await;
        assert_eq!((found.baselines.len(), found.notes), (3, vec![]));
        counts.push(count);
    }
    // Series and totals of the range and of three earlier times; three reads of each of four sides.
    assert_eq!(counts, [20, 20]);
}
