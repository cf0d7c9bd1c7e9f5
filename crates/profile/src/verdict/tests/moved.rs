//! Sentences about costs that only moved.

use super::*;

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
