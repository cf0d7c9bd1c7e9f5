//! Converts query results to wire messages. Wire types stop here.

use crate::app::App;
use crate::auth::SignIn;
use crate::query::{Covered, CoveredOverTime, Explored, KnownNames};
use crate::store::{TimeRange, TotalsSeries};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::DiffTree;
use flarepath_profile::line_costs::LineCost;
use flarepath_profile::origin::origins;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::top_table::{SortOrder, TopColumn, TopRow, sort, top_table};
use flarepath_wire::call_tree::CallTreeColumns;
use flarepath_wire::diff::{DiffColumns, DiffResponse, DiffSide};
use flarepath_wire::messages::*;

const MS: i64 = 1_000_000;

pub(super) fn instance(app: &App, claimed: bool, needs_setup_token: bool) -> InstanceResponse {
    InstanceResponse {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        warnings: app.current_warnings(),
        sign_in: app.gate.sign_in == SignIn::On,
        claimed,
        needs_setup_token,
        password_sign_in: app.gate.password_sign_in,
        oidc: app
            .oidc
            .as_ref()
            .filter(|_| app.gate.sign_in == SignIn::On)
            .map(|oidc| oidc.config.name.clone()),
    }
}

pub(super) fn series(
    totals: &[TotalsSeries],
    covered: Option<&CoveredOverTime>,
    step_ms: i64,
    unit: &str,
    known: KnownNames,
) -> SeriesResponse {
    let mut sorted: Vec<&TotalsSeries> = totals.iter().collect();
    // Sums in 128 bits: two lines of large values must not swap because both saturated.
    let sum = |group: &TotalsSeries| group.points.iter().map(|(_, value)| i128::from(*value)).sum::<i128>();
    sorted.sort_by_cached_key(|group| (std::cmp::Reverse(sum(group)), group.labels.clone()));
    let line = |group: &TotalsSeries| Series {
        labels: group
            .labels
            .iter()
            .map(|(n, v)| LabelPair { name: n.to_owned(), value: v.to_owned() })
            .collect(),
        times_ms: group.points.iter().map(|(at, _)| at.as_millis()).collect(),
        values: group.points.iter().map(|(_, value)| *value as f64).collect(),
    };
    SeriesResponse {
        series: sorted.into_iter().map(line).collect(),
        step_ms,
        unit: unit.to_owned(),
        service_known: known.service,
        profile_type_known: known.profile_type,
        covered: covered.map(covered_buckets),
    }
}

fn covered_buckets(covered: &CoveredOverTime) -> CoveredBuckets {
    CoveredBuckets {
        times_ms: covered.buckets.keys().map(|at| at.as_millis()).collect(),
        replica_ms: covered.buckets.values().map(|bucket| bucket.replica_ns / MS).collect(),
        range_ms: covered.buckets.values().map(|bucket| bucket.range_ns / MS).collect(),
        profiles: covered.buckets.values().map(|bucket| bucket.profiles).collect(),
        replicas: covered.replicas,
    }
}

/// `own` is what counts as own code. Origins are of the answer and not of the cached tree, so that a change of the setting shows
/// at once.
pub(super) fn call_tree(
    tree: &CallTree,
    own: &OwnCode,
    profiles: u64,
    covered: Covered,
    unit: &str,
    known: KnownNames,
) -> CallTreeResponse {
    CallTreeResponse {
        tree: Some(CallTreeColumns::from(tree).with_origins(&origins(tree.frames(), own))),
        unit: unit.to_owned(),
        profiles,
        service_known: known.service,
        profile_type_known: known.profile_type,
        replicas: covered.replicas,
        replica_ms: covered.replica_ns / MS,
    }
}

/// Sides, ranges and units are in the order baseline, comparison; `own` is what counts as own code of both.
pub(super) fn diff(
    tree: &DiffTree,
    own: &OwnCode,
    sides: &[Explored; 2],
    ranges: [TimeRange; 2],
    units: [&str; 2],
) -> DiffResponse {
    let side = |i: usize| DiffSide {
        unit: units[i].to_owned(),
        profiles: sides[i].profiles,
        covered_ms: sides[i].covered.range_ns / MS,
        start_ms: ranges[i].start.as_millis(),
        end_ms: ranges[i].end.as_millis(),
        service_known: sides[i].known.service,
        profile_type_known: sides[i].known.profile_type,
        replicas: sides[i].covered.replicas,
        replica_ms: sides[i].covered.replica_ns / MS,
    };
    let columns = DiffColumns::from(tree).with_origins(&origins(tree.frames(), own));
    DiffResponse { tree: Some(columns), baseline: Some(side(0)), comparison: Some(side(1)) }
}

pub(super) fn lines(lines: Vec<LineCost>, unit: &str, known: KnownNames) -> LinesResponse {
    let line = |LineCost { file, line, self_value, total }| FunctionLine { file, line, self_value, total };
    LinesResponse {
        lines: lines.into_iter().map(line).collect(),
        unit: unit.to_owned(),
        service_known: known.service,
        profile_type_known: known.profile_type,
    }
}

pub(super) fn top_functions(
    tree: &CallTree,
    column: TopColumn,
    limit: usize,
    unit: &str,
    known: KnownNames,
) -> TopFunctionsResponse {
    let mut rows = top_table(tree);
    let order = if column == TopColumn::Name { SortOrder::Ascending } else { SortOrder::Descending };
    sort(&mut rows, tree, column, order);
    let function = |row: &TopRow| TopFunction {
        name: tree.frames().name(row.frame).to_owned(),
        file: tree.frames().file(row.frame).to_owned(),
        self_value: row.self_value,
        total: row.total,
    };
    TopFunctionsResponse {
        functions: rows.iter().take(limit).map(function).collect(),
        total: tree.total(NodeId::ROOT),
        function_count: rows.len() as u64,
        unit: unit.to_owned(),
        service_known: known.service,
        profile_type_known: known.profile_type,
    }
}
