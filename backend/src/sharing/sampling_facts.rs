//! Sampling configuration of a selection, as far as its labels and profile types tell it: profiler, SDK, runtime, sample types.

use crate::store::SeriesInfo;
use flarepath_profile::profile_type::ProfileType;
use std::collections::{BTreeSet, HashMap};

/// Most texts of a kind that are kept.
const MOST: usize = 20;
/// Labels that name a profiler, in any spelling.
const LABELS: [&str; 5] = [
    "pyroscope_spy",
    "telemetry_sdk_name",
    "telemetry_sdk_version",
    "process_runtime_name",
    "process_runtime_version",
];
/// What is named, and the places among these of its name and its version.
const NAMED: [(&str, usize, Option<usize>); 3] =
    [("profiler", 0, None), ("SDK", 1, Some(2)), ("runtime", 3, Some(4))];

/// Names and versions of profilers, SDKs and runtimes, sorted, such as `runtime go go1.26.8`.
pub(super) fn profilers(series: &[&SeriesInfo]) -> Vec<String> {
    let mut places: HashMap<&str, Option<usize>> = HashMap::new();
    let mut found = BTreeSet::new();
    for info in series {
        let mut values = [""; LABELS.len()];
        for (name, value) in info.labels.iter() {
            if let Some(place) = places.entry(name).or_insert_with(|| place(name)) {
                values[*place] = value;
            }
        }
        for (what, name, version) in NAMED {
            let parts = [what, values[name], version.map_or("", |version| values[version])];
            if !values[name].is_empty() {
                found.insert(parts.join(" ").trim_end().to_owned());
            }
        }
    }
    found.into_iter().take(MOST).collect()
}

fn place(name: &str) -> Option<usize> {
    let plain = name.to_ascii_lowercase().replace(['.', '-', '/'], "_");
    LABELS.iter().position(|label| *label == plain)
}

/// The sample types that profiles of this name have, with their units, sorted, such as `cpu (nanoseconds)`.
pub(super) fn sample_types(series: &[&SeriesInfo], of: &ProfileType) -> Vec<String> {
    let types = series.iter().flat_map(|info| info.profile_types.iter()).filter(|t| t.name == of.name);
    let named: BTreeSet<(&str, &str)> =
        types.map(|t| (t.sample_type.as_str(), t.sample_unit.as_str())).collect();
    named.into_iter().take(MOST).map(|(name, unit)| format!("{name} ({unit})")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    fn series(labels: &[(&str, &str)]) -> SeriesInfo {
        let types = [
            "process_cpu:samples:count:cpu:nanoseconds",
            "process_cpu:cpu:nanoseconds:cpu:nanoseconds",
            "memory:inuse_space:bytes:space:bytes",
        ];
        SeriesInfo {
            labels: Arc::new(labels.iter().copied().collect()),
            profile_types: types.map(|t| t.parse().unwrap()).into_iter().collect(),
            newest: UnixNanos(0),
        }
    }

    #[test]
    fn profilers_are_named_by_their_labels() {
        let all = [
            series(&[
                ("pyroscope_spy", "gospy"),
                ("process.runtime.name", "go"),
                ("process.runtime.version", "go1.26.8"),
            ]),
            series(&[
                ("telemetry.sdk.name", "opentelemetry"),
                ("telemetry.sdk.version", "1.27.0"),
                ("pod", "a"),
            ]),
            series(&[("pyroscope_spy", "gospy"), ("telemetry_sdk_version", "2")]),
        ];
        let all: Vec<&SeriesInfo> = all.iter().collect();
        assert_eq!(profilers(&all), ["SDK opentelemetry 1.27.0", "profiler gospy", "runtime go go1.26.8"]);
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().unwrap();
        assert_eq!(sample_types(&all, &cpu), ["cpu (nanoseconds)", "samples (count)"]);
        assert!(profilers(&[]).is_empty() && sample_types(&[], &cpu).is_empty());
    }
}
