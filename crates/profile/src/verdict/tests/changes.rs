//! Sentences about what changed, or differs, and about what did not.

use super::*;

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
fn a_change_that_began_after_a_version_appeared() {
    let relation = || Relation::Times {
        baseline: "the hour before".to_owned(),
        new_version: Some(("2".to_owned(), "2026-11-29T14:02:00Z".to_owned())),
    };
    let began = |after_secs| {
        let (at, version) = ("2026-11-29T14:05:00Z".to_owned(), "2".to_owned());
        Some(Beginning { at, version, after_secs })
    };
    let mut one =
        verdict(relation(), Outcome::Compared(Box::new(Findings { began: began(180.0), ..findings() })));
    assert!(
        one.headline().ends_with(
            "against none in the hour before. The change began at about 2026-11-29T14:05:00Z, 3 min after version 2 first appeared."
        ),
        "{}",
        one.headline()
    );
    assert_eq!(one.sentences()[1..], ["Traffic not known: more requests would look the same."], "told once");
    one.outcome = Outcome::Compared(Box::new(Findings { began: began(0.0), ..findings() }));
    assert!(
        one.headline()
            .ends_with(" The change began at about 2026-11-29T14:05:00Z, when version 2 first appeared."),
        "{}",
        one.headline()
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
    let hidden = said(hour(), |found| {
        found.functions.clear();
        (found.total_changed, found.visible_share) = (false, 2.37);
    });
    assert!(
        hidden.ends_with(
            " of 12 % or more would have been seen. No change of a function could be told from chance: too little data."
        ),
        "{hidden}"
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
    assert!(text.ends_with(" Traffic not known: another mix of requests would look the same."), "{text}");
    assert_eq!(text.matches("Traffic").count(), 1, "{text}");
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
fn costs_of_a_unit_of_work() {
    let mut one = verdict(hour(), Outcome::Compared(Box::new(findings())));
    one.per = Per::Work;
    let text = one.sentences().join(" ");
    assert!(text.starts_with("CPU use per request is 16 % higher than in the hour before: "), "{text}");
    // What more requests cost is not in it.
    assert!(!text.contains("Traffic") && !text.contains("cores") && !text.contains("per replica"), "{text}");
    for (side, work) in one.sides.iter_mut().zip([1000.0, 1400.0]) {
        (side.covered_secs, side.work) = (100.0, Some(work));
    }
    let text = one.sentences().join(" ");
    assert!(text.contains(" Traffic per replica is 40 % higher than in the hour before."), "{text}");
    one.sides[1].work = Some(1050.0);
    assert!(!one.sentences().join(" ").contains("Traffic"));
    one.per = Per::Second;
    assert!(one.sentences().join(" ").ends_with("Traffic not known: more requests would look the same."));
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
