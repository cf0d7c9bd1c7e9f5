//! Golden sentences.

mod brief;
mod changes;
mod limits;
mod moved;
mod number;

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
        began: None,
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
