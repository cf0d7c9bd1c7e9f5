//! Puts the statistics of a comparison into a verdict.
//!
//! Statistics decide on windows of the measured replicas. The numbers that a verdict states are of the whole sides, as on the page:
//! the totals of the merged trees by covered time, or by profile for levels. Where the two disagree on a direction, nothing is
//! stated.

use super::beginning::beginning;
use super::functions::Functions;
use super::input::Input;
use super::ready_side::{LEAST_SPAN_SECS, Ready, missing, nothing, ready};
use super::stated::{Numbers, figure};
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::{DiffTree, diff};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::stats::{
    Comparison, Estimate, Explained, MovedFrom, Rules, Side, Tested, compare, explain,
};
use flarepath_profile::verdict::{
    Beginning, Finding, Findings, FunctionName, Method, Moved, NotComparable, Outcome, Per, Relation,
    SideFacts, Verdict, counts_samples, is_level, periods_differ,
};

/// Functions in a verdict at most.
const MOST_FINDINGS: usize = 20;

/// The verdict.
pub(super) fn judge(input: &Input) -> Verdict {
    let per = per(input);
    let ready: Vec<Ready<'_>> = (0..input.sides.len()).map(|side| ready(input, side, per)).collect();
    let [comparison, baseline, others @ ..] = &ready[..] else {
        return verdict(input, per, Default::default(), Outcome::TooLittle(nothing()));
    };
    let facts = [baseline.facts.clone(), comparison.facts.clone()];
    let outcome = match (not_comparable(input), missing(baseline, comparison, input.ends)) {
        (Some(why), _) => Outcome::NotComparable(why),
        (None, Some(missing)) => Outcome::TooLittle(missing),
        (None, None) => match findings(input, &rules(per), [comparison, baseline], others) {
            Some(found) => Outcome::Compared(Box::new(found)),
            None => Outcome::TooLittle(nothing()),
        },
    };
    verdict(input, per, facts, outcome)
}

/// What costs are divided by: work where that of every side is known. Levels are means of profiles, whatever work there was.
fn per(input: &Input) -> Per {
    match is_level(&input.types[0].sample_type) {
        true => Per::Profile,
        false if !input.sides.is_empty() && input.sides.iter().all(|side| side.work.is_some()) => Per::Work,
        false => Per::Second,
    }
}

fn rules(per: Per) -> Rules {
    Rules { per_work: per == Per::Work, ..Rules::default() }
}

fn verdict(input: &Input, per: Per, sides: [SideFacts; 2], outcome: Outcome) -> Verdict {
    let ProfileType { sample_type, sample_unit, period_unit, .. } = input.types[0].clone();
    // Derived ones are in nanoseconds, and only those of types with periods in nanoseconds, or without any, are derived.
    let is_derived = sides.iter().any(|side| side.period_is_derived);
    let period_unit = if is_derived { "nanoseconds".to_owned() } else { period_unit };
    Verdict { relation: input.relation.clone(), sample_type, sample_unit, period_unit, per, sides, outcome }
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
    let differ = periods_differ(periods);
    (differ && counts_samples(&input.types[0].sample_type)).then_some(NotComparable::SamplingRates)
}

fn findings(
    input: &Input,
    rules: &Rules,
    [comparison, baseline]: [&Ready<'_>; 2],
    others: &[Ready<'_>],
) -> Option<Findings> {
    let functions = input.functions.rows.len();
    let against = |side: &Ready<'_>| compare(&side.windows, &comparison.windows, functions, rules);
    let mut found = against(baseline)?;
    let mut baselines = 1;
    for other in others.iter().filter(|side| side.span_secs >= LEAST_SPAN_SECS).filter_map(against) {
        found.confirm(&other, rules);
        baselines += 1;
    }
    let numbers = Numbers { baseline, comparison };
    numbers.withdraw(&mut found);
    let tree = diff(&input.trees[1].tree, &input.trees[0].tree);
    let own_code = input.own_code.clone().unwrap_or_else(|| OwnCode::guess(tree.frames()));
    let explained = explained(&tree, &found, &input.functions, &numbers, &own_code);
    let began = began(input, &found, &explained, [&baseline.windows, &comparison.windows]);
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
        began,
        only_share: only_share(input, &found, rules),
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
            evidence: found.evidence(),
        },
    })
}

/// When the change of the first function began, or that of the total, if it is one over time and no version is compared with another.
fn began(input: &Input, found: &Comparison, explained: &[Explained], sides: [&Side; 2]) -> Option<Beginning> {
    let function = explained.iter().find(|one| one.moved.is_none()).map(|one| one.function);
    let is_change = function.is_some() || found.total.direction.is_some();
    let is_of_times = matches!(input.relation, Relation::Times { .. });
    (is_change && is_of_times).then(|| beginning(&input.new_versions, sides, function)).flatten()
}

fn explained(
    tree: &DiffTree,
    found: &Comparison,
    functions: &Functions,
    numbers: &Numbers<'_>,
    own_code: &OwnCode,
) -> Vec<Explained> {
    let directions: Vec<_> = found.functions.iter().map(|change| change.direction).collect();
    let tested = Tested {
        tree,
        function_of: &functions.of_frames(tree.frames()),
        directions: &directions,
        weights: [numbers.baseline.weight, numbers.comparison.weight],
        own_code,
    };
    let mut all = explain(&tested);
    all.sort_by_key(|one| (one.moved.is_some(), is_secondary(one, found)));
    all
}

/// Whether a change is told after others: one that only softened the change of the total, or, where the total has not changed, a
/// decrease. A service that waits for the processor does less of everything, which is not what to look for.
fn is_secondary(one: &Explained, found: &Comparison) -> bool {
    match found.total.direction {
        None => one.difference < 0.0,
        Some(_) => {
            let total = found.total.rate.difference();
            one.difference * total < 0.0 && one.difference.abs() < total.abs()
        }
    }
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

#[cfg(test)]
mod tests {
    use super::super::measure::MeasuredSide;
    use super::*;
    use flarepath_profile::unix_nanos::UnixNanos;
    use std::sync::Arc;

    #[test]
    fn work_divides_costs_where_that_of_every_side_is_known() {
        let found = |profile_type: &str, known: [bool; 2]| {
            let profile_type: ProfileType = profile_type.parse().unwrap();
            let side = |known: bool| MeasuredSide {
                work: known.then(|| Arc::new((9.0, Vec::new()))),
                ..MeasuredSide::default()
            };
            let input = Input {
                relation: Relation::Selections,
                new_versions: Vec::new(),
                types: [profile_type.clone(), profile_type],
                trees: Vec::new(),
                sides: known.map(side).to_vec(),
                functions: Arc::default(),
                own_code: None,
                ends: (UnixNanos(0), UnixNanos(0)),
                is_same: false,
            };
            (per(&input), rules(per(&input)).per_work)
        };
        let cpu = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
        assert_eq!(found(cpu, [true, true]), (Per::Work, true));
        assert_eq!(found(cpu, [true, false]), (Per::Second, false));
        assert_eq!(found("memory:inuse_space:bytes:space:bytes", [true, true]), (Per::Profile, false));
    }
}
