//! Covered time: how long profiles tell about, of one replica after another and of all at once.

use super::step::usual_step_ns;
use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::time_series::covered;

/// Buckets that a range is cut into, and the narrowest of them: profilers send every 10 to 60 seconds.
const BUCKETS: i64 = 300;
const LEAST_STEP_NS: i64 = 60_000_000_000;

/// Covered time of a selection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Covered {
    /// Of all replicas together, in nanoseconds.
    pub(crate) replica_ns: i64,
}

impl Querier {
    /// Covered time of a selection: buckets with a profile of each replica.
    pub(crate) async fn covered(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Covered, QueryError> {
        let series = self.series(who, question).await?;
        let names = series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name));
        let by: Vec<String> = pick(names, &[Meaning::Instance]).map(str::to_owned).into_iter().collect();
        let range = question.range;
        let step_ns = usual_step_ns(range, BUCKETS).max(LEAST_STEP_NS);
        let totals = self.totals(who, question, profile_type, step_ns, &by).await?;
        let parts = totals.iter().flat_map(|group| {
            let starts = group.points.iter().map(|(start, _)| start.0).collect();
            covered(starts, step_ns, &(range.start.0..range.end.0))
        });
        let lengths = parts.map(|part| part.end.saturating_sub(part.start));
        Ok(Covered { replica_ns: lengths.fold(0, i64::saturating_add) })
    }
}
