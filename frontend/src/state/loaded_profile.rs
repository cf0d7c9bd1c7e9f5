//! A profile in memory, ready to be displayed.

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair, diff};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::verdict::is_level;
use std::sync::Arc;

/// A call tree and what its numbers mean. Cheap to clone: the tree is shared.
#[derive(Clone, Debug)]
pub(crate) struct LoadedProfile {
    /// The whole tree. An `Arc` and not an `Rc`, because leptos' memos want `Send`; nothing is sent.
    pub(crate) tree: Arc<CallTree>,
    /// The two trees over each other, where they are compared; `tree` is then empty.
    pub(crate) diff: Option<Arc<DiffTree>>,
    /// Unit of the values, such as `nanoseconds`.
    pub(crate) unit: String,
    /// What was profiled, if known.
    pub(crate) profile_type: Option<ProfileType>,
    /// Length of the time the values were collected in, if known: turns totals into rates.
    pub(crate) seconds: Option<f64>,
    /// Time that the profiles of each side cover, of all replicas together, in nanoseconds, where two are compared and both are
    /// known: values divided by it are rates of one replica.
    pub(crate) covered_ns: Option<Pair>,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// Unique per load: equal numbers mean equal data.
    pub(crate) generation: u64,
}

impl LoadedProfile {
    /// The difference of two profiles, live or frozen. `covered_ns` is the time that each covers, of all replicas together, if both
    /// are known: without it values of unequal time are not compared by the second.
    pub(crate) fn diff_of(
        baseline: &LoadedProfile,
        comparison: &LoadedProfile,
        covered_ns: Option<Pair>,
    ) -> LoadedProfile {
        LoadedProfile {
            tree: Arc::new(CallTree::empty()),
            diff: Some(Arc::new(diff(&baseline.tree, &comparison.tree))),
            seconds: None,
            covered_ns: covered_ns.and_then(|ns| comparable_time(comparison.profile_type.as_ref(), ns)),
            profiles: baseline.profiles + comparison.profiles,
            ..comparison.clone()
        }
    }

    /// How long the profiles of both sides took, in nanoseconds, if known of both.
    pub(crate) fn durations(baseline: &LoadedProfile, comparison: &LoadedProfile) -> Option<Pair> {
        let ns = |of: &LoadedProfile| of.seconds.map(|s| (s * 1e9) as i64).filter(|ns| *ns > 0);
        Some(Pair { baseline: ns(baseline)?, comparison: ns(comparison)? })
    }
}

/// Time by which values of both sides can be divided: `None` if a side covers none, as far as is known, and for levels, such as
/// memory in use, which do not add up over time.
pub(crate) fn comparable_time(profile_type: Option<&ProfileType>, covered_ns: Pair) -> Option<Pair> {
    let is_level = profile_type.is_some_and(|t| is_level(&t.sample_type));
    (!is_level && covered_ns.baseline > 0 && covered_ns.comparison > 0).then_some(covered_ns)
}

impl PartialEq for LoadedProfile {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && Arc::ptr_eq(&self.tree, &other.tree)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_adds_up_over_known_time_is_compared_by_the_second() {
        let both = Pair { baseline: 5, comparison: 7 };
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().ok();
        let heap = "memory:inuse_space:bytes:space:bytes".parse().ok();
        assert_eq!(comparable_time(cpu.as_ref(), both), Some(both));
        assert_eq!(comparable_time(heap.as_ref(), both), None);
        assert_eq!(comparable_time(None, Pair { baseline: 0, ..both }), None);
    }
}
