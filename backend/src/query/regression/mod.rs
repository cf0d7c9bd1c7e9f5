//! The verdict on two selections of profiles: what changed, by how much, and how sure that is.
//!
//! 1. [`baseline`]: the baselines: those of the caller, or the version before and earlier times ([`versions`]).
//! 2. [`functions`]: the functions that matter on any side, from the merged call trees.
//! 3. [`measure`]: costs of each replica in windows of time, read from the store.
//! 4. [`windows`]: covered time, and the windows that the statistics take.
//! 5. [`flarepath_profile::stats`] decides; [`judge`] puts it into a [`flarepath_profile::verdict::Verdict`].
//!
//! Every read is a query of its own, within the caller's bounds, and cached.

mod baseline;
mod functions;
mod judge;
mod measure;
mod relation;
#[cfg(test)]
mod tests;
mod versions;
mod windows;

pub(crate) use baseline::Baselines;
pub(super) use measure::{CostsByReplica, ReplicasQuery};
pub(super) use windows::{MOST_STARTS, Plan, Starts, resolution_ns};

use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::work::ANSWERS;
use baseline::Chosen;
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Verdict;
use functions::Functions;
use std::sync::Arc;

/// A verdict, and what it is about.
pub(crate) struct Judged {
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// The comparison: narrower than the question if a new version was found in it.
    pub(crate) comparison: Question,
    /// The baselines; the first is the one that numbers are of.
    pub(crate) baselines: Vec<Question>,
    /// Why there is no better baseline; empty if there is nothing to say.
    pub(crate) notes: Vec<String>,
}

impl Querier {
    /// The verdict on a comparison. `now` tells what may still come.
    pub(crate) async fn verdict(
        &self,
        who: &Principal,
        comparison: &Question,
        baselines: &Baselines,
        profile_type: &ProfileType,
        now: UnixNanos,
    ) -> Result<Judged, QueryError> {
        self.require(|offered| offered.profile_totals, "totals of single profiles")?;
        let series = self.series(who, comparison).await?;
        let names = || series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name));
        let replica_label = pick(names(), &[Meaning::Instance]).map(str::to_owned);
        let Chosen { comparison, baselines, relation, notes } =
            self.baselines(who, comparison, baselines, profile_type).await?;
        let questions: Vec<Question> = [&comparison].into_iter().chain(&baselines).cloned().collect();
        let mut trees = Vec::new();
        for question in &questions {
            trees.push(self.call_tree(who, question, profile_type).await?);
        }
        let (functions, trees) = ANSWERS.run(move || (Functions::of(&trees), trees)).await?;
        let functions = Arc::new(functions);
        let mut sides = Vec::new();
        for question in &questions {
            let label = replica_label.as_deref();
            sides.push(self.side(who, question, profile_type, label, &functions).await?);
        }
        let own_code = self.own_code(&comparison).await;
        let input = judge::Input {
            own_code,
            relation,
            profile_type: profile_type.clone(),
            trees,
            sides,
            functions,
            ends: (comparison.range.end, now),
        };
        let verdict = ANSWERS.run(move || judge::judge(&input)).await?;
        Ok(Judged { verdict, comparison, baselines, notes })
    }
}
