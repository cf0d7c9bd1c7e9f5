//! The summary of a profile: `0.0742 cores per replica · 4.97 core-hours · 3 replicas · 67 h covered by all together · 4,800
//! profiles · 0.2 % unsymbolized`.

use super::term::with_term;
use crate::reactive::{Memo, Signal, list};
use crate::state::loaded_profile::LoadedProfile;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::units::{Unit, UnitScale, format_rate, format_share, format_value};
use flarepath_profile::verdict::is_level;
use leptos::prelude::*;

/// Follows the covered time of several replicas. A phone leaves it out.
const TOGETHER: &str = " by all together";

#[component]
pub(crate) fn SummaryLine(
    #[prop(into)] profile: Signal<Option<LoadedProfile>>,
    /// How many replicas its profiles are from; 0 if that is not known.
    #[prop(default = Signal::derive(|| 0))]
    replicas: Signal<u64>,
) -> impl IntoView {
    let parts = Memo::new(move || {
        let replicas = replicas.get();
        profile.with(|p| p.as_ref().map(|p| parts(p, replicas))).unwrap_or_default()
    });
    let one = |text: String| match text.strip_suffix(TOGETHER) {
        Some(text) => {
            view! { <span>{with_term(text)}<span class="wide-only">{TOGETHER}</span></span> }.into_any()
        }
        None => view! { <span>{with_term(&text)}</span> }.into_any(),
    };
    view! { <p class="summary-line" aria-label="Summary">{move || list(parts.get().into_iter().map(one))}</p> }
}

fn parts(profile: &LoadedProfile, replicas: u64) -> Vec<String> {
    let tree = &profile.tree;
    let total = tree.total(NodeId::ROOT) as f64;
    let kind = profile.profile_type.as_ref().map_or("", |t| t.sample_type.as_str());
    let unit = Unit::of(kind, &profile.unit);
    let mut parts = rate(profile, total, (kind, &unit), replicas);
    parts.push(count(profile.profiles, "profile"));
    if profile.profiles > 0 && total != 0.0 {
        let missing = unsymbolized(profile) as f64;
        parts.push(format!("{} unsymbolized", format_share(missing, total)));
    }
    parts
}

/// What one replica costs, the total, and over what it was measured; only the total where the time is not known. Profiles show a
/// level, such as memory in use, at an instant: added up it has no rate.
fn rate(profile: &LoadedProfile, total: f64, (kind, unit): (&str, &Unit), replicas: u64) -> Vec<String> {
    let mut parts = vec![total_text(total, kind, unit)];
    let Some(seconds) = profile.seconds.filter(|s| *s > 0.0 && replicas > 0) else { return parts };
    let (each, together) = if replicas > 1 { (" per replica", TOGETHER) } else { ("", "") };
    match is_level(kind) {
        true => parts[0].push_str(" added up"),
        false => parts.insert(0, format_rate(total, unit, seconds) + each),
    }
    parts.push(count(replicas, "replica"));
    parts.push(format_value(seconds, &Unit::parse("seconds")) + " covered" + together);
    parts
}

/// `1 sample`, `12,345 samples`.
pub(crate) fn count(n: u64, one: &str) -> String {
    let text = format_value(n as f64, &Unit::parse("count"));
    if n == 1 { format!("{text} {one}") } else { format!("{text} {one}s") }
}

/// The total of a profile: CPU time from an hour on in core-hours, the unit in which it is paid, below in seconds, as in the table.
pub(crate) fn total_text(total: f64, kind: &str, unit: &Unit) -> String {
    if kind != "cpu" {
        return format_value(total, unit);
    }
    let text = format_value(total, unit);
    match text.strip_suffix(" h") {
        Some(hours) => format!("{hours} core-hours"),
        None if text.ends_with(" min") => UnitScale::for_largest(unit, total).amount(total) + " of CPU time",
        None => text + " of CPU time",
    }
}

/// Self value of the frames without a symbol.
fn unsymbolized(profile: &LoadedProfile) -> i64 {
    let (frames, (frame, _, self_value, _)) = (profile.tree.frames(), profile.tree.columns());
    let nameless: Vec<bool> = frames.iter().map(|f| !f.symbolized).collect();
    let pairs = frame.iter().zip(self_value);
    pairs.filter(|(f, _)| nameless.get(f.0 as usize) == Some(&true)).map(|(_, v)| *v).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;
    use std::sync::Arc;

    fn profile(kind: &str, unit: &str, total: i64, seconds: Option<f64>) -> LoadedProfile {
        let mut builder = TreeBuilder::new();
        let work = builder.frame(FrameText { name: "work", symbolized: true, ..FrameText::default() });
        builder.add_path([work], total);
        LoadedProfile {
            tree: Arc::new(builder.finish()),
            diff: None,
            origins: None,
            unit: unit.to_owned(),
            profile_type: format!("x:{kind}:{unit}::").parse().ok(),
            seconds,
            covered_ns: None,
            profiles: 240,
            generation: 0,
        }
    }

    fn said(profile: &LoadedProfile, replicas: u64) -> String {
        parts(profile, replicas).join(" · ")
    }

    #[test]
    fn says_the_rate_of_one_replica_and_over_what_it_was_measured() {
        let cpu = profile("cpu", "nanoseconds", 298_000_000_000, Some(4000.0));
        assert_eq!(
            said(&cpu, 3),
            "0.0745 cores per replica · 298 s of CPU time · 3 replicas · 1.11 h covered by all together · 240 profiles · \
             0 % unsymbolized"
        );
        assert_eq!(
            said(&cpu, 1),
            "0.0745 cores · 298 s of CPU time · 1 replica · 1.11 h covered · 240 profiles · 0 % unsymbolized"
        );
        let bytes = profile("alloc_space", "bytes", 10 << 20, Some(5.0));
        assert!(said(&bytes, 2).starts_with("2 MiB/s per replica · 10 MiB · 2 replicas · 5 s covered"));
    }

    #[test]
    fn says_the_total_alone_where_the_time_is_not_known() {
        let cpu = |seconds| profile("cpu", "nanoseconds", 7_200_000_000_000, seconds);
        for (known, replicas) in [(None, 3), (Some(0.0), 3), (Some(60.0), 0)] {
            assert_eq!(said(&cpu(known), replicas), "2 core-hours · 240 profiles · 0 % unsymbolized");
        }
    }

    #[test]
    fn levels_have_no_rate() {
        let memory = profile("inuse_space", "bytes", 240 << 20, Some(3600.0));
        let text = "240 MiB added up · 2 replicas · 1 h covered by all together · 240 profiles";
        assert!(said(&memory, 2).starts_with(text), "{}", said(&memory, 2));
    }
}
