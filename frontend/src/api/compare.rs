//! Differences of two call trees.

use super::explore::next_generation;
use super::request::{ProfileRequest, diff_path};
use super::{ApiError, get_with};
use crate::state::identity::Shared;
use crate::state::loaded_profile::{LoadedProfile, comparable_time};
use crate::state::time_range::Span;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, Pair};
use flarepath_wire::diff::{DiffResponse, DiffSide};
use std::sync::Arc;
use web_sys::AbortController;

/// Two profiles over each other, or why there are none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DiffAnswer {
    /// Both, as one.
    pub(crate) profile: LoadedProfile,
    /// What there is of the baseline and of the comparison.
    pub(crate) sides: [SideAnswer; 2],
}

impl DiffAnswer {
    /// Whether both sides have profiles: nothing is compared with nothing.
    pub(crate) fn has_both(&self) -> bool {
        self.sides.iter().all(|side| side.profiles > 0)
    }
}

/// What there is of one side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SideAnswer {
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// Replicas that sent them; 1 where no label tells them apart.
    pub(crate) replicas: u64,
    /// Time that they cover, of all replicas together, in milliseconds; 0 if unknown.
    pub(crate) replica_ms: i64,
    /// The range that was asked.
    pub(crate) span: Span,
    /// Whether the service has ever sent a profile.
    pub(crate) service_known: bool,
    /// Whether the service has ever sent this profile type.
    pub(crate) type_known: bool,
}

impl SideAnswer {
    fn of(side: DiffSide) -> SideAnswer {
        SideAnswer {
            profiles: side.profiles,
            replicas: side.replicas,
            replica_ms: side.replica_ms,
            span: Span::of_ms(side.start_ms, side.end_ms),
            service_known: side.service_known,
            type_known: side.profile_type_known,
        }
    }
}

/// Both merged call trees over each other; baseline first.
pub(crate) async fn diff(
    requests: [ProfileRequest; 2],
    abort: AbortController,
) -> Result<DiffAnswer, ApiError> {
    let answer = get_with(&diff_path(&requests), Some(&abort), DiffResponse::from_bytes).await?;
    let columns = answer.tree.ok_or_else(|| ApiError::broken("The server sent no call trees".into()))?;
    let origins = columns.origins().map(Shared::new);
    let tree = DiffTree::try_from(columns).map_err(|e| ApiError::broken(e.to_string()))?;
    let [baseline, comparison] = [answer.baseline, answer.comparison].map(Option::unwrap_or_default);
    let profile_type = requests[1].profile_type.parse().ok();
    let ns = |side: &DiffSide| side.replica_ms.saturating_mul(1_000_000);
    let covered_ns = Pair { baseline: ns(&baseline), comparison: ns(&comparison) };
    Ok(DiffAnswer {
        profile: LoadedProfile {
            tree: Arc::new(CallTree::empty()),
            diff: Some(Arc::new(tree)),
            origins,
            unit: if comparison.unit.is_empty() { baseline.unit.clone() } else { comparison.unit.clone() },
            covered_ns: comparable_time(
                profile_type.as_ref(),
                covered_ns,
                [baseline.profiles, comparison.profiles],
            ),
            profile_type,
            seconds: None,
            profiles: baseline.profiles + comparison.profiles,
            generation: next_generation(),
        },
        sides: [baseline, comparison].map(SideAnswer::of),
    })
}
