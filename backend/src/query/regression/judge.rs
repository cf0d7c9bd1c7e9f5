//! Puts the statistics of a comparison into a verdict.

use super::functions::Functions;
use super::measure::MeasuredSide;
use super::windows::{Plan, side_of};
use crate::store::MergedTree;
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::{DiffTree, diff};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stats::{
    Comparison, Estimate, Explained, MIN_OBSERVATIONS, OwnCode, Rules, Side, Tested, compare, explain,
};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{
    Figure, Finding, Findings, FunctionName, Method, Missing, Outcome, Per, Relation, SideFacts, Verdict,
    is_level,
};
use std::sync::Arc;

/// How long a side must reach: what comes in a burst says nothing about the rest.
const LEAST_SPAN_SECS: f64 = 300.0;
/// Functions in a verdict at most.
const MOST_FINDINGS: usize = 20;
/// A side that ends this close to the present will have more.
const STILL_COMING_SECS: f64 = 120.0;

/// What a verdict is made from. Trees and sides: of the comparison, then of each baseline.
pub(super) struct Input {
    pub(super) relation: Relation,
    pub(super) profile_type: ProfileType,
    pub(super) trees: Vec<Arc<MergedTree>>,
    pub(super) sides: Vec<MeasuredSide>,
    pub(super) functions: Arc<Functions>,
    /// What is set to be own code; `None`: it is guessed.
    pub(super) own_code: Option<OwnCode>,
    /// The end of the comparison's range, and the present.
    pub(super) ends: (UnixNanos, UnixNanos),
}

/// One side, ready for the statistics.
struct Ready {
    windows: Side,
    facts: SideFacts,
    span_secs: f64,
}

/// The verdict.
pub(super) fn judge(input: &Input) -> Verdict {
    let per = if is_level(&input.profile_type.sample_type) { Per::Profile } else { Per::Second };
    let ready: Vec<Ready> =
        input.sides.iter().zip(&input.trees).map(|(side, tree)| ready(side, tree, per)).collect();
    let [comparison, baseline, others @ ..] = &ready[..] else {
        return verdict(input, per, Default::default(), Outcome::TooLittle(nothing()));
    };
    let facts = [baseline.facts.clone(), comparison.facts.clone()];
    let outcome = match missing(baseline, comparison, input.ends) {
        Some(missing) => Outcome::TooLittle(missing),
        None => match findings(input, comparison, baseline, others) {
            Some(found) => Outcome::Compared(Box::new(found)),
            None => Outcome::TooLittle(nothing()),
        },
    };
    verdict(input, per, facts, outcome)
}

fn verdict(input: &Input, per: Per, sides: [SideFacts; 2], outcome: Outcome) -> Verdict {
    let ProfileType { sample_type, sample_unit, .. } = input.profile_type.clone();
    Verdict { relation: input.relation.clone(), sample_type, sample_unit, per, sides, outcome }
}

fn nothing() -> Missing {
    Missing {
        in_baseline: true,
        span_secs: [0.0, LEAST_SPAN_SECS],
        windows: [0, MIN_OBSERVATIONS],
        enough_in_secs: None,
    }
}

fn ready(side: &MeasuredSide, tree: &MergedTree, per: Per) -> Ready {
    let (windows, covered_secs) = side_of(&side.costs, per);
    let facts = SideFacts {
        profiles: tree.profiles,
        replicas: side.costs.replicas.len(),
        all_replicas: side.all_replicas,
        covered_secs,
        windows: windows.observations(),
        window_secs: side.costs.step_ns as f64 / 1e9,
    };
    Ready { windows, facts, span_secs: Plan::of(&side.costs).span_secs }
}

/// What the first side that lacks data lacks.
fn missing(baseline: &Ready, comparison: &Ready, (end, now): (UnixNanos, UnixNanos)) -> Option<Missing> {
    let lacks = |side: &Ready| side.facts.windows < MIN_OBSERVATIONS || side.span_secs < LEAST_SPAN_SECS;
    let of = |side: &Ready, in_baseline| {
        let still_coming = now.nanos_since(end) as f64 / 1e9 <= STILL_COMING_SECS;
        let windows = MIN_OBSERVATIONS.saturating_sub(side.facts.windows) as f64 * side.facts.window_secs
            / side.facts.replicas.max(1) as f64;
        let enough_in = windows.max(LEAST_SPAN_SECS - side.span_secs);
        Missing {
            in_baseline,
            span_secs: [side.span_secs, LEAST_SPAN_SECS],
            windows: [side.facts.windows, MIN_OBSERVATIONS],
            enough_in_secs: (!in_baseline && still_coming && side.facts.windows > 0).then_some(enough_in),
        }
    };
    match (lacks(comparison), lacks(baseline)) {
        (true, _) => Some(of(comparison, false)),
        (false, true) => Some(of(baseline, true)),
        (false, false) => None,
    }
}

