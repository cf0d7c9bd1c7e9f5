//! Texts of the facts about the origin of a snapshot's data.

use flarepath_profile::units::{Unit, format_value};
use flarepath_wire::snapshot::Facts;

/// Facts about the origin of the data, as text.
pub(super) fn fact_texts(facts: &Facts) -> Vec<String> {
    let count = |n: u64| format_value(n as f64, &Unit::parse("count"));
    // The embedded one is this server itself.
    let store = facts.store_text().filter(|_| facts.store_kind != "embedded");
    let store = store.map(|text| format!("store {text}"));
    let versions = (!facts.versions.is_empty()).then(|| format!("versions: {}", facts.versions.join(", ")));
    let period = (facts.sampling_period > 0).then(|| {
        let unit = Unit::parse(&facts.sampling_unit);
        let period = format_value(facts.sampling_period as f64, &unit);
        let derived =
            if facts.sampling_derived { " (derived from the time and the number of samples)" } else { "" };
        format!("sampled every {period}{derived}")
    });
    // Of nothing, nothing is missed.
    let period =
        period.or_else(|| (facts.samples > 0).then(|| "sampling period not sent by the profiler".to_owned()));
    let profilers = (!facts.profilers.is_empty()).then(|| facts.profilers.join(", "));
    let samples = (facts.samples > 0).then(|| format!("{} samples", count(facts.samples)));
    let instances = match (facts.instances_covered, facts.instances_known) {
        (0, _) => None,
        (1, 0 | 1) => Some("1 instance".to_owned()),
        (covered, 0) => Some(format!("{covered} instances")),
        (covered, known) => Some(format!("{covered} of {known} instances")),
    };
    let gaps = match facts.gaps.len() {
        0 => None,
        1 => Some("1 gap in the data".to_owned()),
        gaps => Some(format!("{gaps} gaps in the data")),
    };
    [store, versions, samples, period, profilers, instances, gaps].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_sampling_period_says_so() {
        let of = |sampling_derived| {
            let sampling_unit = "nanoseconds".to_owned();
            fact_texts(&Facts {
                sampling_period: 10_000_000,
                sampling_unit,
                sampling_derived,
                ..Facts::default()
            })
        };
        assert_eq!(of(false), ["sampled every 10 ms"]);
        assert_eq!(of(true), ["sampled every 10 ms (derived from the time and the number of samples)"]);
    }

    #[test]
    fn a_store_that_is_another_server_is_named() {
        let of = |store: &str, kind: &str| {
            let (store, store_kind) = (store.to_owned(), kind.to_owned());
            fact_texts(&Facts { store, store_kind, ..Facts::default() })
        };
        assert_eq!(of("prod", "pyroscope"), ["store prod (pyroscope)"]);
        assert!(of("embedded", "embedded").is_empty() && of("", "").is_empty());
    }

    #[test]
    fn the_profiler_is_named_and_a_missing_period_said() {
        let profilers = vec!["profiler gospy".to_owned(), "runtime go go1.26.8".to_owned()];
        let found = fact_texts(&Facts { samples: 7, profilers, ..Facts::default() });
        let expected =
            ["7 samples", "sampling period not sent by the profiler", "profiler gospy, runtime go go1.26.8"];
        assert_eq!(found, expected);
    }
}
