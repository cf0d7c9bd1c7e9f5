//! The summary of a profile: `12.3 core-hours · 4,800 profiles · 0.2 % unsymbolized`.

use crate::reactive::{Memo, Signal, list};
use crate::state::loaded_profile::LoadedProfile;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::units::{Unit, format_share, format_value};
use leptos::prelude::*;

#[component]
pub(crate) fn SummaryLine(#[prop(into)] profile: Signal<Option<LoadedProfile>>) -> impl IntoView {
    let parts = Memo::new(move || profile.with(|p| p.as_ref().map(parts)).unwrap_or_default());
    let one = |text| view! { <span>{text}</span> }.into_any();
    view! { <p class="summary-line" aria-label="Summary">{move || list(parts.get().into_iter().map(one))}</p> }
}

fn parts(profile: &LoadedProfile) -> Vec<String> {
    let tree = &profile.tree;
    let total = tree.total(NodeId::ROOT) as f64;
    let kind = profile.profile_type.as_ref().map_or("", |t| t.sample_type.as_str());
    let unit = Unit::of(kind, &profile.unit);
    let count = |n: u64, one: &str, many: &str| {
        format!("{} {}", format_value(n as f64, &Unit::parse("count")), if n == 1 { one } else { many })
    };
    let mut parts = vec![total_text(total, kind, &unit), count(profile.profiles, "profile", "profiles")];
    if profile.profiles > 0 && total != 0.0 {
        let missing = unsymbolized(profile) as f64;
        parts.push(format!("{} unsymbolized", format_share(missing, total)));
    }
    parts
}

/// CPU time from an hour on is written in core-hours, the unit in which it is paid.
fn total_text(total: f64, kind: &str, unit: &Unit) -> String {
    let text = format_value(total, unit);
    if kind != "cpu" {
        return text;
    }
    match text.strip_suffix(" h") {
        Some(hours) => format!("{hours} core-hours"),
        None => format!("{text} of CPU time"),
    }
}

/// Self value of the frames without a symbol.
fn unsymbolized(profile: &LoadedProfile) -> i64 {
    let (frames, (frame, _, self_value, _)) = (profile.tree.frames(), profile.tree.columns());
    let nameless: Vec<bool> = frames.iter().map(|f| !f.symbolized).collect();
    let pairs = frame.iter().zip(self_value);
    pairs.filter(|(f, _)| nameless.get(f.0 as usize) == Some(&true)).map(|(_, v)| *v).sum()
}
