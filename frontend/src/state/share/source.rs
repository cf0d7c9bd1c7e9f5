//! The data that a share freezes.

use flarepath_profile::call_tree::CallTree;
use std::sync::Arc;

/// What a snapshot is made of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ShareSource {
    /// A merged call tree of the store: the query of `/api/v1/call-tree`.
    Explore(String),
    /// Two of them: the query of `/api/v1/diff`.
    Compare(String),
    /// A heat map: the query of `/api/v1/heatmap`, and of `/api/v1/call-tree` for each selection.
    Heatmap(String, Vec<String>),
    /// Profiles that only this browser holds; see [`LocalSide`].
    Local,
}

/// A call tree that only this browser holds, as it is uploaded.
#[derive(Clone, Debug)]
pub(crate) struct LocalSide {
    /// `baseline`, `comparison`, or the name of a file.
    pub(crate) label: String,
    /// Unit of the values.
    pub(crate) unit: String,
    /// Profile type id; empty if unknown.
    pub(crate) profile_type: String,
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// How long they took, in nanoseconds; 0 if unknown.
    pub(crate) covered_ns: i64,
    pub(crate) tree: Arc<CallTree>,
}
