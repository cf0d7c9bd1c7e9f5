//! Sentences about costs that only moved: of renamed, split, inlined and extracted functions.

use super::{Finding, FunctionName, Moved};
use std::collections::BTreeSet;

/// The findings without those whose move another one tells: a renamed function is one that is gone and one that is new.
pub(super) fn told(findings: &[Finding]) -> Vec<&Finding> {
    let mut routes = BTreeSet::new();
    let mut told = Vec::new();
    for finding in findings {
        if route(finding).is_none_or(|route| routes.insert(route)) {
            told.push(finding);
        }
    }
    told
}

/// From which function to which costs have moved.
fn route(finding: &Finding) -> Option<[&str; 2]> {
    let (own, other) = (&*finding.function.name, &*finding.moved.as_ref()?.function()?.name);
    Some(if is_less(finding) { [own, other] } else { [other, own] })
}

fn is_less(finding: &Finding) -> bool {
    finding.cost.difference() < 0.0
}

/// The sentence. What differs between two selections has not moved over time.
pub(super) fn about_moved(finding: &Finding, moved: &Moved, is_over_time: bool) -> String {
    let name = finding.function.quoted();
    let other = moved.function().map_or_else(|| "other functions".to_owned(), FunctionName::quoted);
    match (moved, is_over_time, is_less(finding)) {
        (Moved::Caller(_), true, true) => {
            format!("Costs of {name} moved into its caller {other}, which costs what it did.")
        }
        (Moved::Caller(_), true, false) => {
            format!("Costs of {other} itself moved into {name}, which it calls; {other} costs what it did.")
        }
        (Moved::Caller(_), false, less) => {
            let [own, callers] = if less { ["less", "more"] } else { ["more", "less"] };
            format!(
                "{name} costs {own} and its caller {other} itself {callers}; in all {other} costs the same."
            )
        }
        (_, true, less) => {
            let [source, target] = if less { [&name, &other] } else { [&other, &name] };
            format!("Costs moved from {source} to {target}; their caller costs what it did.")
        }
        (_, false, less) => {
            let [own, others] = if less { ["less", "more"] } else { ["more", "less"] };
            format!("{name} costs {own} and {other} {others}; their caller costs the same.")
        }
    }
}
