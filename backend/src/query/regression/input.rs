//! Input of a verdict.

use super::functions::Functions;
use super::measure::MeasuredSide;
use crate::store::MergedTree;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Relation;
use std::sync::Arc;

/// What a verdict is made from. Trees and sides: of the comparison, then of each baseline.
pub(super) struct Input {
    pub(super) relation: Relation,
    /// Versions that appeared in the comparison, each with the time, ascending.
    pub(super) new_versions: Vec<(String, UnixNanos)>,
    /// Of the comparison, and of the baselines.
    pub(super) types: [ProfileType; 2],
    pub(super) trees: Vec<Arc<MergedTree>>,
    pub(super) sides: Vec<MeasuredSide>,
    pub(super) functions: Arc<Functions>,
    /// What is set to be own code; `None`: it is guessed.
    pub(super) own_code: Option<OwnCode>,
    /// The end of the comparison's range, and the present.
    pub(super) ends: (UnixNanos, UnixNanos),
    /// Whether comparison and baseline are one selection and one range.
    pub(super) is_same: bool,
}
