//! Tests of what there is to say about data that is scarce, odd, or of something that is no change: a true sentence each.

use super::Baselines;
use super::world::*;
use crate::auth::Principal;

const TOO_LITTLE: &str = "Choose a longer range or another baseline.";

#[tokio::test]
async fn one_profile() {
    let world = World::new();
    world.pod(&[("pod", "a")], 30..31, PERIOD, usual).await;
    let found = world.judge(CHECKOUT, (30, 31), given(CHECKOUT, (0, 30))).await;
    assert!(
        found.verdict.headline().contains("this range has 60 s of data, "),
        "{}",
        found.verdict.headline()
    );
    let mut first = question(CHECKOUT, (30, 31));
    first.range.end = first.range.start.plus(std::time::Duration::from_secs(10));
    let found = world.judge_as(&Principal::local(), &first, given(CHECKOUT, (0, 30)), CPU).await;
    assert_eq!(
        found.verdict.headline(),
        format!(
            "Too little data: this range has one profile, and at least 5 min are needed; the baseline's period has no profiles. \
             {TOO_LITTLE}"
        )
    );
}

#[tokio::test]
async fn a_service_born_a_minute_ago() {
    let world = World::new();
    world.run("1", 59..60, 0).await;
    let found = world.judge(CHECKOUT, (0, 60), Baselines::Auto).await;
    assert_eq!(
        found.verdict.headline(),
        format!(
            "Too little data: this range has 60 s of data, and at least 5 min are needed; the hour before has no profiles. {TOO_LITTLE}"
        )
    );
    assert_eq!(found.notes, ["no earlier data to compare with"]);
}

#[tokio::test]
async fn three_minutes_against_hours() {
    let world = World::new();
    world.run("1", 0..243, 0).await;
    let found = world.judge(CHECKOUT, (240, 243), given(CHECKOUT, (0, 240))).await;
    assert_eq!(
        found.verdict.headline(),
        "Too little data yet: this range has 3 min of data, and at least 5 min are needed. It will be enough in about 2 min."
    );
}

#[tokio::test]
async fn one_replica_a_side() {
    let world = World::new();
    let pattern = |seed| [usual(seed), vec![("shop::main;shop::match_orders", noisy(400, seed))]].concat();
    world.pod(&[("version", "1"), ("pod", "a")], 0..60, PERIOD, usual).await;
    world.pod(&[("version", "2"), ("pod", "b")], 60..90, PERIOD, pattern).await;
    let text = world.said((60, 90)).await;
    assert!(text.contains("`shop::match_orders`"), "{text}");
    assert!(
        text.ends_with("Each side has one replica: a difference between their machines would look the same."),
        "{text}"
    );
}

#[tokio::test]
async fn a_gap_on_one_side() {
    let world = World::new();
    world.run("1", 0..20, 0).await;
    world.run("1", 40..120, 0).await;
    let text = world.said((60, 120)).await;
    assert!(
        text.starts_with("No significant change of CPU use per replica compared with the hour before. "),
        "{text}"
    );
    assert!(text.ends_with(" The hour before has no profiles for 20 min of its 60 min."), "{text}");
}

#[tokio::test]
async fn a_gap_in_the_comparison() {
    let world = World::new();
    world.run("1", 0..80, 0).await;
    world.run("1", 100..120, 0).await;
    let text = world.said((60, 120)).await;
    assert!(
        text.starts_with("No significant change of CPU use per replica compared with the hour before. "),
        "{text}"
    );
    assert!(text.ends_with(" This range has no profiles for 20 min of its 60 min."), "{text}");
    assert_eq!(text.matches("no profiles").count(), 1, "{text}");
}

#[tokio::test]
async fn a_replica_that_restarted() {
    let world = World::new();
    for minutes in [0..70, 72..120] {
        world.pod(&[("pod", "a")], minutes, PERIOD, usual).await;
    }
    let found = world.judge(CHECKOUT, (60, 120), Baselines::Auto).await;
    let text = found.verdict.sentences().join(" ");
    assert!(text.starts_with("No significant change of CPU use per replica "), "{text}");
    assert!(!text.contains("no profiles"), "{text}");
    // Two minutes less than an hour, of which the profile before them covers half a distance.
    assert_eq!(found.verdict.sides[1].covered_secs, 3600.0 - 120.0 + 7.5);
}

