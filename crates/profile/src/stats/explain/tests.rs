//! Two trees drawn as text, and what explains their difference.

use super::*;
use crate::call_tree::oracle::tree;
use crate::diff::diff;
use Direction::{Grew, Shrank};

/// What `explain` says of two trees in which the named functions have changed: `function < under ~ deepest (moved from x)`.
fn said(before: &str, after: &str, changed: &[(&str, Direction)]) -> Vec<String> {
    let both = diff(&tree(before), &tree(after));
    let frames = both.frames();
    let function_of: Vec<Option<usize>> = (0..frames.len()).map(|i| (i > 0).then_some(i)).collect();
    let mut directions = vec![None; frames.len()];
    for (name, direction) in changed {
        let id = (1..frames.len()).find(|i| frames.name(FrameId(*i as u32)) == *name).unwrap();
        directions[id] = Some(*direction);
    }
    let own_code = OwnCode::guess(frames);
    let tested = Tested {
        tree: &both,
        function_of: &function_of,
        directions: &directions,
        weights: [1.0, 1.0],
        own_code: &own_code,
    };
    let name = |id: FrameId| frames.name(id);
    let text = |one: &Explained| {
        let mut text = name(one.frame).to_owned();
        one.under.into_iter().for_each(|id| text += &format!(" < {}", name(id)));
        one.deepest.into_iter().for_each(|id| text += &format!(" ~ {}", name(id)));
        match one.moved {
            None => {}
            Some(MovedFrom::Others) => text += " (moved from ?)",
            Some(MovedFrom::Function(from)) => text += &format!(" (moved from {})", name(from)),
            Some(MovedFrom::Caller(caller)) => text += &format!(" (moved from its caller {})", name(caller)),
        }
        text
    };
    explain(&tested).iter().map(text).collect()
}

#[test]
fn a_library_is_named_by_the_call_into_it() {
    let before = "shop::main;shop::handle_order;shop::price 40\n shop::main;shop::wait 10";
    let after = "shop::main;shop::handle_order;shop::price 40\n shop::main;shop::wait 10\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::Builder::build;regex::compile 60\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::Builder::build;regex::free 5";
    let changed = [
        "shop::handle_order",
        "core::iter::map",
        "regex::Regex::new",
        "regex::Builder::build",
        "regex::compile",
    ];
    assert_eq!(
        said(before, after, &changed.map(|name| (name, Grew))),
        ["regex::Regex::new < shop::handle_order ~ regex::compile"]
    );
}

#[test]
fn changes_within_one_call_into_a_library_are_one() {
    let before = "shop::main;shop::handle_order;shop::price 40";
    let after = "shop::main;shop::handle_order;shop::price 40\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;regex::compile 40\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;malloc 10\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;regex::build;regex::parse 12";
    let changed = [
        "shop::handle_order",
        "core::iter::map",
        "regex::Regex::new",
        "regex::build",
        "regex::compile",
        "malloc",
        "regex::parse",
    ];
    assert_eq!(
        said(before, after, &changed.map(|name| (name, Grew))),
        ["regex::Regex::new < shop::handle_order ~ regex::build"]
    );
}

#[test]
fn what_is_called_elsewhere_too_does_not_hide_the_call() {
    // As a whole `malloc` and the iterator cost less, as the rest of the service does.
    let before = "shop::main;shop::handle_order;shop::read;malloc 60\n shop::main;shop::handle_order;shop::read;core::iter::map 60";
    let after = "shop::main;shop::handle_order;shop::read;malloc 10\n shop::main;shop::handle_order;shop::read;core::iter::map 10\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;malloc 8\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;core::iter::map;regex::compile 30\n \
                 shop::main;shop::handle_order;core::iter::map;regex::Regex::new;core::iter::map;regex::free 8";
    let changed = [
        ("malloc", Shrank),
        ("core::iter::map", Shrank),
        ("shop::read", Shrank),
        ("regex::Regex::new", Grew),
        ("regex::compile", Grew),
        ("regex::free", Grew),
    ];
    let found = said(before, after, &changed);
    assert!(found.iter().any(|line| line.starts_with("regex::Regex::new < shop::handle_order")), "{found:?}");
    assert!(found.iter().all(|line| !line.starts_with("regex::compile")), "{found:?}");
}

