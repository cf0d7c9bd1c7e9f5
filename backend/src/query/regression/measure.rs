//! Reads what each replica of a side cost, in windows of time.

use super::functions::Functions;
use super::windows::{Plan, Starts};
use crate::auth::Principal;
use crate::query::cache::Operation;
use crate::query::{Querier, QueryError, Question};
use crate::store::{CostsOverTime, CostsQuery, ProfileStore, Selection, StoreError};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::top_table::Cost;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Replicas of a side that are measured at most, spread over their names.
const MOST_REPLICAS: usize = 24;

/// Replicas to measure, by the value of a label; without a label all profiles are of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReplicasQuery {
    /// The label.
    pub(crate) label: Option<String>,
    /// Its values.
    pub(crate) values: Vec<String>,
    /// The functions. The width of windows follows from the profiles.
    pub(crate) costs: CostsQuery,
}

/// What the replicas cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CostsByReplica {
    /// For each its name, when its profiles start, and its costs.
    pub(crate) replicas: Vec<(String, Starts, CostsOverTime)>,
    /// Width of the windows in nanoseconds.
    pub(crate) step_ns: i64,
}

/// A side, measured.
#[derive(Clone)]
pub(super) struct MeasuredSide {
    pub(super) costs: Arc<CostsByReplica>,
    /// How many replicas there are; 0 if no label tells them apart.
    pub(super) all_replicas: usize,
}

impl Querier {
    /// Measures one side.
    pub(super) async fn side(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        replica_label: Option<&str>,
        functions: &Functions,
    ) -> Result<MeasuredSide, QueryError> {
        let values = match replica_label {
            Some(label) => self.values_of(who, question, profile_type, label).await?,
            None => vec![String::new()],
        };
        let all_replicas = if replica_label.is_some() { values.len() } else { 0 };
        let spread = values.len().div_ceil(MOST_REPLICAS).max(1);
        let values: Vec<String> = values.into_iter().step_by(spread).collect();
        // The step follows from when profiles start, which only the store knows.
        let costs = CostsQuery { step_ns: 1, cost: Cost::Total, rows: functions.rows.clone() };
        let wanted = ReplicasQuery { label: replica_label.map(str::to_owned), values, costs };
        let question = self.restricted(who, question)?;
        let operation = Operation::CostsByReplica(profile_type.clone(), wanted.clone());
        let (store, profile_type) = (self.store.clone(), profile_type.clone());
        let compute = self.budget.run(who, &question, move |selection| async move {
            costs_by_replica(&*store, &selection, &profile_type, wanted).await
        });
        let costs = self.cache.get(operation, &question, compute).await?;
        Ok(MeasuredSide { costs, all_replicas })
    }

    /// The values of a label among the series that have the type; the empty one for series without it.
    async fn values_of(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
        label: &str,
    ) -> Result<Vec<String>, QueryError> {
        let series = self.series(who, question).await?;
        let typed = series.iter().filter(|s| s.profile_types.contains(profile_type));
        let values: BTreeSet<&str> = typed.map(|s| s.labels.get(label).unwrap_or_default()).collect();
        Ok(values.into_iter().map(str::to_owned).collect())
    }
}

async fn costs_by_replica(
    store: &dyn ProfileStore,
    selection: &Selection,
    profile_type: &ProfileType,
    wanted: ReplicasQuery,
) -> Result<CostsByReplica, StoreError> {
    let ReplicasQuery { label, values, mut costs } = wanted;
    let mut replicas = Vec::new();
    for value in values {
        let own = match &label {
            Some(label) => selection.with(label, &value),
            None => selection.clone(),
        };
        let mut starts = Starts::new(selection.range);
        store.each_total(&own, profile_type, &mut |start, _| starts.add(start)).await?;
        if !starts.is_empty() {
            replicas.push((value, starts, own));
        }
    }
    let plan = Plan::new(replicas.iter().map(|(_, starts, _)| starts));
    costs.step_ns = plan.step_ns;
    let mut found = CostsByReplica { replicas: Vec::new(), step_ns: plan.step_ns };
    for (value, starts, own) in replicas {
        let over_time = store.costs_over_time(&own, profile_type, &costs).await?;
        found.replicas.push((value, starts, over_time));
    }
    Ok(found)
}
