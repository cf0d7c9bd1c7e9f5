//! Golden sentences.

use super::*;

fn figure(before: f64, after: f64) -> Figure {
    let margin = before.max(after) * 0.06;
    Figure { before, after, low: after - before - margin, high: after - before + margin, p: 0.0001 }
}

fn name(name: &str) -> FunctionName {
    FunctionName { name: name.to_owned(), file: String::new() }
}

fn regex() -> Finding {
    Finding {
        function: name("Regex::new"),
        under: Some(name("handle_order")),
        deepest: Some(name("Compiler::compile")),
        cost: figure(0.0, 39.5e6),
        share: figure(0.0, 0.621),
        q: 0.0004,
        moved: None,
    }
}

fn json() -> Finding {
    let (cost, share) = (figure(8e6, 12e6), figure(0.125, 0.16));
    Finding { function: name("json.Marshal"), under: None, deepest: None, cost, share, q: 0.002, moved: None }
}

fn findings() -> Findings {
    Findings {
        total: figure(64e6, 74e6),
        total_changed: true,
        functions: vec![regex()],
        only_share: Vec::new(),
        compared: 24,
        visible_total: 0.12,
        visible_share: 0.018,
        baselines: 1,
        method: Method::default(),
    }
}

fn verdict(relation: Relation, outcome: Outcome) -> Verdict {
    let side = SideFacts { profiles: 480, replicas: 2, all_replicas: 2, ..SideFacts::default() };
    Verdict {
        relation,
        sample_type: "cpu".to_owned(),
        sample_unit: "nanoseconds".to_owned(),
        period_unit: "nanoseconds".to_owned(),
        per: Per::Second,
        sides: [side.clone(), side],
        outcome,
    }
}

fn versions() -> Relation {
    Relation::Versions { before: "1".to_owned(), after: "2".to_owned() }
}

fn hour() -> Relation {
    Relation::Times { baseline: "the hour before".to_owned(), new_version: None }
}

fn pods() -> Relation {
    Relation::Values { label: "pod".to_owned(), before: "a-1".to_owned(), after: "a-4".to_owned() }
}

fn said(relation: Relation, change: impl FnOnce(&mut Findings)) -> String {
    let mut found = findings();
    change(&mut found);
    verdict(relation, Outcome::Compared(Box::new(found))).sentences().join(" ")
}

#[test]
fn a_version_that_costs_more() {
    assert_eq!(
        said(versions(), |_| ()),
        "CPU use per replica is 16 % higher in version 2 than in version 1: 0.074 cores instead of 0.064 cores \
         (95 % interval: +8.7 % to +23 %). The largest cause is `Regex::new`, called by `handle_order`: 0.0395 cores \
         (62.1 % of the total), against none in version 1. Traffic not known: more requests would look the same."
    );
}

#[test]
fn a_function_that_costs_more_where_the_total_is_lower() {
    let text = said(versions(), |found| found.total = figure(84e6, 72e6));
    assert!(text.starts_with("CPU use per replica is 14 % lower in version 2 than in version 1: "), "{text}");
    assert!(
        text.contains(
            " Against that, the largest change is `Regex::new`, called by `handle_order`: 0.0395 cores"
        ),
        "{text}"
    );
}

#[test]
fn a_second_function_and_a_share_that_moved_alone() {
    let text = said(versions(), |found| {
        found.functions.push(json());
        found.only_share = vec![name("rustc_entry"), name("parse_cart")];
    });
    assert!(text.contains(
        " Another is `json.Marshal`: 0.004 cores more (0.012 cores instead of 0.008 cores; 16.0 % instead of 12.5 % of the total). "
    ), "{text}");
    assert!(text.contains(
        "The shares of `rustc_entry` and 1 other function changed only because the rest costs more or less: no significant change \
         of their cost."
    ), "{text}");
}

#[test]
fn times_and_a_version_that_appeared() {
    let relation = Relation::Times {
        baseline: "the hour before".to_owned(),
        new_version: Some(("2".to_owned(), "2026-11-29T14:02:00Z".to_owned())),
    };
    let text = said(relation, |found| found.functions.clear());
    assert_eq!(
        text,
        "CPU use per replica is 16 % higher than in the hour before: 0.074 cores instead of 0.064 cores (95 % interval: +8.7 % to \
         +23 %). All functions grew alike: none has significantly changed its share of the total. Version 2 first appeared at \
         2026-11-29T14:02:00Z. Traffic not known: more requests would look the same."
    );
}

