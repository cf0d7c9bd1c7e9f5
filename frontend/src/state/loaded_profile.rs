//! A profile in memory, ready to be displayed.

use super::identity::Shared;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair, diff};
use flarepath_profile::origin::Origin;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::verdict::is_level;
use std::sync::Arc;

/// What a profile of a level counts as, in nanoseconds.
pub(crate) const SECOND_NS: i64 = 1_000_000_000;

/// A call tree and what its numbers mean. Cheap to clone: the tree is shared.
#[derive(Clone, Debug)]
pub(crate) struct LoadedProfile {
    /// The whole tree. An `Arc` and not an `Rc`, because leptos' memos want `Send`; nothing is sent.
    pub(crate) tree: Arc<CallTree>,
    /// The two trees over each other, where they are compared; `tree` is then empty.
    pub(crate) diff: Option<Arc<DiffTree>>,
    /// The origin of each function, or of those of both where two are compared, as the server sent them. `None` where it sent none:
    /// in files, in snapshots.
    pub(crate) origins: Option<Shared<Vec<Origin>>>,
    /// Unit of the values, such as `nanoseconds`.
    pub(crate) unit: String,
    /// What was profiled, if known.
    pub(crate) profile_type: Option<ProfileType>,
    /// Length of the time the values were collected in, if known: turns totals into rates.
    pub(crate) seconds: Option<f64>,
    /// Time that the profiles of each side cover, of all replicas together, in nanoseconds, where two are compared and both are
    /// known: values divided by it are rates of one replica. Of levels it is a second for each profile, so that they are means.
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
            origins: None,
            seconds: None,
            covered_ns: covered_ns.and_then(|ns| {
                comparable_time(
                    comparison.profile_type.as_ref(),
                    ns,
                    [baseline.profiles, comparison.profiles],
                )
            }),
            profiles: baseline.profiles + comparison.profiles,
            ..comparison.clone()
        }
    }

    /// Whether values are levels, such as memory in use.
    pub(crate) fn is_level(&self) -> bool {
        self.profile_type.as_ref().is_some_and(|t| is_level(&t.sample_type))
    }

    /// How long the profiles of both sides took, in nanoseconds, if known of both.
    pub(crate) fn durations(baseline: &LoadedProfile, comparison: &LoadedProfile) -> Option<Pair> {
        let ns = |of: &LoadedProfile| of.seconds.map(|s| (s * 1e9) as i64).filter(|ns| *ns > 0);
        Some(Pair { baseline: ns(baseline)?, comparison: ns(comparison)? })
    }
}

/// Time by which values of both sides can be divided: `None` if a side covers none, as far as is known. Levels, such as memory in use,
/// do not add up over time: each profile counts as a second, so that a value a second is the mean of `profiles`.
pub(crate) fn comparable_time(
    profile_type: Option<&ProfileType>,
    covered_ns: Pair,
    profiles: [u64; 2],
) -> Option<Pair> {
    let is_known = |of: Pair| of.baseline > 0 && of.comparison > 0;
    let divisor = match profile_type.is_some_and(|t| is_level(&t.sample_type)) {
        false => covered_ns,
        true => {
            let second_each = |count: u64| i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(SECOND_NS);
            let [baseline, comparison] = profiles.map(second_each);
            Pair { baseline, comparison }
        }
    };
    (is_known(covered_ns) && is_known(divisor)).then_some(divisor)
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
    fn what_adds_up_is_divided_by_known_time_and_levels_by_profiles() {
        let both = Pair { baseline: 5, comparison: 7 };
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds".parse().ok();
        let heap = "memory:inuse_space:bytes:space:bytes".parse().ok();
        assert_eq!(comparable_time(cpu.as_ref(), both, [1, 1]), Some(both));
        let means = Pair { baseline: 4 * SECOND_NS, comparison: 2 * SECOND_NS };
        assert_eq!(comparable_time(heap.as_ref(), both, [4, 2]), Some(means));
        let unknown = Pair { baseline: 0, ..both };
        assert_eq!([None, heap.as_ref()].map(|of| comparable_time(of, unknown, [4, 2])), [None, None]);
    }
}