fn findings(input: &Input, comparison: &Ready, baseline: &Ready, others: &[Ready]) -> Option<Findings> {
    let rules = Rules::default();
    let functions = input.functions.rows.len();
    let against = |side: &Ready| compare(&side.windows, &comparison.windows, functions, &rules);
    let mut found = against(baseline)?;
    let mut baselines = 1;
    for other in others.iter().filter(|side| side.span_secs >= LEAST_SPAN_SECS).filter_map(against) {
        found.confirm(&other, &rules);
        baselines += 1;
    }
    let tree = diff(&input.trees[1].tree, &input.trees[0].tree);
    let own_code = input.own_code.clone().unwrap_or_else(|| OwnCode::guess(tree.frames()));
    let explained = explained(&tree, &found, &input.functions, &own_code);
    let Estimate { before, .. } = found.total.rate;
    let visible_total = found.total.rate.smallest_visible(rules.q, found.tests) / before;
    let visible_share = found.functions.iter().filter(|f| f.share.before >= rules.least_share);
    let visible_share = visible_share.map(|f| f.share.smallest_visible(rules.q, found.tests));
    Some(Findings {
        total: figure(&found.total.rate),
        total_changed: found.total.direction.is_some(),
        functions: explained.iter().take(MOST_FINDINGS).map(|one| finding(&tree, &found, one)).collect(),
        only_share: only_share(input, &found, &rules),
        visible_total: if before > 0.0 {
            visible_total.max(rules.least_relative)
        } else {
            rules.least_relative
        },
        visible_share: visible_share.fold(rules.least_share, f64::max),
        baselines,
        method: Method {
            q: rules.q,
            tests: found.tests,
            is_paired: found.is_paired,
            autocorrelation: found.autocorrelation,
        },
    })
}

fn explained(
    tree: &DiffTree,
    found: &Comparison,
    functions: &Functions,
    own_code: &OwnCode,
) -> Vec<Explained> {
    let directions: Vec<_> = found.functions.iter().map(|change| change.direction).collect();
    let totals = tree.total(NodeId::ROOT);
    // The trees hold all replicas and all windows: divided like this, their totals are the measured rates.
    let weight = |total: i64, rate: f64| if rate > 0.0 { total as f64 / rate } else { 0.0 };
    let tested = Tested {
        tree,
        function_of: &functions.of_frames(tree.frames()),
        directions: &directions,
        weights: [
            weight(totals.baseline, found.total.rate.before),
            weight(totals.comparison, found.total.rate.after),
        ],
        own_code,
    };
    let mut all = explain(&tested);
    // What went the way of the total first: a cause, and not what softened it.
    let total = found.total.direction.map_or(0.0, |_| found.total.rate.difference());
    all.sort_by_key(|one| (one.moved, one.difference * total < 0.0));
    all
}

fn finding(tree: &DiffTree, found: &Comparison, one: &Explained) -> Finding {
    let name = |frame: FrameId| {
        let text = tree.frames().text(frame);
        FunctionName { name: text.name.to_owned(), file: text.file.to_owned() }
    };
    let change = &found.functions[one.function];
    Finding {
        function: name(one.frame),
        under: one.under.map(name),
        deepest: one.deepest.map(name),
        cost: figure(&change.rate),
        share: figure(&change.share),
        q: change.q,
        moved: one.moved.then(|| one.moved_from.map(name)),
    }
}

/// Functions whose share alone has changed, the largest change first.
fn only_share(input: &Input, found: &Comparison, rules: &Rules) -> Vec<FunctionName> {
    let mut all: Vec<(f64, FunctionName)> = found
        .functions
        .iter()
        .zip(&input.functions.rows)
        .filter(|(change, _)| change.is_only_share(rules))
        .filter_map(|(change, row)| {
            let function = row.first()?;
            let name = FunctionName { name: function.name.clone(), file: function.file.clone() };
            Some((change.share.difference().abs(), name))
        })
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    all.truncate(MOST_FINDINGS);
    all.into_iter().map(|(_, name)| name).collect()
}

fn figure(estimate: &Estimate) -> Figure {
    let (low, high) = estimate.interval();
    Figure { before: estimate.before, after: estimate.after, low, high, p: estimate.p() }
}
