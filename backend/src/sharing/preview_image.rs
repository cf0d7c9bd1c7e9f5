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
    let (map, origin, ends) = match &frozen.snapshot.offsets {
        Some(cells) => offsets(cells),
        None => grid(frozen.snapshot.heatmap.as_ref()),
    };
    let graphic = match &frozen.preview {
        PreviewData::Tree(tree, unit) => Graphic::Tree { tree, unit },
        PreviewData::Diff(both, scale, unit) => {
            Graphic::Diff { both, scale, unit, profiles: Per::profiles(&frozen.snapshot) }
        }
        PreviewData::Grid | PreviewData::Nothing => {
            Graphic::Heatmap { map: &map, origin, ends: [&ends[0], &ends[1]] }
        }
    };
    let picture = Picture { title, verdict: &frozen.summary.verdict, subtitle: &subtitle, graphic };
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

/// The map of sub-second offsets, with its first and its last second.
fn offsets(cells: &OffsetCells) -> (Heatmap, Origin, [String; 2]) {
    let (rows, columns) = (cells.rows as usize, cells.columns as usize);
    let map = offset_grid(rows, columns, cells.first as usize, &cells.values);
    (map, Origin::Bottom, ["0 s".to_owned(), format!("{columns} s")])
}

fn grid(message: Option<&HeatmapResponse>) -> (Heatmap, Origin, [String; 2]) {
    let nothing = || (Heatmap::default(), Origin::Top, [String::new(), String::new()]);
    let Some(message) = message else { return nothing() };
    let (Some(&first), Some(&last)) = (message.times_ms.first(), message.times_ms.last()) else {
        return nothing();
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
    (map, if bins { Origin::Bottom } else { Origin::Top }, ends)
}
