//! Lanes: samples in time order, grouped by thread.
//!
//! Files that hold one profile a thread need no lanes; those that mix threads (JFR, OTLP, pprof) name the thread
//! of each sample in a label.

use crate::profile::Profile;
use crate::sample::SampleLabelValue;
use crate::string_table::StrId;
use rustc_hash::FxHashMap;

/// The label that names a sample's thread, in files of ours and in pprof.
pub const THREAD_LABEL: &str = "thread";

/// The samples of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The thread's name; empty when the samples do not say.
    pub name: String,
    /// Indices of samples, in time order.
    pub samples: Vec<u32>,
}

/// The samples that have a time, in the order of it; those at one time as in the profile.
pub fn in_time_order(profile: &Profile) -> Vec<u32> {
    let samples = &profile.samples;
    let mut order: Vec<u32> =
        (0..samples.len() as u32).filter(|&i| samples.timestamp(i as usize).is_some()).collect();
    order.sort_by_key(|&i| samples.timestamp(i as usize));
    order
}

/// The samples that have a time by the text of a label, such as [`THREAD_LABEL`]. The lane with the most samples
/// comes first, equal ones by name.
pub fn lanes(profile: &Profile, label: &str) -> Vec<Lane> {
    let key = profile.strings.find(label);
    let name_of = |i: u32| {
        let labels = profile.samples.labels(i as usize).iter();
        let text = labels.filter(|l| Some(l.key) == key).find_map(|l| match l.value {
            SampleLabelValue::Text(text) => Some(text),
            SampleLabelValue::Number(..) => None,
        });
        text.unwrap_or(StrId::EMPTY)
    };
    let mut by_name: FxHashMap<StrId, Vec<u32>> = FxHashMap::default();
    for i in in_time_order(profile) {
        by_name.entry(name_of(i)).or_default().push(i);
    }
    let lane = |(name, samples)| Lane { name: profile.str(name).to_owned(), samples };
    let mut lanes: Vec<Lane> = by_name.into_iter().map(lane).collect();
    lanes.sort_by(|a, b| b.samples.len().cmp(&a.samples.len()).then_with(|| a.name.cmp(&b.name)));
    lanes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{SampleLabel, Samples};
    use crate::stack_table::StackId;

    #[test]
    fn groups_samples_by_thread_in_time_order() {
        let mut profile = Profile { samples: Samples::new(1), ..Profile::default() };
        let key = profile.strings.intern(THREAD_LABEL);
        for (time, thread) in [(30, "a"), (10, "b"), (20, "a"), (0, "a"), (10, "a"), (5, "")] {
            let value = SampleLabelValue::Text(profile.strings.intern(thread));
            let label = [SampleLabel { key, value }];
            profile.samples.push_at(time, StackId(0), &[1], if thread.is_empty() { &[] } else { &label });
        }
        assert_eq!(in_time_order(&profile), [5, 1, 4, 2, 0]);
        let lane = |name: &str, samples: &[u32]| Lane { name: name.to_owned(), samples: samples.to_vec() };
        assert_eq!(lanes(&profile, THREAD_LABEL), [lane("a", &[4, 2, 0]), lane("", &[5]), lane("b", &[1])]);
        assert_eq!(lanes(&profile, "no such label"), [lane("", &[5, 1, 4, 2, 0])]);
    }
}
