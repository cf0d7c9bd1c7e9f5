//! What functions cost in a recorded run: the means that the intervals of verdicts have to contain.

use flarepath::demo::recording::{Push, Recording};
use flarepath::store::NewProfile;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;

/// How much more a function costs a replica of version 2 of checkout than one of version 1, in nanoseconds a second: the difference of
/// the means of all whole profiles.
pub(crate) fn difference_of_means(recording: &Recording, function: &str) -> f64 {
    mean_cost(recording, "v2", function) - mean_cost(recording, "v1", function)
}

fn mean_cost(recording: &Recording, version: &str, function: &str) -> f64 {
    let mut pods: BTreeMap<&str, Vec<&Push>> = BTreeMap::new();
    for push in recording.pushes() {
        let labels = recording.labels(push);
        if labels.service() == "checkout" && labels.get("version") == Some(version) {
            pods.entry(labels.get("pod").unwrap_or_default()).or_default().push(push);
        }
    }
    let (mut cost, mut seconds) = (0.0, 0.0);
    for pushes in pods.into_values() {
        // The first and the last cover a part of their time.
        for push in &pushes[1..pushes.len() - 1] {
            let new = recording.profile(push, UnixNanos(0));
            cost += cost_of(&new, function) as f64;
            seconds += new.profile.duration_nanos as f64 / 1e9;
        }
    }
    cost / seconds
}

/// The total cost of a function, by its name.
fn cost_of(new: &NewProfile, function: &str) -> i64 {
    let p = &new.profile;
    let is_on = |i: &usize| {
        p.stacks.get(p.samples.stack(*i)).iter().any(|location| {
            let lines = p.locations.get(location.index()).lines;
            lines.iter().any(|line| p.str(p.functions[line.function.index()].name) == function)
        })
    };
    (0..p.samples.len()).filter(is_on).map(|i| p.samples.values(i)[0]).sum()
}