#[test]
fn pods_differ_and_never_regress() {
    let text = said(pods(), |found| found.functions = vec![json()]);
    assert!(text.starts_with("CPU use per replica is 16 % higher in pod a-4 than in pod a-1: "), "{text}");
    assert!(text.contains(" The largest difference is `json.Marshal`: "), "{text}");
    let nothing = said(pods(), |found| {
        found.functions.clear();
        found.total_changed = false;
    });
    assert_eq!(
        nothing,
        "No significant difference of CPU use per replica between pod a-1 and pod a-4. A difference of the total of 12 % or more, \
         or of a function of 1.8 percentage points or more, would have been seen."
    );
    for text in [text, nothing] {
        assert!(!["regress", "since", "change", "Traffic"].iter().any(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn a_function_without_the_total() {
    let text = said(hour(), |found| {
        found.total_changed = false;
        found.total = figure(64e6, 65e6);
        found.functions = vec![json()];
    });
    assert!(text.starts_with(
        "CPU use per replica shows no significant change in total compared with the hour before (+1.6 %). The largest change is \
         `json.Marshal`: "
    ), "{text}");
}

#[test]
fn of_an_unchanged_total_the_largest_increase_and_decrease_are_told() {
    let wait =
        || Finding { function: name("wait"), cost: figure(30e6, 10e6), share: figure(0.46, 0.15), ..json() };
    let mixed = |found: &mut Findings| {
        (found.total, found.total_changed) = (figure(64e6, 65e6), false);
        found.functions = vec![wait(), json()];
    };
    let text = said(versions(), mixed);
    let (up, down) = (
        text.find(" The largest increase is `json.Marshal`: ").unwrap(),
        text.find(" The largest decrease is `wait`: 0.02 cores less ("),
    );
    assert!(down.is_some_and(|down| up < down), "{text}");
    let text = said(pods(), mixed);
    assert!(text.contains(" The largest difference is `json.Marshal`: "), "{text}");
    assert!(text.contains(" The largest in the other direction is `wait`: "), "{text}");
    let one_way = said(versions(), |found| {
        found.total_changed = false;
        found.functions = vec![wait()];
    });
    assert!(one_way.contains(" The largest change is `wait`: "), "{one_way}");
}

#[test]
fn long_names_are_short_in_sentences() {
    let long = "<alloc::vec::Vec<shop::cart::Item> as core::iter::traits::collect::FromIterator<shop::cart::Item>>::from_iter";
    let text = said(versions(), |found| {
        found.functions[0].function = name(long);
        found.only_share = vec![name(long)];
    });
    assert!(
        text.contains(
            "The largest cause is `<Vec<…> as FromIterator<…>>::from_iter`, called by `handle_order`: "
        ),
        "{text}"
    );
    assert!(text.contains("The share of `<Vec<…> as FromIterator<…>>::from_iter` changed only because the rest costs more or less: no significant change of its cost."), "{text}");
}

#[test]
fn costs_that_moved() {
    let moved =
        Finding { moved: Some(Moved::Function(name("price_v1"))), function: name("price_v2"), ..regex() };
    let text = said(versions(), |found| {
        found.total_changed = false;
        found.functions = vec![moved];
    });
    assert!(
        text.ends_with("Costs moved from `price_v1` to `price_v2`; their caller costs what it did."),
        "{text}"
    );
}

#[test]
fn less_and_many_times_more() {
    let less = said(hour(), |found| {
        found.total = figure(100e6, 65e6);
        found.functions.clear();
    });
    assert!(
        less.starts_with(
            "CPU use per replica is 35 % lower than in the hour before: 0.065 cores instead of 0.1 cores"
        ),
        "{less}"
    );
    let more = said(hour(), |found| found.total = figure(1e9, 11.93e9));
    assert!(
        more.contains(" is 12 times as high than")
            || more.contains(" is 12 times as high as in the hour before: "),
        "{more}"
    );
}

#[test]
fn memory_in_use_is_a_level() {
    let mut one =
        verdict(versions(), Outcome::Compared(Box::new(Findings { functions: vec![], ..findings() })));
    (one.sample_type, one.sample_unit, one.per) =
        ("inuse_space".to_owned(), "bytes".to_owned(), Per::Profile);
    assert!(one.headline().starts_with("Memory in use per replica is 16 % higher in version 2 than in version 1: 70.6 MiB instead of 61 MiB"), "{}", one.headline());
    assert_eq!(
        one.sentences()[1..],
        ["All functions grew alike: none has significantly changed its share of the total."]
    );
}

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
    assert!(one.headline().starts_with("CPU use per unit of work is 16 % higher"), "{}", one.headline());
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
    assert!(!periods_differ([10, 0]) && !periods_differ([100, 101]) && periods_differ([10, 20]));
}

#[test]
fn renamed_inlined_and_split_functions_are_told_once() {
    let one = |own: &str, moved, [before, after]: [f64; 2]| Finding {
        function: name(own),
        moved: Some(moved),
        cost: figure(before, after),
        ..json()
    };
    let of = |relation: Relation, functions: Vec<Finding>| {
        let text = said(relation, |found| {
            (found.total, found.total_changed) = (figure(64e6, 64.1e6), false);
            found.functions = functions;
        });
        text.split_once("). ").unwrap().1.to_owned()
    };
    let other = |other: &str| Moved::Function(name(other));
    let renamed = || vec![one("b", other("a"), [0.0, 9e6]), one("a", other("b"), [9e6, 0.0])];
    assert_eq!(of(versions(), renamed()), "Costs moved from `a` to `b`; their caller costs what it did.");
    let split = vec![
        one("price", other("net"), [9e6, 0.0]),
        one("net", other("price"), [0.0, 5e6]),
        one("tax", other("price"), [0.0, 4e6]),
    ];
    assert_eq!(
        of(versions(), split),
        "Costs moved from `price` to `net`; their caller costs what it did. Costs moved from `price` to `tax`; their caller costs what \
         it did."
    );
    let inlined = || vec![one("sum", Moved::Caller(name("price")), [9e6, 0.0])];
    assert_eq!(
        of(versions(), inlined()),
        "Costs of `sum` moved into its caller `price`, which costs what it did."
    );
    let extracted = vec![one("sum", Moved::Caller(name("price")), [0.0, 9e6])];
    assert_eq!(
        of(versions(), extracted),
        "Costs of `price` itself moved into `sum`, which it calls; `price` costs what it did."
    );
    // Between pods nothing moves.
    for text in [of(pods(), renamed()), of(pods(), inlined())] {
        assert!(text.contains("costs the same.") && !text.contains("moved"), "{text}");
    }
}

#[test]
fn twice_the_traffic() {
    let text = said(hour(), |found| {
        found.total = figure(64e6, 128e6);
        found.functions.clear();
    });
    assert!(text.starts_with("CPU use per replica is 100 % higher than in the hour before: "), "{text}");
    assert!(
        text.ends_with(
            " All functions grew alike: none has significantly changed its share of the total. Traffic not known: more requests would \
             look the same."
        ),
        "{text}"
    );
}

#[test]
fn a_tree_of_one_function() {
    let text = said(hour(), |found| {
        found.functions.clear();
        (found.total_changed, found.compared) = (false, 1);
    });
    assert_eq!(
        text,
        "No significant change of CPU use per replica compared with the hour before. A change of the total of 12 % or more would have \
         been seen."
    );
}

#[test]
fn what_differs_is_never_said_to_have_changed() {
    for relation in [pods(), Relation::Selections] {
        let mut one = verdict(relation, Outcome::Compared(Box::new(findings())));
        (one.sides[0].period, one.sides[1].period) = (10_000_000, 20_000_000);
        (one.sides[0].span_secs, one.sides[0].gap_secs) = (3600.0, 720.0);
        for (functions, only_share) in
            [(vec![regex(), json()], vec![name("parse_cart")]), (Vec::new(), Vec::new())]
        {
            if let Outcome::Compared(found) = &mut one.outcome {
                (found.functions, found.only_share) = (functions, only_share);
            }
            let text = one.sentences().join(" ");
            for word in ["regress", "since", "chang", "grew", "shrank", "moved", "before", "now", "version"] {
                assert!(!text.contains(word), "{word}: {text}");
            }
        }
    }
}
