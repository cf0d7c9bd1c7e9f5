//! Weights of columns: covered time of all replicas together, or profiles, for levels such as memory in use. Costs in the columns of a
//! heat map are divided by them to become rates.
//!
//! A column has the covers that begin in it, as the costs in it are those of profiles that start in it.

use super::covered::all_covers;
use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::{ProfileTimes, column_start};
use crate::work::ANSWERS;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Per, is_level};
use std::collections::BTreeMap;

/// Weights of columns.
#[derive(Debug, PartialEq)]
pub(crate) struct ColumnWeights {
    /// Whether they are nanoseconds or profiles.
    pub(crate) per: Per,
    /// By the left edge of a column.
    pub(crate) columns: BTreeMap<UnixNanos, i64>,
}

impl ColumnWeights {
    fn of(times: &ProfileTimes, per: Per, step_ns: i64) -> ColumnWeights {
        let mut columns = BTreeMap::new();
        for cover in all_covers(times).iter().flatten() {
            let weight = if per == Per::Profile { i64::from(cover.profiles) } else { cover.ns };
            let column = columns.entry(column_start(UnixNanos(cover.at), step_ns)).or_insert(0_i64);
            *column = column.saturating_add(weight);
        }
        ColumnWeights { per, columns }
    }
}

impl Querier {
    /// The weights of columns of this width; `None` where the store cannot tell profiles apart in them.
    pub(super) async fn column_weights(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        step_ns: i64,
    ) -> Result<Option<ColumnWeights>, QueryError> {
        if !self.store.capabilities().profile_totals {
            return Ok(None);
        }
        let times = self.profile_times(who, question, profile_type).await?;
        if times.resolution_ns.max(times.block_ns) > step_ns {
            return Ok(None);
        }
        let per = if is_level(&profile_type.sample_type) { Per::Profile } else { Per::Second };
        Ok(Some(ANSWERS.run(move || ColumnWeights::of(&times, per, step_ns)).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ReplicaTimes;

    #[test]
    fn columns_have_the_covers_that_begin_in_them() {
        let replica = |starts: &[i64]| {
            let starts = starts.iter().map(|at| (*at * 1_000_000_000, 1)).collect();
            ReplicaTimes { starts, ..ReplicaTimes::default() }
        };
        // The second replica began in the second minute.
        let replicas = vec![replica(&[0, 15, 30, 45, 60, 75]), replica(&[61, 76])];
        let times = ProfileTimes { replicas, resolution_ns: 1, block_ns: 0 };
        let of = |per, ns_per_weight: i64| {
            let found = ColumnWeights::of(&times, per, 60_000_000_000);
            let weights = found.columns.iter().map(|(at, weight)| (at.0, weight / ns_per_weight));
            weights.collect::<Vec<_>>()
        };
        assert_eq!(of(Per::Second, 1_000_000_000), [(0, 60), (60_000_000_000, 60)]);
        assert_eq!(of(Per::Profile, 1), [(0, 4), (60_000_000_000, 4)]);
    }
}