#[tokio::test]
async fn a_side_that_is_still_being_filled() {
    let world = World::new();
    world.run("1", 0..80, 0).await;
    let found = world.judge(CHECKOUT, (60, 90), given(CHECKOUT, (0, 60))).await;
    let text = found.verdict.sentences().join(" ");
    assert!(text.starts_with("No significant change of CPU use per replica "), "{text}");
    assert_eq!(found.verdict.sides[1].covered_secs, 2.0 * 1200.0);
}

#[tokio::test]
async fn sampling_rates_that_differ() {
    let world = World::new();
    for (version, minutes, period) in [("1", 0..60, 10), ("2", 60..90, 20)] {
        for pod in ["a", "b"] {
            let pod = format!("{version}{pod}");
            world.pod(&[("version", version), ("pod", &pod)], minutes.clone(), period, usual).await;
        }
    }
    let text = world.said((60, 90)).await;
    assert!(text.starts_with("No significant change of CPU use per replica "), "{text}");
    assert!(
        text.ends_with(
            " The sides were sampled at different rates (version 1 every 10 ms, version 2 every 20 ms); profilers scale times and \
             bytes accordingly."
        ),
        "{text}"
    );
    let comparison = question(CHECKOUT, (60, 90));
    let found = world.judge_as(&Principal::local(), &comparison, Baselines::Auto, SAMPLES).await;
    assert_eq!(
        found.verdict.headline(),
        "No verdict: the sides were sampled at different rates (version 1 every 10 ms, version 2 every 20 ms), and this type counts \
         samples. Compare a type that measures time."
    );
}

#[tokio::test]
async fn sampling_rates_that_are_not_stated() {
    let world = World { states_period: false, ..World::new() };
    // Multiples of both periods, so that time by number of samples is the period.
    let steady = |_: i64| vec![("shop::main;shop::handle_order", 400), ("shop::main;shop::wait", 200)];
    for (version, minutes, period) in [("1", 0..60, 10), ("2", 60..90, 20)] {
        for pod in ["a", "b"] {
            let pod = format!("{version}{pod}");
            world.pod(&[("version", version), ("pod", &pod)], minutes.clone(), period, steady).await;
        }
    }
    let text = world.said((60, 90)).await;
    assert!(
        text.ends_with(
            " The sides were sampled at different rates (version 1 every 10 ms, version 2 every 20 ms; both are derived from the time and \
             the number of samples); profilers scale times and bytes accordingly."
        ),
        "{text}"
    );
    let comparison = question(CHECKOUT, (60, 90));
    let found = world.judge_as(&Principal::local(), &comparison, Baselines::Auto, SAMPLES).await;
    assert!(
        found.verdict.headline().starts_with("No verdict: the sides were sampled at different rates ("),
        "{}",
        found.verdict.headline()
    );
    let cpu = CPU.parse().unwrap();
    let local = Principal::local();
    let found = world.querier().sampling(&local, &question(CHECKOUT, (0, 60)), &cpu).await.unwrap();
    let period = found.period.unwrap();
    assert_eq!((found.samples, period.value, period.is_derived), (2 * 240 * 60, 10_000_000, true));
}

