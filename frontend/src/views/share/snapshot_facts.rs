//! Facts about a snapshot, on its page and in its offline page: where the numbers are from, totals of both sides, and why
//! there is no verdict.

use crate::api::shares::{SideData, SnapshotData};
use crate::reactive::list;
use crate::state::civil::civil;
use crate::state::clock_text::span_text;
use crate::state::loaded_profile::LoadedProfile;
use crate::state::share::SanitizeReport;
use crate::state::side_summary::{SideSummary, side_texts};
use crate::views::comparison::verdict::NO_VERDICT;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::units::{Unit, format_value};
use leptos::prelude::*;

/// `2026-11-21 14:05 UTC`: people in different places read the same.
pub(crate) fn utc(ms: i64) -> String {
    let at = civil(ms, 0);
    format!("{} {:02}:{:02} UTC", at.date(), at.hour, at.minute)
}

/// Facts in a line.
pub(crate) fn facts_line(facts: Vec<String>) -> AnyView {
    let one = |text: String| view! { <span>{text}</span> }.into_any();
    view! { <p><strong>"Snapshot"</strong>{list(facts.into_iter().map(one))}</p> }.into_any()
}

/// Where the numbers of each side are from.
pub(crate) fn origin_facts(snapshot: &SnapshotData) -> Vec<String> {
    let mut facts = Vec::new();
    let many = snapshot.sides.len() > 1;
    for side in &snapshot.sides {
        let what = if many { format!("{} ", side.label) } else { String::new() };
        if let Some(span) = side.span {
            facts.push(format!("{what}{} UTC", span_text(span.from_ns, span.until_ns, 0)));
        }
        if !side.selector.is_empty() && side.selector != "{}" {
            facts.push(format!("{what}{}", side.selector));
        }
        let known: Vec<String> = covered(side).into_iter().chain(side.facts.iter().cloned()).collect();
        if !known.is_empty() {
            facts.push(format!("{what}{}", known.join(", ")));
        }
    }
    facts.extend(snapshot.facts.iter().cloned());
    facts
}

fn covered(side: &SideData) -> Option<String> {
    let time = format_value(side.covered_ns as f64, &Unit::parse("nanoseconds"));
    let all = match side.replicas {
        0 | 1 => String::new(),
        replicas => format!(" by {replicas} replicas together"),
    };
    (side.covered_ns > 0).then(|| format!("{time} covered{all}"))
}

/// How much was removed, and by which policy.
pub(crate) fn removed_text(report: &SanitizeReport) -> String {
    let head = match report.removed_lines().len() {
        0 => "Nothing was removed".to_owned(),
        1 => "1 kind of data was removed".to_owned(),
        many => format!("{many} kinds of data were removed"),
    };
    format!("{head} (policy: {})", report.policy)
}

/// Totals of both sides of a comparison, with the profiles, replicas and covered time that they are of; empty for anything else.
pub(crate) fn side_lines(snapshot: &SnapshotData) -> Vec<String> {
    let [baseline, comparison] = snapshot.sides.as_slice() else { return Vec::new() };
    let (Some(first), Some(second)) = (&baseline.profile, &comparison.profile) else { return Vec::new() };
    let summary = |what: &str, side: &SideData, profile: &LoadedProfile| SideSummary {
        name: named(what, &side.label),
        total: profile.tree.total(NodeId::ROOT),
        profiles: profile.profiles,
        replicas: side.replicas,
        covered_ns: side.covered_ns,
    };
    let sides = [summary("baseline", baseline, first), summary("comparison", comparison, second)];
    side_texts(&sides, second.profile_type.as_ref(), &second.unit).to_vec()
}

/// `baseline`, or `baseline before.folded`.
fn named(what: &str, label: &str) -> String {
    if label.is_empty() || label == what { what.to_owned() } else { format!("{what} {label}") }
}

/// Why a comparison has no verdict.
pub(crate) fn without_verdict(snapshot: &SnapshotData) -> &'static str {
    match (snapshot.knows_time, snapshot.is_local) {
        (false, _) => "Covered time was not recorded in this snapshot; rates and a verdict cannot be shown.",
        (true, true) => NO_VERDICT,
        (true, false) => "No verdict was recorded in this snapshot.",
    }
}