#[test]
fn own_code_is_named_itself() {
    let (before, after) = ("shop::main;shop::a;shop::b 10", "shop::main;shop::a;shop::b 30");
    let changed = ["shop::main", "shop::a", "shop::b"].map(|name| (name, Grew));
    assert_eq!(said(before, after, &changed), ["shop::b < shop::a"]);
}

#[test]
fn two_causes_explain_what_is_above_them() {
    let before = "main;run;a 10\n main;run;b 10\n main;run;c 50";
    let after = "main;run;a 30\n main;run;b 25\n main;run;c 50";
    let changed = [("main", Grew), ("run", Grew), ("a", Grew), ("b", Grew)];
    assert_eq!(said(before, after, &changed), ["a < run", "b < run"]);
}

#[test]
fn a_service_at_its_limit_does_less_of_everything_else() {
    let before = "shop::main;shop::order;shop::read 36\n shop::main;shop::order;shop::reserve 28\n \
                  shop::main;shop::order;shop::parse 15\n shop::main;shop::order;shop::write 5";
    let after = "shop::main;shop::order;regex::Regex::new 60\n shop::main;shop::order;shop::read 10\n \
                 shop::main;shop::order;shop::reserve 8\n shop::main;shop::order;shop::parse 4\n \
                 shop::main;shop::order;shop::write 1";
    let changed = [("regex::Regex::new", Grew), ("shop::read", Shrank), ("shop::reserve", Shrank)];
    let found = said(before, after, &changed);
    assert_eq!(found[0], "regex::Regex::new < shop::order");
    assert!(found.iter().all(|line| !line.contains("moved")), "{found:?}");
}

#[test]
fn a_renamed_function_has_moved() {
    let before = "main;run;price_v1;sum 30\n main;run;other 50";
    let after = "main;run;price_v2;sum 31\n main;run;other 50";
    let changed = [("price_v1", Shrank), ("price_v2", Grew)];
    assert_eq!(
        said(before, after, &changed),
        ["price_v2 < run (moved from price_v1)", "price_v1 < run (moved from price_v2)"]
    );
}

#[test]
fn inlined_and_split_functions_have_moved() {
    let inlined = said(
        "main;run;price 10\n main;run;price;sum 30\n main;run;other 50",
        "main;run;price 41\n main;run;other 50",
        &[("sum", Shrank)],
    );
    assert_eq!(inlined, ["sum < price (moved from its caller price)"]);
    let split = said(
        "main;run;price 40\n main;run;other 50",
        "main;run;net 21\n main;run;tax 20\n main;run;other 50",
        &[("price", Shrank), ("net", Grew), ("tax", Grew)],
    );
    assert_eq!(
        split,
        ["price < run (moved from net)", "net < run (moved from price)", "tax < run (moved from price)"]
    );
}

#[test]
fn what_moved_comes_after_what_changed() {
    let before = "main;run;old 90\n main;work;cheap 10";
    let after = "main;run;new 90\n main;work;cheap 30";
    let changed = [("old", Shrank), ("new", Grew), ("work", Grew), ("cheap", Grew)];
    let found = said(before, after, &changed);
    assert_eq!(found[0], "cheap < work");
    assert!(found[1..].iter().all(|line| line.contains("moved")), "{found:?}");
}

#[test]
fn a_tree_of_one_node_explains_nothing() {
    assert!(said("(root) 5", "(root) 9", &[]).is_empty());
    assert_eq!(said("main 5", "main 9", &[("main", Grew)]), ["main"]);
}
