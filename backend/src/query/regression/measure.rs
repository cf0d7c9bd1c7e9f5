//! Reads what each replica of a side cost, in windows of time: one read for when profiles start, one for all costs.

use super::functions::Functions;
use super::plan::{Plan, Widths};
use crate::auth::Principal;
use crate::indicators::NoAnswer;
use crate::query::cache::Operation;
use crate::query::covered::{Cover, covers_and_distance};
use crate::query::sampling::stated_period;
use crate::query::{Querier, QueryError, Question};
use crate::store::{CostsOverTime, CostsQuery, ProfileTimes, Replica};
use crate::work::ANSWERS;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use flarepath_profile::unix_nanos::UnixNanos;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Replicas of a side that are measured at most, spread over their names.
const MOST_REPLICAS: usize = 24;

/// Units of work, such as requests: of the whole side, and of each measured replica by the start of a window of the plan.
pub(super) type Work = (f64, Vec<BTreeMap<UnixNanos, f64>>);

/// A side, measured.
#[derive(Clone, Default)]
pub(super) struct MeasuredSide {
    /// When the profiles of all replicas start.
    pub(super) times: Arc<ProfileTimes>,
    /// What they cover, by replica.
    pub(super) covers: Arc<Vec<Vec<Cover>>>,
    /// The places of the measured replicas among them.
    pub(super) measured: Vec<usize>,
    /// What each of these cost.
    pub(super) costs: Arc<Vec<CostsOverTime>>,
    pub(super) plan: Plan,
    /// Units of work, such as requests, if they are known; then costs are those of a unit of work, and not of a second.
    pub(super) work: Option<Arc<Work>>,
    /// The template of the source of metrics that knows requests of this side; empty if none does.
    pub(super) template: String,
    /// Why the source of metrics did not tell it.
    pub(super) no_requests: Option<NoAnswer>,
    /// The mean distance of two samples in nanoseconds, if no profiler states one and it can be derived.
    pub(super) derived_period: Option<i64>,
}

impl MeasuredSide {
    /// How many replicas there are; 0 if no label tells them apart.
    pub(super) fn all_replicas(&self) -> usize {
        let is_labelled = self.times.replicas.iter().any(|times| !times.replica.label.is_empty());
        if is_labelled { self.times.replicas.len() } else { 0 }
    }

    /// The largest distance of two samples, or the mean one if it is derived; 0 if unknown.
    pub(super) fn period(&self) -> i64 {
        self.derived_period.unwrap_or_else(|| stated_period(&self.times))
    }
}

impl Querier {
    /// When the profiles of a side start, what follows from that, and the sampling period if it has to be derived.
    pub(super) async fn planned(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        widths: Widths,
    ) -> Result<MeasuredSide, QueryError> {
        let times = self.profile_times(who, question, profile_type).await?;
        let derived_period = match stated_period(&times) {
            0 if !times.is_empty() => {
                self.sampling(who, question, profile_type).await?.period.map(|p| p.value)
            }
            _ => None,
        };
        let planned = move || {
            let (covers, distance) = covers_and_distance(&times);
            let plan = Plan::by_widths(&times, (&covers, distance), widths);
            let covers = Arc::new(covers);
            MeasuredSide { times, covers, plan, derived_period, ..MeasuredSide::default() }
        };
        Ok(ANSWERS.run(planned).await?)
    }

    /// Measures the replicas of a side that was planned.
    pub(super) async fn measured(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        functions: &Functions,
        side: MeasuredSide,
    ) -> Result<MeasuredSide, QueryError> {
        let all = side.times.replicas.len();
        let measured: Vec<usize> = (0..all).step_by(all.div_ceil(MOST_REPLICAS).max(1)).collect();
        let replicas: Vec<Replica> =
            measured.iter().map(|place| side.times.replicas[*place].replica.clone()).collect();
        if replicas.is_empty() {
            return Ok(side);
        }
        let query =
            CostsQuery { step_ns: side.plan.step_ns, cost: Cost::Total, rows: functions.rows.clone() };
        let question = self.restricted(who, question)?;
        let operation = Operation::CostsByReplica(profile_type.clone(), query.clone(), replicas.clone());
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            store.costs_by_replica(&selection, &profile_type, &query, &replicas).await
        });
        let costs = self.cache.get(operation, &question, compute).await?;
        Ok(MeasuredSide { measured, costs, ..side })
    }
}
