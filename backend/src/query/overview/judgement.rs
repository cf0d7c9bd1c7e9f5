//! The part of a row that takes call trees: the verdict on the service, and its most expensive function.

use super::activity::Activity;
use super::change_point::{ChangePoint, Looks};
use super::functions::Functions;
use super::main_type::cpu_nanos;
use crate::auth::Principal;
use crate::query::{Baselines, Judged, Querier, QueryError, Question};
use crate::store::MergedTree;
use crate::work::ANSWERS;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Figure, Finding, Findings, Outcome, Per, Relation, SideFacts, Verdict};
use std::sync::Arc;

/// Bound on the rate of false discoveries among the services of one overview.
pub(super) const Q: f64 = 0.05;

/// What a verdict says of a service taken by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Its total grew.
    Regressed,
    /// Its total shrank.
    Improved,
    /// Functions changed, and the total did not.
    Changed,
    Unchanged,
    TooLittleData,
    NotComparable,
}

impl Found {
    pub(super) fn is_change(self) -> bool {
        matches!(self, Found::Regressed | Found::Improved | Found::Changed)
    }

    /// Whether the service was compared, so that its verdict is one of those that could have been wrong.
    pub(super) fn is_tested(self) -> bool {
        self.is_change() || self == Found::Unchanged
    }
}

/// The verdict on a service, with what a row shows of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Judgement {
    pub(crate) found: Found,
    /// The headline of the verdict.
    pub(crate) sentence: String,
    /// What changed, without its numbers, and the largest cause, if the headline tells both.
    pub(crate) brief: Option<String>,
    /// Probability of such a change if nothing has changed, wherever it might have begun and however often that was looked for; 1 without
    /// a change.
    pub(crate) evidence: f64,
    /// Change of the total, as a fraction of the baseline; `None` unless it is significant.
    pub(crate) change: Option<f64>,
    /// Cores of the baseline; `None` without CPU profiles, or without a comparison.
    pub(crate) cores_before: Option<f64>,
    /// Cores by which the total, or else the first function, differs, all replicas together.
    pub(crate) difference: f64,
    /// The function that the verdict names, or else the one of own code with the largest self cost; may be empty.
    pub(crate) function: String,
    /// Its cost as a fraction of the service's: in total of the one that the verdict names, as the verdict states it, and else its own.
    pub(crate) function_share: Option<f64>,
    /// Self cost of functions without a name, as a fraction; `None` without any cost.
    pub(crate) without_symbols: Option<f64>,
    pub(crate) changed_at: Option<UnixNanos>,
    /// The beginning of the comparison, if it is not that of the range.
    pub(crate) since: Option<ChangePoint>,
    /// Comparisons since each time, this one included.
    pub(crate) looks: Looks,
    /// The baseline in words; may be empty.
    pub(crate) baseline: String,
    pub(crate) computed_at: UnixNanos,
}

impl Querier {
    /// The judgement on a service of a question. It costs a verdict, or two if the first does not find that the service changed when it
    /// seems to have: reads of call trees, as each side and baseline has them. `last`: the judgement before it.
    pub(super) async fn judgement(
        &self,
        who: &Principal,
        question: &Question,
        activity: &Arc<Activity>,
        last: Option<Arc<Judgement>>,
        now: UnixNanos,
    ) -> Result<Judgement, QueryError> {
        let question = of_service(question, &activity.service);
        let (known, mut looks) =
            last.map_or((None, Looks::default()), |last| (last.since, last.looks.clone()));
        if let Some(began) = activity.change_point(known, question.range) {
            let began = looks.count(began, question.range.start);
            let [comparison, baseline] = began.sides(&question);
            let baselines = Baselines::Since(Box::new(baseline));
            let found = self.judged(who, (&comparison, &baselines), activity, Some(began), now).await?;
            // Weaker evidence is shown in no overview, however few services it has.
            if found.found.is_change() && found.evidence <= Q {
                return Ok(Judgement { looks, ..found });
            }
        }
        let whole = self.judged(who, (&question, &Baselines::Auto), activity, None, now).await?;
        Ok(Judgement { looks, ..whole })
    }

    /// What a comparison finds: since a time, or of the whole range.
    async fn judged(
        &self,
        who: &Principal,
        (comparison, baselines): (&Question, &Baselines),
        activity: &Arc<Activity>,
        since: Option<ChangePoint>,
        now: UnixNanos,
    ) -> Result<Judgement, QueryError> {
        let profile_type = activity.profile_type.clone();
        let judged = self.verdict(who, comparison, baselines, &profile_type, now).await?;
        // The verdict has read it, so that it is cached.
        let merged = self.call_tree(who, &judged.comparison, &profile_type).await?;
        let activity = activity.clone();
        Ok(ANSWERS.run(move || Judgement::of(&judged, &merged, &activity, since, now)).await?)
    }
}

/// The question about one service of it.
fn of_service(question: &Question, service: &str) -> Question {
    let mut narrow = question.clone();
    let (name, value) = (SERVICE_NAME.to_owned(), service.to_owned());
    narrow.selector.matchers.push(Matcher { name, op: MatchOp::Equal, value });
    narrow
}

