//! The part of a row that takes call trees: the verdict on the service, and its most expensive function.

use super::activity::Activity;
use super::main_type::cpu_nanos;
use crate::auth::Principal;
use crate::query::{Baselines, Judged, Querier, QueryError, Question};
use crate::store::MergedTree;
use crate::work::ANSWERS;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::top_table::top_table;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{Figure, Finding, Findings, Outcome, Per, Relation, SideFacts, Verdict};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Probability of such a change if nothing has changed; 1 without a change.
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
    /// The baseline in words; may be empty.
    pub(crate) baseline: String,
    pub(crate) computed_at: UnixNanos,
}

impl Querier {
    /// The judgement on a service of a question. It costs a verdict: reads of call trees, as each side and baseline has them.
    pub(super) async fn judgement(
        &self,
        who: &Principal,
        question: &Question,
        activity: &Arc<Activity>,
        now: UnixNanos,
    ) -> Result<Judgement, QueryError> {
        let (question, profile_type) =
            (of_service(question, &activity.service), activity.profile_type.clone());
        let judged = self.verdict(who, &question, &Baselines::Auto, &profile_type, now).await?;
        // The verdict has read it, so that it is cached.
        let merged = self.call_tree(who, &judged.comparison, &profile_type).await?;
        let activity = activity.clone();
        Ok(ANSWERS.run(move || Judgement::of(&judged, &merged, &activity, now)).await?)
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
    fn of(judged: &Judged, merged: &MergedTree, activity: &Activity, now: UnixNanos) -> Judgement {
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
        let [cores_before, difference] = cores(verdict, findings, first, activity);
        Judgement {
            found,
            sentence: verdict.headline(),
            evidence: findings.filter(|_| is_change).map_or(1.0, |found| found.method.evidence),
            change: findings.filter(|found| found.total_changed).and_then(|found| relative(&found.total)),
            cores_before,
            difference: difference.unwrap_or(0.0),
            function,
            function_share,
            without_symbols: functions.without_symbols(),
            changed_at: if is_change { changed_at(judged, findings).or(activity.began) } else { None },
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

/// Self costs of a tree by name and file: of two binaries, a function is one.
struct Functions<'t> {
    tree: &'t CallTree,
    by_name: BTreeMap<(&'t str, &'t str), i64>,
    without_symbols: i64,
}

impl<'t> Functions<'t> {
    fn of(tree: &'t CallTree) -> Functions<'t> {
        let (mut by_name, mut without_symbols) = (BTreeMap::new(), 0_i64);
        for row in top_table(tree) {
            let text = tree.frames().text(row.frame);
            let cost: &mut i64 = by_name.entry((text.name, text.file)).or_default();
            *cost = cost.saturating_add(row.self_value);
            if !text.symbolized {
                without_symbols = without_symbols.saturating_add(row.self_value);
            }
        }
        Functions { tree, by_name, without_symbols }
    }

    /// A part of the total, as a fraction.
    fn share(&self, cost: i64) -> Option<f64> {
        let total = self.tree.total(NodeId::ROOT);
        (total > 0).then(|| cost as f64 / total as f64)
    }

    /// The function of own code with the largest self cost; of several, the first by name.
    fn largest_own(&self, own_code: Option<&OwnCode>) -> (String, Option<f64>) {
        let frames = self.tree.frames();
        let guessed;
        let own_code = match own_code {
            Some(set) => set,
            None => {
                guessed = OwnCode::guess(frames);
                &guessed
            }
        };
        let rows = top_table(self.tree);
        let own = rows.iter().map(|row| frames.text(row.frame)).filter(|text| own_code.is_own(*text));
        let cost = |name: &str, file: &str| self.by_name.get(&(name, file)).copied().unwrap_or(0);
        let largest = own
            .map(|text| (cost(text.name, text.file), text.name))
            .filter(|(cost, _)| *cost > 0)
            .min_by_key(|(cost, name)| (Reverse(*cost), *name));
        match largest {
            Some((cost, name)) => (name.to_owned(), self.share(cost)),
            None => (String::new(), None),
        }
    }

    fn without_symbols(&self) -> Option<f64> {
        self.share(self.without_symbols)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    #[test]
    fn cores_are_costs_of_all_replicas_or_of_all_requests_of_a_second() {
        let facts = SideFacts { span_secs: 400.0, gap_secs: 100.0, ..SideFacts::default() };
        let side = SideFacts { covered_secs: 600.0, work: Some(1200.0), ..facts };
        // 600 s of CPU time: a second per second, or half a second per request.
        assert_eq!([at_once(&side, Per::Second), 0.5 * at_once(&side, Per::Work)], [2.0, 2.0]);
        assert_eq!(at_once(&SideFacts::default(), Per::Second), 0.0);
    }

    #[test]
    fn the_most_expensive_function_of_own_code_is_named() {
        let mut tree = TreeBuilder::new();
        for (name, value) in [("work", 60), ("memcpy", 30), ("app+0x12", 10)] {
            let mapping = if name == "memcpy" { "/usr/lib/libc.so.6" } else { "/app" };
            let symbolized = !name.contains('+');
            let main = FrameText { name: "main", mapping: "/app", symbolized: true, ..FrameText::default() };
            let callee = FrameText { name, mapping, symbolized, ..FrameText::default() };
            let path = [main, callee].map(|text| tree.frame(text)).to_vec();
            tree.add_path(path, value);
        }
        let tree = tree.finish();
        let functions = Functions::of(&tree);
        assert_eq!(functions.largest_own(None), ("work".to_owned(), Some(0.6)));
        assert_eq!(functions.largest_own(Some(&OwnCode::set(Vec::new()))), (String::new(), None));
        assert_eq!(functions.without_symbols(), Some(0.1));
        assert_eq!(Functions::of(&CallTree::empty()).without_symbols(), None);
    }
}
