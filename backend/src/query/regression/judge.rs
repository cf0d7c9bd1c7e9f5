//! Puts the statistics of a comparison into a verdict.
//!
//! Statistics decide on windows of the measured replicas. The numbers that a verdict states are of the whole sides, as on the page:
//! the totals of the merged trees by covered time, or by profile for levels. Where the two disagree on a direction, nothing is
//! stated.

use super::functions::Functions;
use super::measure::MeasuredSide;
use super::windows::side_of;
use crate::store::MergedTree;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, diff};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stats::{
    Comparison, Direction, Estimate, Explained, MIN_OBSERVATIONS, MovedFrom, OwnCode, Rules, Side, Tested,
    compare, explain,
};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::{
    Figure, Finding, Findings, FunctionName, Method, Missing, Moved, NotComparable, Outcome, Per, Relation,
    SideFacts, Verdict, counts_samples, is_level,
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
    /// Of the comparison, and of the baselines.
    pub(super) types: [ProfileType; 2],
    pub(super) trees: Vec<Arc<MergedTree>>,
    pub(super) sides: Vec<MeasuredSide>,
    pub(super) functions: Arc<Functions>,
    /// The end of the comparison's range, and the present.
    pub(super) ends: (UnixNanos, UnixNanos),
    /// Whether comparison and baseline are one selection and one range.
    pub(super) is_same: bool,
}

/// One side, ready for the statistics.
struct Ready<'a> {
    windows: Side,
    facts: SideFacts,
    span_secs: f64,
    /// What the numbers of the whole side are divided by.
    weight: f64,
    total: f64,
    /// The total cost of each function.
    costs: &'a [i64],
}

impl Ready<'_> {
    fn rate(&self, total: f64) -> f64 {
        if self.weight > 0.0 { total / self.weight } else { 0.0 }
    }

    fn cost(&self, function: usize) -> f64 {
        self.costs.get(function).map_or(0.0, |cost| *cost as f64)
    }

    fn share(&self, function: usize) -> f64 {
        if self.total > 0.0 { self.cost(function) / self.total } else { 0.0 }
    }
}

/// The verdict.
pub(super) fn judge(input: &Input) -> Verdict {
    let per = if is_level(&input.types[0].sample_type) { Per::Profile } else { Per::Second };
    let ready: Vec<Ready<'_>> = (0..input.sides.len()).map(|side| ready(input, side, per)).collect();
    let [comparison, baseline, others @ ..] = &ready[..] else {
        return verdict(input, per, Default::default(), Outcome::TooLittle(nothing()));
    };
    let facts = [baseline.facts.clone(), comparison.facts.clone()];
    let outcome = match (not_comparable(input), missing(baseline, comparison, input.ends)) {
        (Some(why), _) => Outcome::NotComparable(why),
        (None, Some(missing)) => Outcome::TooLittle(missing),
        (None, None) => match findings(input, comparison, baseline, others) {
            Some(found) => Outcome::Compared(Box::new(found)),
            None => Outcome::TooLittle(nothing()),
        },
    };
    verdict(input, per, facts, outcome)
}

fn verdict(input: &Input, per: Per, sides: [SideFacts; 2], outcome: Outcome) -> Verdict {
    let ProfileType { sample_type, sample_unit, period_unit, .. } = input.types[0].clone();
    Verdict { relation: input.relation.clone(), sample_type, sample_unit, period_unit, per, sides, outcome }
}

fn nothing() -> Missing {
    Missing {
        in_baseline: true,
        span_secs: [0.0, LEAST_SPAN_SECS],
        windows: [0, MIN_OBSERVATIONS],
        baseline_span_secs: None,
        enough_in_secs: None,
    }
}

/// Why comparison and baseline cannot be compared, whatever data there is.
pub(super) fn not_comparable(input: &Input) -> Option<NotComparable> {
    let [comparison, baseline, ..] = &input.sides[..] else { return None };
    let has_negative = |tree: &CallTree| tree.columns().2.iter().any(|value| *value < 0);
    let of_sides = || input.trees.iter().take(2);
    if input.types[0] != input.types[1] {
        return Some(NotComparable::Types);
    }
    if input.is_same {
        return Some(NotComparable::SameSides);
    }
    if of_sides().any(|merged| has_negative(&merged.tree)) {
        return Some(NotComparable::NegativeValues);
    }
    let periods = [baseline.period(), comparison.period()];
    let differ = flarepath_profile::verdict::periods_differ(periods);
    (differ && counts_samples(&input.types[0].sample_type)).then_some(NotComparable::SamplingRates)
}

fn ready(input: &Input, side: usize, per: Per) -> Ready<'_> {
    let (measured, tree) = (&input.sides[side], &input.trees[side]);
    let windows = side_of(measured, per);
    let plan = measured.plan;
    let facts = SideFacts {
        profiles: tree.profiles,
        replicas: measured.measured.len(),
        all_replicas: measured.all_replicas(),
        covered_secs: plan.covered_secs,
        gap_secs: plan.gap_secs,
        span_secs: plan.span_secs,
        period: measured.period(),
        windows: windows.observations(),
        window_secs: plan.step_ns as f64 / 1e9,
    };
    Ready {
        windows,
        facts,
        span_secs: plan.span_secs,
        weight: if per == Per::Profile { tree.profiles as f64 } else { plan.covered_secs },
        total: tree.tree.total(NodeId::ROOT) as f64,
        costs: input.functions.totals.get(side).map_or(&[], Vec::as_slice),
    }
}

