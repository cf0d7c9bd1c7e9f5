//! Verdicts cut down to a row of a list.

use super::*;

fn brief(relation: Relation, change: impl FnOnce(&mut Findings)) -> Option<String> {
    let mut found = findings();
    change(&mut found);
    verdict(relation, Outcome::Compared(Box::new(found))).brief()
}

#[test]
fn numbers_are_left_out() {
    let short = "The largest cause is `Regex::new`, called by `handle_order`. CPU use per replica is 16 % higher in version 2 than in \
                 version 1.";
    assert_eq!(brief(versions(), |_| ()).as_deref(), Some(short));
    let short =
        "The largest cause is `json.Marshal`. CPU use per replica is 14 % lower than in the hour before.";
    let lower = |found: &mut Findings| {
        found.total = figure(84e6, 72e6);
        found.functions = vec![Finding { cost: figure(12e6, 8e6), share: figure(0.16, 0.125), ..json() }];
    };
    assert_eq!(brief(hour(), lower).as_deref(), Some(short));
}

#[test]
fn names_may_hold_colons() {
    let relation = Relation::Versions { before: "release: 3".to_owned(), after: "release: 4".to_owned() };
    let short = brief(relation, |found| {
        found.functions[0].function = name("render: `page`");
        found.functions[0].under = Some(name("serve: all"));
    });
    let expected = "The largest cause is `render: `page``, called by `serve: all`. CPU use per replica is 16 % higher in version \
                    release: 4 than in version release: 3.";
    assert_eq!(short.as_deref(), Some(expected));
}

#[test]
fn a_headline_that_does_not_tell_what_and_why_is_not_cut() {
    assert_eq!(brief(pods(), |_| ()), None, "a difference has no cause");
    assert_eq!(brief(versions(), |found| found.functions.clear()), None);
    assert_eq!(brief(versions(), |found| found.total_changed = false), None);
    assert_eq!(brief(versions(), |found| found.total = figure(0.0, 74e6)), None, "nothing before");
    assert_eq!(brief(versions(), |found| found.total = figure(84e6, 72e6)), None, "against the change");
    let moved = |found: &mut Findings| found.functions[0].moved = Some(Moved::Others);
    assert_eq!(brief(versions(), moved), None);
    let nothing = Missing {
        in_baseline: true,
        span_secs: [0.0, 300.0],
        windows: [0, 6],
        baseline_span_secs: None,
        enough_in_secs: None,
    };
    assert_eq!(verdict(versions(), Outcome::TooLittle(nothing)).brief(), None);
}

/// The parts are those of the sentence.
#[test]
fn the_headline_begins_with_what_changed() {
    let one = verdict(versions(), Outcome::Compared(Box::new(findings())));
    let (headline, brief) = (one.headline(), one.brief().unwrap());
    let (cause, what) = brief.split_once(". ").unwrap();
    assert!(headline.starts_with(&format!("{}: ", what.trim_end_matches('.'))), "{headline}");
    assert!(headline.contains(&format!(" {cause}: ")), "{headline}");
}
