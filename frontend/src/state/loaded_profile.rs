//! A profile in memory, ready to be displayed.

use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair, diff};
use flarepath_profile::profile_type::ProfileType;
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
    /// For how long there is data on each side, in nanoseconds, where two are compared and both lengths are known.
    pub(crate) covered_ns: Option<Pair>,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// Unique per load: equal numbers mean equal data.
    pub(crate) generation: u64,
}

impl LoadedProfile {
    /// The difference of two profiles. Durations are compared where both are known.
    pub(crate) fn diff_of(baseline: &LoadedProfile, comparison: &LoadedProfile) -> LoadedProfile {
        let ns = |of: &LoadedProfile| of.seconds.map(|s| (s * 1e9) as i64).filter(|ns| *ns > 0);
        let covered = ns(baseline).zip(ns(comparison));
        LoadedProfile {
            tree: Arc::new(CallTree::empty()),
            diff: Some(Arc::new(diff(&baseline.tree, &comparison.tree))),
            seconds: None,
            covered_ns: covered.map(|(baseline, comparison)| Pair { baseline, comparison }),
            profiles: baseline.profiles + comparison.profiles,
            ..comparison.clone()
        }
    }
}

impl PartialEq for LoadedProfile {
    fn eq(&self, other: &Self) -> bool {
        self.generation == other.generation && Arc::ptr_eq(&self.tree, &other.tree)
    }
}
