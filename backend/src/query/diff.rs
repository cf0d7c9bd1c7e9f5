//! Answers both sides of a diff, and how much of each range has data.

use super::step::usual_step_ns;
use super::{KnownNames, Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{MergedTree, TimeRange, TotalsSeries};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::time_series::covered;
use std::sync::Arc;

/// Buckets that a range is cut into to see where data is.
const BUCKETS: i64 = 300;
/// The narrowest bucket: profilers send every 10 to 60 seconds, and a profile counts where it starts.
const LEAST_STEP_NS: i64 = 60_000_000_000;

/// One side of a diff.
pub(crate) struct DiffSide {
    /// The merge, whole.
    pub(crate) merged: Arc<MergedTree>,
    /// Which names of the question exist.
    pub(crate) known: KnownNames,
    /// Parts of the range that have data, together, in nanoseconds.
    pub(crate) covered_ns: i64,
}

impl Querier {
    /// Both sides of a diff, computed at the same time; each is cached as a call tree of its own.
    ///
    /// # Errors
    /// [`QueryError`], as for all questions, of the side that failed first.
    pub(crate) async fn diff(
        &self,
        who: &Principal,
        baseline: (&Question, &ProfileType),
        comparison: (&Question, &ProfileType),
    ) -> Result<[DiffSide; 2], QueryError> {
        let side = async |(question, profile_type): (&Question, &ProfileType)| {
            let tree = self.call_tree_and_known_names(who, question, profile_type);
            let ((merged, known), covered_ns) =
                tokio::try_join!(tree, self.covered_ns(who, question, profile_type))?;
            Ok::<_, QueryError>(DiffSide { merged, known, covered_ns })
        };
        let (baseline, comparison) = tokio::try_join!(side(baseline), side(comparison))?;
        Ok([baseline, comparison])
    }

    async fn covered_ns(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<i64, QueryError> {
        let step_ns = usual_step_ns(question.range, BUCKETS).max(LEAST_STEP_NS);
        let totals = self.totals(who, question, profile_type, step_ns, &[]).await?;
        Ok(covered_ns(&totals, step_ns, question.range))
    }
}

/// The length of the parts of the range that lie in a bucket with a profile.
fn covered_ns(totals: &[TotalsSeries], step_ns: i64, range: TimeRange) -> i64 {
    let starts = totals.iter().flat_map(|group| &group.points).map(|(start, _)| start.0).collect();
    let parts = covered(starts, step_ns, &(range.start.0..range.end.0));
    parts.iter().map(|part| part.end.saturating_sub(part.start)).fold(0, i64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::labels::Labels;
    use flarepath_profile::unix_nanos::UnixNanos;

    #[test]
    fn gaps_and_time_beyond_the_range_are_not_covered() {
        let group = |starts: &[i64]| {
            [TotalsSeries {
                labels: Labels::default(),
                points: starts.iter().map(|&s| (UnixNanos(s), 1)).collect(),
            }]
        };
        let range = TimeRange::nanos(0, 55);
        assert_eq!(covered_ns(&group(&[0, 10, 30]), 10, range), 30);
        assert_eq!(covered_ns(&group(&[50]), 10, range), 5);
        assert_eq!(covered_ns(&[], 10, range), 0);
    }
}
