//! Differences of two call trees.

use super::explore::next_generation;
use super::request::{ProfileRequest, diff_path};
use super::{ApiError, get_with};
use crate::state::loaded_profile::LoadedProfile;
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

/// What there is of one side.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SideAnswer {
    /// How many profiles were merged.
    pub(crate) profiles: u64,
    /// For how much of the range there is data, in milliseconds.
    pub(crate) covered_ms: i64,
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
            covered_ms: side.covered_ms,
            span: Span { from_ms: side.start_ms, until_ms: side.end_ms },
            service_known: side.service_known,
            type_known: side.profile_type_known,
        }
    }
}

/// Nothing can be said by the second of a side that covers no time.
fn covered(baseline_ms: i64, comparison_ms: i64) -> Option<Pair> {
    let ns = |ms: i64| ms.saturating_mul(1_000_000);
    let pair = Pair { baseline: ns(baseline_ms), comparison: ns(comparison_ms) };
    (baseline_ms > 0 && comparison_ms > 0).then_some(pair)
}

/// Both merged call trees over each other; baseline first.
pub(crate) async fn diff(
    requests: [ProfileRequest; 2],
    abort: AbortController,
) -> Result<DiffAnswer, ApiError> {
    let answer = get_with(&diff_path(&requests), Some(&abort), DiffResponse::from_bytes).await?;
    let columns = answer.tree.ok_or_else(|| ApiError::broken("The server sent no call trees".into()))?;
    let tree = DiffTree::try_from(columns).map_err(|e| ApiError::broken(e.to_string()))?;
    let [baseline, comparison] = [answer.baseline, answer.comparison].map(Option::unwrap_or_default);
    Ok(DiffAnswer {
        profile: LoadedProfile {
            tree: Arc::new(CallTree::empty()),
            diff: Some(Arc::new(tree)),
            unit: if comparison.unit.is_empty() { baseline.unit.clone() } else { comparison.unit.clone() },
            profile_type: requests[1].profile_type.parse().ok(),
            seconds: None,
            covered_ns: covered(baseline.covered_ms, comparison.covered_ms),
            profiles: baseline.profiles + comparison.profiles,
            generation: next_generation(),
        },
        sides: [baseline, comparison].map(SideAnswer::of),
    })
}
