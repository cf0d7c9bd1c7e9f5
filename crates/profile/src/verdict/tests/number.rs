//! The number beside the sentence.

use super::*;

fn number(relation: Relation, change: impl FnOnce(&mut Findings)) -> Option<Number> {
    let mut found = findings();
    change(&mut found);
    verdict(relation, Outcome::Compared(Box::new(found))).number()
}

fn text(number: Option<Number>) -> (String, String, bool) {
    let Number { text, label, grew } = number.unwrap();
    (text, label, grew)
}

#[test]
fn the_total_has_changed() {
    let of = |before, after| text(number(versions(), |found| found.total = figure(before, after)));
    let label = || "CPU use per replica".to_owned();
    assert_eq!(of(64e6, 74e6), ("+16 %".to_owned(), label(), true));
    assert_eq!(of(84e6, 72e6), ("−14 %".to_owned(), label(), false));
    assert_eq!(of(2e6, 24e6), ("×12".to_owned(), label(), true));
    assert_eq!(of(0.0, 74e6), ("+0.074 cores".to_owned(), label(), true));
}

#[test]
fn only_a_function_has_changed() {
    let found = number(versions(), |found| {
        found.total_changed = false;
        found.functions = vec![json()];
    });
    let label = "`json.Marshal`, largest change".to_owned();
    assert_eq!(text(found), ("+0.004 cores".to_owned(), label, true));
    let mixed = number(versions(), |found| {
        found.total_changed = false;
        let less = Finding { cost: figure(12e6, 8e6), ..json() };
        found.functions = vec![less, regex()];
    });
    let label = "`Regex::new`, largest increase".to_owned();
    assert_eq!(text(mixed), ("+0.0395 cores".to_owned(), label, true), "what the headline names first");
}

#[test]
fn nothing_has_changed() {
    let none = number(versions(), |found| {
        found.total_changed = false;
        found.functions.clear();
    });
    assert_eq!(none, None);
    let moved = number(versions(), |found| {
        found.total_changed = false;
        found.functions = vec![Finding { moved: Some(Moved::Others), ..json() }];
    });
    assert_eq!(moved, None, "costs that moved are no change");
    let same = verdict(versions(), Outcome::NotComparable(NotComparable::SameSides));
    assert_eq!(same.number(), None);
}
