//! Converts heat maps to wire messages.

use crate::query::{ColumnWeights, CostsByLabel, Distribution, FunctionCosts, KnownNames};
use crate::store::TimeRange;
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Per;
use flarepath_wire::heatmap::{HeatmapResponse, HeatmapRow};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const MS: i64 = 1_000_000;

/// Fields common to all kinds of heat map.
pub(super) struct Frame {
    /// The range asked for.
    pub(super) range: TimeRange,
    pub(super) step_ns: i64,
    pub(super) unit: String,
    pub(super) known: KnownNames,
}

impl Frame {
    fn message(&self, starts: impl Iterator<Item = UnixNanos>) -> HeatmapResponse {
        HeatmapResponse {
            times_ms: starts.map(UnixNanos::as_millis).collect(),
            step_ms: self.step_ns / MS,
            unit: self.unit.clone(),
            start_ms: self.range.start.as_millis(),
            end_ms: self.range.end.as_millis(),
            service_known: self.known.service,
            profile_type_known: self.known.profile_type,
            ..HeatmapResponse::default()
        }
    }
}

fn row(name: &str, cells: Vec<i64>) -> HeatmapRow {
    let sum = cells.iter().fold(0i64, |sum, &cell| sum.saturating_add(cell));
    HeatmapRow { name: name.to_owned(), sum, cells, ..HeatmapRow::default() }
}

pub(super) fn functions(found: &FunctionCosts, frame: &Frame) -> HeatmapResponse {
    let columns = &found.costs;
    let mut message = frame.message(columns.keys().copied());
    for (i, functions) in found.rows.iter().enumerate() {
        let Some(first) = functions.first() else { continue };
        let cells = columns.values().map(|c| c.rows.get(i).copied().unwrap_or(0)).collect();
        message.rows.push(HeatmapRow { file: first.file.clone(), ..row(&first.name, cells) });
    }
    message.other = Some(row("", columns.values().map(|c| c.other).collect()));
    message.column_totals = columns.values().map(|c| c.all).collect();
    message.row_count = found.function_count as u64;
    if let Some(ColumnWeights { per, columns: weights }) = &found.weights {
        let (per, one) = if *per == Per::Profile { ("profile", 1) } else { ("second", MS) };
        message.per = per.to_owned();
        let weight = |start: &UnixNanos| weights.get(start).copied().unwrap_or(0) / one;
        message.column_weights = columns.keys().map(weight).collect();
    }
    message
}

pub(super) fn labels(values: &CostsByLabel, limit: usize, frame: &Frame) -> HeatmapResponse {
    let starts: BTreeSet<UnixNanos> = values.values().flat_map(|row| row.keys().copied()).collect();
    let mut message = frame.message(starts.iter().copied());
    let mut rows: Vec<HeatmapRow> = values
        .iter()
        .map(|(value, points)| {
            row(value, starts.iter().map(|s| points.get(s).copied().unwrap_or(0)).collect())
        })
        .collect();
    rows.sort_by_key(|row| Reverse(row.sum));
    let sum = |rows: &[HeatmapRow]| {
        let column = |c| rows.iter().fold(0i64, |sum, row| sum.saturating_add(row.cells[c]));
        (0..starts.len()).map(column).collect::<Vec<i64>>()
    };
    message.row_count = rows.len() as u64;
    message.column_totals = sum(&rows);
    message.other = Some(row("", sum(&rows[limit.min(rows.len())..])));
    rows.truncate(limit);
    message.rows = rows;
    message
}

pub(super) fn values(found: &Distribution, frame: &Frame) -> HeatmapResponse {
    let columns = &found.columns;
    let mut message = frame.message(columns.keys().copied());
    message.bin_unit = std::mem::replace(&mut message.unit, "profiles".to_owned());
    let used = || columns.values().flat_map(|column| column.keys().copied());
    if let (Some(first), Some(last)) = (used().min(), used().max()) {
        message.rows = (first..=last)
            .map(|bin| {
                let (low, high) = found.bins.edges(bin);
                let cell = |column: &BTreeMap<u64, u64>| column.get(&bin).copied().unwrap_or(0) as i64;
                HeatmapRow { low, high, ..row("", columns.values().map(cell).collect()) }
            })
            // Between small integers some bins cannot hold any value.
            .filter(|row| row.low < row.high)
            .collect();
    }
    message.row_count = message.rows.len() as u64;
    message.column_totals = columns.values().map(|c| c.values().sum::<u64>() as i64).collect();
    message
}
