//! Preview image of a public share, drawn from the frozen snapshot.

use super::ShareError;
use super::basis::Per;
use super::payload::{HeatmapResponse, HeatmapRow, OffsetCells};
use super::preview::{self, Graphic, Picture};
use super::snapshot::{Frozen, PreviewData};
use flarepath_profile::heatmap::offsets::offset_grid;
use flarepath_profile::heatmap::{Cell, Heatmap, Origin};
use flarepath_profile::units::{Unit, format_value};
use flarepath_profile::unix_nanos::UnixNanos;

/// Maximum columns: more than there are pixels.
const MAX_COLUMNS: usize = 4000;

/// The image as PNG. Blocking: a large tree takes a second.
///
/// # Errors
/// [`ShareError::Internal`]; a bug.
pub(super) fn render(frozen: &Frozen, title: &str) -> Result<Vec<u8>, ShareError> {
    let subtitle = subtitle(frozen);
    let Grid { map, origin, partial, ends } = match &frozen.snapshot.offsets {
        Some(cells) => offsets(cells),
        None => grid(frozen.snapshot.heatmap.as_ref()),
    };
    let graphic = match &frozen.preview {
        PreviewData::Tree(tree, unit) => Graphic::Tree { tree, unit },
        PreviewData::Diff(both, scale, unit) => {
            Graphic::Diff { both, scale, unit, profiles: Per::profiles(&frozen.snapshot) }
        }
        PreviewData::Grid | PreviewData::Nothing => {
            Graphic::Heatmap { map: &map, origin, partial: &partial, ends: [&ends[0], &ends[1]] }
        }
    };
    let verdict = frozen.snapshot.verdict.as_ref();
    let number =
        verdict.and_then(|verdict| verdict.number.as_ref()).map_or("", |number| number.text.as_str());
    let picture = Picture { title, number, verdict: &frozen.summary.verdict, subtitle: &subtitle, graphic };
    Ok(preview::draw(&picture)?)
}

/// Service and time range, as far as they are known.
fn subtitle(frozen: &Frozen) -> String {
    let summary = &frozen.summary;
    let mut parts = Vec::new();
    if !summary.service.is_empty() {
        parts.push(summary.service.clone());
    }
    if summary.from_ns < summary.until_ns && summary.from_ns.0 != 0 {
        parts.push(format!("{} – {} UTC", time(summary.from_ns), time(summary.until_ns)));
    }
    parts.join("  ·  ")
}

/// To the minute, without a zone.
fn time(at: UnixNanos) -> String {
    let at = jiff::Timestamp::from_nanosecond(i128::from(at.0)).ok();
    at.map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A heat map as it is drawn; see [`Graphic::Heatmap`].
#[derive(Default)]
struct Grid {
    map: Heatmap,
    origin: Origin,
    partial: Vec<usize>,
    ends: [String; 2],
}

/// The map of sub-second offsets, with its first and its last second.
fn offsets(cells: &OffsetCells) -> Grid {
    let (rows, columns) = (cells.rows as usize, cells.columns as usize);
    let map = offset_grid(rows, columns, cells.first as usize, &cells.values);
    Grid {
        map,
        origin: Origin::Bottom,
        partial: Vec::new(),
        ends: ["0 s".to_owned(), format!("{columns} s")],
    }
}

fn grid(message: Option<&HeatmapResponse>) -> Grid {
    let Some(message) = message else { return Grid::default() };
    let (Some(&first), Some(&last)) = (message.times_ms.first(), message.times_ms.last()) else {
        return Grid::default();
    };
    let step = message.step_ms.max(1);
    let count = last.saturating_sub(first) / step + 1;
    let columns = usize::try_from(count).unwrap_or(0).clamp(1, MAX_COLUMNS);
    let bins = !message.bin_unit.is_empty();
    let unit = Unit::parse(&message.bin_unit);
    let name = |row: &HeatmapRow| match bins {
        true => format!("{} – {}", format_value(row.low, &unit), format_value(row.high, &unit)),
        false => row.name.clone(),
    };
    let mut map = Heatmap::new(message.rows.iter().map(name).collect(), columns);
    for (row, cells) in message.rows.iter().enumerate() {
        for (at, value) in message.times_ms.iter().zip(&cells.cells) {
            let column = usize::try_from(at.saturating_sub(first) / step).unwrap_or(usize::MAX);
            if column < columns {
                map.add(Cell { row, column }, *value as f64);
            }
        }
    }
    let ends = [first, last.saturating_add(step)].map(|ms| time(UnixNanos::from_millis(ms)));
    let origin = if bins { Origin::Bottom } else { Origin::Top };
    Grid { map, origin, partial: partial(message, first, columns), ends }
}

/// Columns of which the range has a part only; of a range that ended when the snapshot was taken, the last was still filling.
fn partial(message: &HeatmapResponse, first: i64, columns: usize) -> Vec<usize> {
    let step = message.step_ms.max(1);
    let is_cut = |column: &usize| {
        let start = first.saturating_add((*column as i64).saturating_mul(step));
        start < message.start_ms || start.saturating_add(step) > message.end_ms
    };
    // Snapshots from before do not have the range.
    (0..columns).filter(|column| message.end_ms > 0 && is_cut(column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_at_the_ends_of_the_range_are_partial() {
        let row = HeatmapRow { cells: vec![1, 2, 3], ..HeatmapRow::default() };
        let (times_ms, step_ms) = (vec![60_000, 120_000, 180_000], 60_000);
        let map = HeatmapResponse { times_ms, step_ms, rows: vec![row], ..HeatmapResponse::default() };
        let in_range =
            |start_ms, end_ms| grid(Some(&HeatmapResponse { start_ms, end_ms, ..map.clone() })).partial;
        assert_eq!(in_range(70_000, 200_000), [0, 2]);
        assert!(in_range(60_000, 240_000).is_empty());
        assert!(in_range(0, 0).is_empty(), "not recorded");
    }
}