/// What the first side that lacks data lacks.
fn missing(
    baseline: &Ready<'_>,
    comparison: &Ready<'_>,
    (end, now): (UnixNanos, UnixNanos),
) -> Option<Missing> {
    let lacks =
        |side: &Ready<'_>| side.facts.windows < MIN_OBSERVATIONS || side.span_secs < LEAST_SPAN_SECS;
    let of = |side: &Ready<'_>, in_baseline| {
        let still_coming = now.nanos_since(end) as f64 / 1e9 <= STILL_COMING_SECS;
        let windows = MIN_OBSERVATIONS.saturating_sub(side.facts.windows) as f64 * side.facts.window_secs
            / side.facts.replicas.max(1) as f64;
        let enough_in = windows.max(LEAST_SPAN_SECS - side.span_secs);
        let will_do = !in_baseline && !lacks(baseline) && still_coming && side.facts.windows > 0;
        Missing {
            in_baseline,
            span_secs: [side.span_secs, LEAST_SPAN_SECS],
            windows: [side.facts.windows, MIN_OBSERVATIONS],
            baseline_span_secs: (!in_baseline && lacks(baseline)).then_some(baseline.span_secs),
            enough_in_secs: will_do.then_some(enough_in),
        }
    };
    match (lacks(comparison), lacks(baseline)) {
        (true, _) => Some(of(comparison, false)),
        (false, true) => Some(of(baseline, true)),
        (false, false) => None,
    }
}

fn findings(
    input: &Input,
    comparison: &Ready<'_>,
    baseline: &Ready<'_>,
    others: &[Ready<'_>],
) -> Option<Findings> {
    let rules = Rules::default();
    let functions = input.functions.rows.len();
    let against = |side: &Ready<'_>| compare(&side.windows, &comparison.windows, functions, &rules);
    let mut found = against(baseline)?;
    let mut baselines = 1;
    for other in others.iter().filter(|side| side.span_secs >= LEAST_SPAN_SECS).filter_map(against) {
        found.confirm(&other, &rules);
        baselines += 1;
    }
    let numbers = Numbers { baseline, comparison };
    numbers.withdraw(&mut found);
    let tree = diff(&input.trees[1].tree, &input.trees[0].tree);
    let explained = explained(&tree, &found, &input.functions, &numbers);
    let Estimate { before, .. } = found.total.rate;
    let visible_total = found.total.rate.smallest_visible(rules.q, found.tests) / before;
    let visible_share = found.functions.iter().filter(|f| f.share.before >= rules.least_share);
    let visible_share = visible_share.map(|f| f.share.smallest_visible(rules.q, found.tests));
    Some(Findings {
        total: numbers.total(&found),
        total_changed: found.total.direction.is_some(),
        functions: explained
            .iter()
            .take(MOST_FINDINGS)
            .map(|one| finding(&tree, &found, &numbers, one))
            .collect(),
        only_share: only_share(input, &found, &rules),
        compared: functions,
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

/// The numbers to state: of the whole sides.
struct Numbers<'a> {
    baseline: &'a Ready<'a>,
    comparison: &'a Ready<'a>,
}

impl Numbers<'_> {
    fn totals(&self) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.rate(side.total))
    }

    fn costs(&self, function: usize) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.rate(side.cost(function)))
    }

    fn shares(&self, function: usize) -> [f64; 2] {
        [self.baseline, self.comparison].map(|side| side.share(function))
    }

    /// Takes back what the numbers do not show.
    fn withdraw(&self, found: &mut Comparison) {
        let shows = |direction: &Direction, [before, after]: [f64; 2]| match direction {
            Direction::Grew => after > before,
            Direction::Shrank => after < before,
        };
        found.total.direction = found.total.direction.filter(|d| shows(d, self.totals()));
        for (function, change) in found.functions.iter_mut().enumerate() {
            change.direction = change.direction.filter(|d| shows(d, self.costs(function)));
        }
    }

    fn total(&self, found: &Comparison) -> Figure {
        figure(&found.total.rate, self.totals())
    }
}

fn explained(
    tree: &DiffTree,
    found: &Comparison,
    functions: &Functions,
    numbers: &Numbers<'_>,
) -> Vec<Explained> {
    let directions: Vec<_> = found.functions.iter().map(|change| change.direction).collect();
    let tested = Tested {
        tree,
        function_of: &functions.of_frames(tree.frames()),
        directions: &directions,
        weights: [numbers.baseline.weight, numbers.comparison.weight],
        own_code: &OwnCode::guess(tree.frames()),
    };
    let mut all = explain(&tested);
    // What went the way of the total first: a cause, and not what softened it.
    let total = found.total.direction.map_or(0.0, |_| found.total.rate.difference());
    all.sort_by_key(|one| (one.moved.is_some(), one.difference * total < 0.0));
    all
}

fn finding(tree: &DiffTree, found: &Comparison, numbers: &Numbers<'_>, one: &Explained) -> Finding {
    let name = |frame: FrameId| {
        let text = tree.frames().text(frame);
        FunctionName { name: text.name.to_owned(), file: text.file.to_owned() }
    };
    let change = &found.functions[one.function];
    Finding {
        function: name(one.frame),
        under: one.under.map(name),
        deepest: one.deepest.map(name),
        cost: figure(&change.rate, numbers.costs(one.function)),
        share: figure(&change.share, numbers.shares(one.function)),
        q: change.q,
        moved: one.moved.map(|from| match from {
            MovedFrom::Others => Moved::Others,
            MovedFrom::Function(frame) => Moved::Function(name(frame)),
            MovedFrom::Caller(frame) => Moved::Caller(name(frame)),
        }),
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

/// The values to state, with an interval as wide as that of the estimate.
fn figure(estimate: &Estimate, [before, after]: [f64; 2]) -> Figure {
    let (low, high) = estimate.interval();
    let (difference, half) = (after - before, (high - low) / 2.0);
    Figure { before, after, low: difference - half, high: difference + half, p: estimate.p() }
}
