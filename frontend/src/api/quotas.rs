//! Quotas and their use.

use super::{ApiError, get};
use crate::state::quotas::{QuotaRefusal, QuotaUse};
use flarepath_wire::quotas as wire;

/// Limits with their use, and the most refused services of the last hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) uses: Vec<QuotaUse>,
    pub(crate) refusals: Vec<QuotaRefusal>,
}

/// What is used at present.
pub(crate) async fn usage() -> Result<Usage, ApiError> {
    let answer: wire::QuotasResponse = get("/api/v1/quotas", None).await?;
    let used = |line: wire::QuotaUse| QuotaUse {
        key: line.key,
        meaning: line.meaning,
        service: line.service,
        used: line.used,
        limit: line.limit,
    };
    let refused = |line: wire::QuotaRefusal| QuotaRefusal {
        service: line.service,
        key: line.key,
        meaning: line.meaning,
        count: line.count,
    };
    Ok(Usage {
        uses: answer.uses.into_iter().map(used).collect(),
        refusals: answer.refusals.into_iter().map(refused).collect(),
    })
}