impl Judgement {
    fn of(
        judged: &Judged,
        merged: &MergedTree,
        activity: &Activity,
        since: Option<ChangePoint>,
        now: UnixNanos,
    ) -> Judgement {
        let Judged { verdict, own_code, .. } = judged;
        let findings = match &verdict.outcome {
            Outcome::Compared(found) => Some(&**found),
            _ => None,
        };
        let found = found(verdict);
        let is_change = found.is_change();
        let first = findings.and_then(first);
        let functions = Functions::of(&merged.tree);
        let (function, function_share) = match first {
            Some(first) => (first.function.name.clone(), share_of(first, findings)),
            None => functions.largest_own(own_code.as_ref()),
        };
        let alone = findings.filter(|_| is_change).map_or(1.0, |found| found.method.evidence);
        let since = since.map(|began| if is_change { began.found(alone) } else { began });
        let [cores_before, difference] = cores(verdict, findings, first, activity);
        Judgement {
            found,
            sentence: verdict.headline(),
            brief: verdict.brief(),
            evidence: since.filter(|_| is_change).map_or(alone, |began| began.evidence),
            change: findings.filter(|found| found.total_changed).and_then(|found| relative(&found.total)),
            cores_before,
            difference: difference.unwrap_or(0.0),
            function,
            function_share,
            without_symbols: functions.without_symbols(),
            changed_at: match since {
                _ if !is_change => None,
                Some(began) => Some(began.at),
                None => changed_at(judged, findings).or(activity.began.map(|began| began.at)),
            },
            since,
            looks: Looks::default(),
            baseline: baseline(&verdict.relation),
            computed_at: now,
        }
    }
}

fn found(verdict: &Verdict) -> Found {
    match &verdict.outcome {
        Outcome::TooLittle(_) => Found::TooLittleData,
        Outcome::NotComparable(_) => Found::NotComparable,
        Outcome::Compared(found) if found.total_changed && found.total.difference() > 0.0 => Found::Regressed,
        Outcome::Compared(found) if found.total_changed => Found::Improved,
        Outcome::Compared(found) if first(found).is_some() => Found::Changed,
        Outcome::Compared(_) => Found::Unchanged,
    }
}

/// The first function that changed. Costs that only moved are no change.
fn first(found: &Findings) -> Option<&Finding> {
    found.functions.iter().find(|finding| finding.moved.is_none())
}

fn share_of(finding: &Finding, findings: Option<&Findings>) -> Option<f64> {
    let total = findings?.total.after;
    (total > 0.0).then(|| finding.cost.after / total)
}

fn relative(total: &Figure) -> Option<f64> {
    (total.before > 0.0).then(|| total.difference() / total.before)
}

/// Cores of the baseline, and those of the difference, all replicas together.
fn cores(
    verdict: &Verdict,
    findings: Option<&Findings>,
    first: Option<&Finding>,
    activity: &Activity,
) -> [Option<f64>; 2] {
    let (Some(found), Some(nanos)) = (findings, cpu_nanos(&activity.profile_type)) else { return [None; 2] };
    let [baseline, comparison] = verdict.sides.each_ref().map(|side| at_once(side, verdict.per));
    let of_one = nanos / 1e9;
    let difference = match (found.total_changed, first) {
        (false, Some(first)) => first.cost.difference(),
        _ => found.total.difference(),
    };
    [Some(found.total.before * of_one * baseline), Some(difference.abs() * of_one * comparison)]
}

/// How many of what a figure is of there are in a second: replicas, as many as cover the time, or requests.
fn at_once(side: &SideFacts, per: Per) -> f64 {
    let time = side.span_secs - side.gap_secs;
    let all = match per {
        Per::Work => side.work.unwrap_or(0.0),
        Per::Second | Per::Profile => side.covered_secs,
    };
    if time > 0.0 { all / time } else { 0.0 }
}

fn baseline(relation: &Relation) -> String {
    match relation {
        Relation::Versions { before, .. } => format!("version {before}"),
        Relation::Times { baseline, .. } => baseline.clone(),
        Relation::Values { .. } | Relation::Selections => String::new(),
    }
}

/// When the change began, as far as the verdict tells: with the version that it compares, or as it says.
fn changed_at(judged: &Judged, findings: Option<&Findings>) -> Option<UnixNanos> {
    if let Relation::Versions { after, .. } = &judged.verdict.relation {
        return judged.new_versions.iter().find(|(name, _)| name == after).map(|(_, at)| *at);
    }
    let at: jiff::Timestamp = findings?.began.as_ref()?.at.parse().ok()?;
    i64::try_from(at.as_nanosecond()).ok().map(UnixNanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_are_costs_of_all_replicas_or_of_all_requests_of_a_second() {
        let facts = SideFacts { span_secs: 400.0, gap_secs: 100.0, ..SideFacts::default() };
        let side = SideFacts { covered_secs: 600.0, work: Some(1200.0), ..facts };
        // 600 s of CPU time: a second per second, or half a second per request.
        assert_eq!([at_once(&side, Per::Second), 0.5 * at_once(&side, Per::Work)], [2.0, 2.0]);
        assert_eq!(at_once(&SideFacts::default(), Per::Second), 0.0);
    }
}