#[tokio::test]
async fn different_types_and_equal_sides() {
    let world = World::new();
    world.run("1", 0..60, 0).await;
    let comparison = question(r#"{service_name="checkout", version="1"}"#, (0, 30));
    let local = Principal::local();
    let other = Baselines::Given(question(CHECKOUT, (0, 30)), SAMPLES.parse().unwrap());
    let found = world.judge_as(&local, &comparison, other, CPU).await;
    assert_eq!(
        found.verdict.headline(),
        "No verdict: the two sides are of different profile types, and their values cannot be compared."
    );
    let same = given(r#"{version="1", service_name="checkout"}"#, (0, 30));
    let found = world.judge_as(&local, &comparison, same, CPU).await;
    assert_eq!(
        found.verdict.sentences(),
        ["Nothing to compare: both sides are the same selection in the same time range."]
    );
    assert_eq!(found.verdict.sides[0].profiles, 240);
    let later = given(r#"{service_name="checkout", version="1"}"#, (10, 40));
    let found = world.judge_as(&local, &comparison, later, CPU).await;
    assert_eq!(found.notes, ["the two ranges overlap: profiles that are in both make them more alike"]);
}

#[tokio::test]
async fn negative_values() {
    let world = World::new();
    let negative = |seed| vec![("main;freed", -noisy(100, seed)), ("main;work", noisy(300, seed))];
    world.pod(&[("pod", "a")], 0..120, PERIOD, negative).await;
    assert_eq!(
        world.said((60, 120)).await,
        "No verdict: some values are negative, so that shares and relative changes have no meaning."
    );
}

#[tokio::test]
async fn a_tree_of_one_function() {
    let world = World::new();
    world.pod(&[("pod", "a")], 0..120, PERIOD, |seed| vec![("main", noisy(300, seed))]).await;
    let text = world.said((60, 120)).await;
    assert!(text.starts_with("No significant change of CPU use per replica compared with the hour before. A change of the total of "), "{text}");
    assert!(text.ends_with(" or more would have been seen."), "{text}");
}

/// What is said about a version 2 that only arranges the code of version 1 anew.
async fn said_of_moved(before: &'static str, after: &[&'static str], before_self: &'static str) -> String {
    let world = World::new();
    let with = |paths: Vec<&'static str>| {
        move |seed: i64| {
            let mut stacks = vec![("main;run;other", noisy(400, seed * 3))];
            let part = 300 / paths.len() as i64;
            stacks.extend(paths.iter().map(|path| (*path, noisy(part, seed))));
            stacks
        }
    };
    let own = |seed: i64| (before_self, noisy(100, seed * 7));
    let old = with(vec![before]);
    world.pods("1", 0..60, |seed| [old(seed), vec![own(seed)]].concat()).await;
    let new = with(after.to_vec());
    world.pods("2", 60..90, |seed| [new(seed), vec![own(seed)]].concat()).await;
    world.said((60, 90)).await
}

#[tokio::test]
async fn functions_that_were_renamed_split_or_inlined() {
    let unchanged =
        "CPU use per replica shows no significant change in total between version 1 and version 2 (";
    let renamed = said_of_moved("main;run;price_v1", &["main;run;price_v2"], "main;run").await;
    assert!(renamed.starts_with(unchanged), "{renamed}");
    assert!(
        renamed.ends_with("). Costs moved from `price_v1` to `price_v2`; their caller costs what it did."),
        "{renamed}"
    );
    let split = said_of_moved("main;run;price", &["main;run;net", "main;run;tax"], "main;run").await;
    assert!(split.starts_with(unchanged), "{split}");
    for part in ["net", "tax"] {
        let sentence = format!(" Costs moved from `price` to `{part}`; their caller costs what it did.");
        assert_eq!(split.matches(&sentence).count(), 1, "{split}");
    }
    let inlined = said_of_moved("main;run;price;sum", &["main;run;price"], "main;run;price").await;
    assert!(inlined.starts_with(unchanged), "{inlined}");
    assert!(
        inlined.ends_with("). Costs of `sum` moved into its caller `price`, which costs what it did."),
        "{inlined}"
    );
}

#[tokio::test]
async fn twice_the_traffic() {
    let world = World::new();
    let twice = |seed| usual(seed).into_iter().map(|(path, ms)| (path, 2 * ms)).collect();
    world.pods("1", 0..60, usual).await;
    world.pods("1", 60..120, twice).await;
    let text = world.said((60, 120)).await;
    assert!(text.contains(" % higher than in the hour before: "), "{text}");
    assert!(
        text.ends_with(
            " All functions grew alike: none has significantly changed its share of the total. Traffic not known: more requests would \
             look the same."
        ),
        "{text}"
    );
}

#[tokio::test]
async fn forty_versions_in_an_hour() {
    let world = World::new();
    for n in 1..=40 {
        // One and a half minutes each, in turns of one and two.
        let start = 60 + (n - 1) * 3 / 2;
        let version = n.to_string();
        world.pod(&[("version", &version), ("pod", "a")], start..60 + n * 3 / 2, PERIOD, usual).await;
    }
    let found = world.judge(CHECKOUT, (60, 120), Baselines::Auto).await;
    assert_eq!(found.verdict.headline(), "No verdict: the hour before has no profiles.");
    assert_eq!(
        found.notes,
        [
            "not compared with another version: the versions before version 40 have less than 5 min of data each",
            "no earlier data to compare with",
            "40 versions appeared in the range, the last of them 40",
        ]
    );
    // With a long one before, that is the version before.
    world.pod(&[("version", "0"), ("pod", "a")], 0..60, PERIOD, usual).await;
    let found = world.judge(CHECKOUT, (60, 120), Baselines::Auto).await;
    assert!(
        found.verdict.headline().starts_with("Too little data yet: version 40 has "),
        "{}",
        found.verdict.headline()
    );
    let notes = [
        "skipped 39 versions with less than 5 min of data each",
        "version 40 first appeared at 2026-11-18T13:08:00Z",
    ];
    assert_eq!(found.notes, notes);
}

#[tokio::test]
async fn canaries_rollbacks_and_a_version_each_hour() {
    let canary = World::new();
    canary.run("1", 0..120, 0).await;
    canary.pod(&[("version", "2"), ("pod", "c")], 100..120, PERIOD, usual).await;
    let found = canary.judge(CHECKOUT, (60, 120), Baselines::Auto).await;
    assert!(
        found.verdict.headline().contains(" between version 1 and version 2. "),
        "{}",
        found.verdict.headline()
    );
    let notes = [
        "version 1 is still running alongside version 2",
        "version 2 first appeared at 2026-11-18T12:50:00Z",
    ];
    assert_eq!(found.notes, notes);
    let version = |n: u8| format!("{{service_name=\"checkout\", version=\"{n}\"}}");
    let found = canary.judge(&version(2), (60, 120), given(&version(1), (60, 120))).await;
    assert_eq!(found.notes, notes[1..], "of a given baseline, too");

    let rollback = World::new();
    rollback.run("1", 0..70, 0).await;
    rollback.run("2", 70..80, 400).await;
    rollback.run("1", 80..120, 0).await;
    let found = rollback.judge(CHECKOUT, (60, 120), Baselines::Auto).await;
    let why = "not compared with another version: version 2 is no longer running; version 1 is";
    assert_eq!(found.notes[0], why);
    assert!(
        found.verdict.headline().contains("compared with the hour before"),
        "{}",
        found.verdict.headline()
    );

    let hourly = World::new();
    for hour in 0..4 {
        hourly.run(&hour.to_string(), hour * 60..(hour + 1) * 60, 0).await;
    }
    let found = hourly.judge(CHECKOUT, (180, 240), Baselines::Auto).await;
    assert!(
        found.verdict.headline().contains(" between version 2 and version 3. "),
        "{}",
        found.verdict.headline()
    );
}

#[tokio::test]
async fn versions_by_any_of_their_labels() {
    for label in [
        "version",
        "service_version",
        "service.version",
        "service_git_ref",
        "vcs.ref.head.revision",
        "image_tag",
    ] {
        let world = World::new();
        for (version, minutes) in [("v1", 0..60), ("v2", 60..90)] {
            // A name that says the same of both does not hide the one that tells them apart.
            let labels = [("release", "stable"), (label, version), ("pod", version)];
            world.pod(&labels, minutes, PERIOD, usual).await;
        }
        let found = world.judge(CHECKOUT, (60, 90), Baselines::Auto).await;
        let text = found.verdict.headline();
        assert!(text.contains(" between version v1 and version v2. "), "{label}: {text}");
    }
}
