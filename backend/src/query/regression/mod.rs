//! The verdict on two selections of profiles: what changed, by how much, and how sure that is.
//!
//! 1. [`baseline`]: the baselines: those of the caller, the version before ([`versions`]), or one of the [`earlier_periods`]; of these, those a
//!    day and a week earlier also confirm a change since a time that the overview has chosen.
//! 2. [`measure`]: when profiles start, by replica; [`plan`]: what follows from that; [`windows`]: the windows that the statistics take.
//! 3. [`functions`]: the functions that matter on any side, from the merged call trees; then [`measure`]: their costs.
//! 4. [`work`]: the requests of each side, if a source of metrics knows them, all of [`one_template`]; then costs are divided by them.
//! 5. [`flarepath_profile::stats`] decides on each [`ready_side`]; [`judge`] puts it into a [`flarepath_profile::verdict::Verdict`], with the
//!    numbers that are [`stated`], and with its [`beginning`].
//!
//! Every read is a query of its own, within the caller's bounds, and cached. A side takes three, however many replicas it has,
//! and three more if no profiler states a sampling period. Choosing a baseline takes at most ten: series of the range and of three
//! earlier periods, and totals of each, and, where a label names versions, their totals; most of them few numbers.

#[cfg(test)]
mod bad_input;
mod baseline;
mod beginning;
mod earlier_periods;
mod functions;
mod input;
mod judge;
mod measure;
mod one_template;
mod plan;
mod ready_side;
mod relation;
mod stated;
#[cfg(test)]
mod tests;
pub(super) mod versions;
mod windows;
mod work;
#[cfg(test)]
pub(in crate::query) mod world;

pub(crate) use baseline::Baselines;
pub(super) use plan::Plan;
pub(super) use versions::version_labels;

use super::{Querier, QueryError, Question};
use crate::auth::Principal;
use crate::store::MergedTree;
use crate::work::ANSWERS;
use baseline::Chosen;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Verdict;
use functions::Functions;
use futures::future::try_join_all;
use input::Input;
use measure::MeasuredSide;
use plan::Widths;
use std::sync::Arc;

/// A verdict, and what it is about.
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    /// The comparison: narrower than the question if a new version was found in it.
    pub(crate) comparison: Question,
    /// The baselines; the first is the one that numbers are of.
    pub(crate) baselines: Vec<Question>,
    /// Why there is no better baseline, and why requests are not known; empty if there is nothing to say.
    pub(crate) notes: Vec<String>,
    /// What is set to be own code of the service; `None` if it is guessed, or if the caller sees no profile of the comparison.
    pub(crate) own_code: Option<OwnCode>,
    /// Versions that appeared in the range asked for, each with the time, ascending.
    pub(crate) new_versions: Vec<(String, UnixNanos)>,
}

/// Merged trees and plans: of the comparison, then of each baseline.
type Read = (Vec<Arc<MergedTree>>, Vec<MeasuredSide>);

impl Querier {
    /// The verdict on a comparison. `now` tells what may still come.
    pub(crate) async fn verdict(
        &self,
        who: &Principal,
        comparison: &Question,
        wanted: &Baselines,
        profile_type: &ProfileType,
        now: UnixNanos,
    ) -> Result<Judged, QueryError> {
        self.require(|offered| offered.profile_totals, "totals of single profiles")?;
        let (chosen, (trees, planned)) = self.chosen(who, comparison, wanted, profile_type).await?;
        let Chosen { comparison, baselines, baseline_type, relation, new_versions, mut notes } = chosen;
        let sides = sides(&comparison, &baselines, [profile_type, &baseline_type]);
        let (functions, trees) = ANSWERS.run(move || (Functions::of(&trees), trees)).await?;
        let own_code = match trees[0].profiles {
            0 => None,
            _ => self.own_code(&comparison).await,
        };
        let mut input = Input {
            own_code: own_code.clone(),
            relation,
            new_versions: new_versions.clone(),
            types: [profile_type.clone(), baseline_type.clone()],
            trees,
            sides: planned,
            functions: Arc::new(functions),
            ends: (comparison.range.end, now),
            is_same: baselines.first().is_some_and(|baseline| is_same(baseline, &comparison)),
        };
        if judge::not_comparable(&input).is_none() {
            let planned = std::mem::take(&mut input.sides);
            let measured = sides.iter().zip(planned).map(|((question, of), side): (_, MeasuredSide)| {
                self.measured_with_work(who, question, of, &input.functions, side)
            });
            let measured = try_join_all(measured).await?;
            let questions: Vec<&Question> = sides.iter().map(|(question, _)| *question).collect();
            let (measured, why_not) = self.of_one_template(who, &questions, measured).await?;
            input.sides = measured;
            notes.extend(why_not);
        }
        let verdict = ANSWERS.run(move || judge::judge(&input)).await?;
        Ok(Judged { verdict, comparison, baselines, notes, own_code, new_versions })
    }

    /// What is compared, and what is read of each side. A given baseline, and what it is compared with, are read while versions are
    /// looked up, which only tells when they appeared.
    async fn chosen(
        &self,
        who: &Principal,
        comparison: &Question,
        wanted: &Baselines,
        profile_type: &ProfileType,
    ) -> Result<(Chosen, Read), QueryError> {
        let chosen = self.baselines(who, comparison, wanted, profile_type);
        if let Baselines::Given(baseline, baseline_type) = wanted {
            let sides = [(comparison, profile_type), (baseline, baseline_type)];
            return tokio::try_join!(chosen, self.read(who, &sides, wanted.widths()));
        }
        let chosen = chosen.await?;
        let sides = sides(&chosen.comparison, &chosen.baselines, [profile_type, &chosen.baseline_type]);
        let read = self.read(who, &sides, wanted.widths()).await?;
        Ok((chosen, read))
    }

    /// The merged tree and the plan of each side.
    async fn read(
        &self,
        who: &Principal,
        sides: &[(&Question, &ProfileType)],
        widths: Widths,
    ) -> Result<Read, QueryError> {
        let merged = try_join_all(sides.iter().map(|(question, of)| self.call_tree(who, question, of)));
        let planned =
            try_join_all(sides.iter().map(|(question, of)| self.planned(who, question, of, widths)));
        tokio::try_join!(merged, planned)
    }
}

/// The comparison, and each baseline, with their types.
fn sides<'q>(
    comparison: &'q Question,
    baselines: &'q [Question],
    [of_comparison, of_baselines]: [&'q ProfileType; 2],
) -> Vec<(&'q Question, &'q ProfileType)> {
    let baselines = baselines.iter().map(|baseline| (baseline, of_baselines));
    std::iter::once((comparison, of_comparison)).chain(baselines).collect()
}

/// Whether two questions select the same profiles by the same words, in any order.
fn is_same(one: &Question, other: &Question) -> bool {
    let within = |a: &Question, b: &Question| {
        a.selector.matchers.iter().all(|matcher| b.selector.matchers.contains(matcher))
    };
    one.range == other.range && within(one, other) && within(other, one)
}
