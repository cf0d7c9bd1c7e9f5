//! Sentences about data that are scarce, cannot be compared, or do not tell everything.

use super::*;

#[test]
fn too_little_data() {
    let missing = |in_baseline, span, windows, enough_in_secs| Missing {
        in_baseline,
        span_secs: [span, 300.0],
        windows: [windows, 6],
        baseline_span_secs: None,
        enough_in_secs,
    };
    let text = |missing| verdict(versions(), Outcome::TooLittle(missing)).headline();
    assert_eq!(
        text(missing(false, 120.0, 16, Some(180.0))),
        "Too little data yet: version 2 has 2 min of data, and at least 5 min are needed. It will be enough in about 3 min."
    );
    assert_eq!(
        text(missing(true, 600.0, 3, None)),
        "Too little data: version 1 has 3 intervals with profiles, and at least 6 are needed. Choose a longer range or another baseline."
    );
    let of = |profiles, missing| {
        let mut one = verdict(hour(), Outcome::TooLittle(missing));
        [one.sides[0].profiles, one.sides[1].profiles] = profiles;
        one.headline()
    };
    assert_eq!(of([0, 9], missing(true, 0.0, 0, None)), "No verdict: the hour before has no profiles.");
    assert_eq!(
        of([240, 1], missing(false, 15.0, 1, None)),
        "Too little data: this range has one profile, and at least 5 min are needed. Choose a longer range or another baseline."
    );
    let both = |span| Missing { baseline_span_secs: Some(span), ..missing(false, 60.0, 4, None) };
    assert_eq!(
        of([0, 4], both(0.0)),
        "Too little data: this range has 60 s of data, and at least 5 min are needed; the hour before has no profiles. Choose a longer range \
         or another baseline."
    );
    assert!(of([9, 4], both(120.0)).contains("; the hour before has 2 min of data. "));
    assert!(of([3, 4], both(900.0)).contains("; the hour before has too few profiles. "));
}

#[test]
fn without_a_label_of_replicas_none_are_mentioned() {
    let mut one = verdict(hour(), Outcome::Compared(Box::new(findings())));
    one.sides = [SideFacts::default(), SideFacts::default()];
    assert!(
        one.headline().starts_with("CPU use is 16 % higher than in the hour before: "),
        "{}",
        one.headline()
    );
    one.per = Per::Work;
    assert!(one.headline().starts_with("CPU use per request is 16 % higher"), "{}", one.headline());
    assert!(!one.sentences().join(" ").contains("Traffic"));
}

#[test]
fn parts_that_limit_the_verdict() {
    let mut one = verdict(versions(), Outcome::Compared(Box::new(findings())));
    one.sides[1] = SideFacts { replicas: 24, all_replicas: 300, ..SideFacts::default() };
    let all = one.sentences();
    assert_eq!(all.last().unwrap(), "Measured: 24 of the 300 replicas of version 2.");
    let lone = SideFacts { replicas: 1, all_replicas: 1, ..SideFacts::default() };
    one.sides = [lone.clone(), lone];
    assert_eq!(
        one.sentences().last().unwrap(),
        "Each side has one replica: a difference between their machines would look the same."
    );
}

#[test]
fn one_replica_on_one_side() {
    let mut one = verdict(versions(), Outcome::Compared(Box::new(findings())));
    one.sides[1] = SideFacts { replicas: 1, all_replicas: 1, ..SideFacts::default() };
    assert_eq!(
        one.sentences().last().unwrap(),
        "Version 2 has one replica: a difference of its machine would look the same."
    );
}

#[test]
fn sides_that_cannot_be_compared() {
    let text = |why| {
        let mut one = verdict(versions(), Outcome::NotComparable(why));
        (one.sides[0].period, one.sides[1].period) = (10_000_000, 20_000_000);
        one.sentences().join(" ")
    };
    assert_eq!(
        text(NotComparable::SameSides),
        "Nothing to compare: both sides are the same selection in the same time range."
    );
    assert_eq!(
        text(NotComparable::SamplingRates),
        "No verdict: the sides were sampled at different rates (version 1 every 10 ms, version 2 every 20 ms), and this type counts \
         samples. Compare a type that measures time."
    );
    assert!(
        text(NotComparable::Types).starts_with("No verdict: the two sides are of different profile types")
    );
    assert!(text(NotComparable::NegativeValues).starts_with("No verdict: some values are negative"));
}

#[test]
fn different_sampling_rates_and_gaps_are_said() {
    let mut one = verdict(hour(), Outcome::Compared(Box::new(findings())));
    (one.sides[0].period, one.sides[1].period) = (10_000_000, 20_000_000);
    (one.sides[0].span_secs, one.sides[0].gap_secs) = (3600.0, 720.0);
    (one.sides[1].span_secs, one.sides[1].gap_secs) = (3600.0, 90.0);
    let all = one.sentences();
    assert_eq!(
        all[all.len() - 2..],
        [
            "The sides were sampled at different rates (the hour before every 10 ms, this range every 20 ms); profilers scale times \
             and bytes accordingly.",
            "The hour before has no profiles for 12 min of its 60 min.",
        ]
    );
    (one.sides[0].gap_secs, one.sides[1].period_is_derived) = (0.0, true);
    assert_eq!(
        one.sentences().last().unwrap(),
        "The sides were sampled at different rates (the hour before every 10 ms, this range every 20 ms; that of this range is derived \
         from the time and the number of samples); profilers scale times and bytes accordingly."
    );
    assert!(!periods_differ([10, 0]) && !periods_differ([100, 101]) && periods_differ([10, 20]));
}
