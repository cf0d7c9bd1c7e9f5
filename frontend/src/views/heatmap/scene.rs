//! Draw list of a heat map: runs of cells of one colour, labels of rows, marks on the time axis. Lengths are CSS
//! pixels in the plot; the first row may be at the top or at the bottom, and a rest is set apart from the other rows.

use crate::state::clock_text::Zone;
use crate::state::heatmap::data::{Axis, HeatData};
use crate::views::timeline::scene::time_ticks;
use flarepath_profile::heatmap::{Cell, Colors, Origin, Rect, Scale};
use flarepath_profile::time_series::round_step_secs;

/// Colours from little to much.
pub(crate) const STEPS: u8 = 16;
/// The number that stands for "no data" where others stand for colours: 0 for nothing, 1 to [`STEPS`] for more and more.
pub(crate) const GAP: u8 = u8::MAX;
/// Between the rest and the other rows.
const APART: f64 = 6.0;
/// Height that a label of a row needs, as in style/heatmap.css: with less, its descenders are cut.
const LABEL: f64 = 16.0;
/// Space between the marks of the time axis.
const TICK: f64 = 84.0;

/// Cells beside each other that look the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    pub(crate) colour: u8,
    /// Left edge.
    pub(crate) x: f64,
    /// Upper edge.
    pub(crate) y: f64,
    /// Width.
    pub(crate) w: f64,
    /// Height.
    pub(crate) h: f64,
}

/// The name of a row, in the middle of its height.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowLabel {
    pub(crate) row: usize,
    /// Middle of the row.
    pub(crate) y: f64,
    pub(crate) name: String,
}

/// Where cells are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Grid {
    /// How many rows there are.
    pub(crate) rows: usize,
    /// How many columns there are.
    pub(crate) columns: usize,
    /// Width of the plot.
    pub(crate) width: f64,
    pub(crate) row_height: f64,
    rest: bool,
    upward: bool,
}

impl Grid {
    /// The grid of a map in a plot of this width. More rows are flatter.
    pub(crate) fn of(data: &HeatData, width: f64) -> Grid {
        let rows = data.map.rows();
        let row_height = match rows {
            0..=32 => 18.0,
            33..=50 => 9.0,
            51..=100 => 7.0,
            _ => 5.0,
        };
        let upward = data.origin == Origin::Bottom;
        Grid { rows, columns: data.map.columns(), width, row_height, rest: data.rest && !upward, upward }
    }

    /// Height of the plot.
    pub(crate) fn height(&self) -> f64 {
        self.rows as f64 * self.row_height + if self.rest { APART } else { 0.0 }
    }

    /// Upper edge of a row.
    fn top(&self, row: usize) -> f64 {
        let place = if self.upward { (self.rows - 1).saturating_sub(row) } else { row };
        let apart = if self.rest && row + 1 == self.rows { APART } else { 0.0 };
        place as f64 * self.row_height + apart
    }

    /// Left edge of a column.
    fn left(&self, column: usize) -> f64 {
        column as f64 * self.width / self.columns.max(1) as f64
    }

    /// The cell under a point, or the nearest to it; `None` when there are no cells.
    pub(crate) fn cell_near(&self, x: f64, y: f64) -> Option<Cell> {
        let (last_row, last_column) = (self.rows.checked_sub(1)?, self.columns.checked_sub(1)?);
        let column = (x / self.width.max(1.0) * self.columns as f64).max(0.0) as usize;
        let body = self.height() - self.row_height - APART / 2.0;
        let row = if self.rest && y >= body { last_row } else { (y / self.row_height).max(0.0) as usize };
        let row = row.min(last_row);
        let row = if self.upward { last_row - row } else { row };
        Some(Cell { row, column: column.min(last_column) })
    }

    /// Where a rectangle of cells is: left, top, width, height.
    pub(crate) fn place(&self, rect: &Rect) -> [f64; 4] {
        let (first, last) = (rect.rows.start, rect.rows.end.saturating_sub(1).max(rect.rows.start));
        let (a, b) = (self.top(first), self.top(last));
        let (left, right) = (self.left(rect.columns.start), self.left(rect.columns.end));
        [left, a.min(b), right - left, (a - b).abs() + self.row_height]
    }
}

/// The whole picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Scene {
    /// Where cells are.
    pub(crate) grid: Grid,
    /// Cells, from gaps over little to much: where a pixel has several, the hottest is seen.
    pub(crate) runs: Vec<Run>,
    /// Columns that are hatched, as they hold less than their width would: left, top, width, height.
    pub(crate) hatched: Vec<[f64; 4]>,
    /// Why they do, each reason once.
    pub(crate) reasons: Vec<&'static str>,
    /// Names of rows, as many as fit.
    pub(crate) labels: Vec<RowLabel>,
    /// Marks on the time axis: place as a share of the width, text.
    pub(crate) ticks: Vec<(f64, String)>,
    /// The numbers of the legend: of the first colour, of the middle, of the last. Empty when there is nothing.
    pub(crate) legend: Vec<String>,
}

impl Scene {
    /// Whether there is no data somewhere. Gaps are drawn first.
    pub(crate) fn has_gaps(&self) -> bool {
        self.runs.first().is_some_and(|run| run.colour == GAP)
    }

    /// Whether columns are narrower than a pixel.
    pub(crate) fn crowded(&self) -> bool {
        self.grid.columns as f64 > self.grid.width
    }
}

/// The colours of a map. The rest is set apart and mostly larger than any row; it would leave them all pale. A column that is
/// still filling says nothing about the others, unless there are no others.
pub(crate) fn colors(data: &HeatData, scale: Scale) -> Colors {
    let rows = data.map.rows() - usize::from(data.rest && data.map.rows() > 1);
    let ends = |all: bool| {
        let cells = (0..rows).flat_map(|row| data.map.row(row).iter().copied().enumerate());
        let whole = cells.filter(|(column, _)| all || data.partial(*column).is_none());
        let values = whole.map(|(_, value)| value).filter(|v| *v > 0.0 && v.is_finite());
        values.fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)))
    };
    let found = ends(false);
    let (low, high) = if found.1 > 0.0 { found } else { ends(true) };
    Colors::between(low, high, scale, STEPS)
}

/// Lays a map out in a plot of this width. The time axis is cut in `zone`.
pub(crate) fn scene(data: &HeatData, colors: &Colors, width: f64, zone: Zone) -> Scene {
    let grid = Grid::of(data, width);
    let mut runs: Vec<Run> = (0..grid.rows).flat_map(|row| runs_of(data, colors, &grid, row)).collect();
    runs.sort_by_key(|run| run.colour.wrapping_add(1));
    let column = |at: usize| grid.place(&Rect { rows: 0..grid.rows, columns: at..at + 1 });
    let mut reasons: Vec<&str> = data.partial.iter().map(|(_, why)| why.text()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    Scene {
        hatched: data.partial.iter().map(|(at, _)| column(*at)).collect(),
        reasons,
        runs,
        labels: labels(data, &grid),
        ticks: ticks(data, width, zone),
        legend: legend(data, colors),
        grid,
    }
}

/// Cells of nothing are the ground and need no run.
fn runs_of(data: &HeatData, colors: &Colors, grid: &Grid, row: usize) -> Vec<Run> {
    let colour = |value: &f64| if value.is_nan() { GAP } else { colors.bucket(*value) };
    let mut runs = Vec::new();
    let mut start = 0;
    for cells in data.map.row(row).chunk_by(|a, b| colour(a) == colour(b)) {
        let end = start + cells.len();
        let number = colour(&cells[0]);
        if number != 0 {
            let [x, y, w, h] = grid.place(&Rect { rows: row..row + 1, columns: start..end });
            runs.push(Run { colour: number, x, y, w, h });
        }
        start = end;
    }
    runs
}

fn labels(data: &HeatData, grid: &Grid) -> Vec<RowLabel> {
    let every = (LABEL / grid.row_height).ceil().max(1.0) as usize;
    let rows = (0..grid.rows).step_by(every);
    let label = |row| RowLabel {
        row,
        y: grid.top(row) + grid.row_height / 2.0,
        name: data.map.row_name(row).to_owned(),
    };
    rows.map(label).collect()
}

fn ticks(data: &HeatData, width: f64, zone: Zone) -> Vec<(f64, String)> {
    let count = (width / TICK).max(2.0) as i64;
    let columns = data.map.columns() as i64;
    match data.axis {
        Axis::Time { from_ms, step_ms } => {
            let until_ms = from_ms + columns * step_ms;
            let share = |ms: i64| (ms - from_ms) as f64 / (until_ms - from_ms).max(1) as f64;
            let ticks = time_ticks(from_ms, until_ms, zone, count);
            ticks.into_iter().map(|(ms, label)| (share(ms), label)).collect()
        }
        Axis::Seconds => {
            let step = round_step_secs(columns / (count + 1) + 1);
            let seconds = (0..columns).step_by(step as usize);
            seconds.map(|s| (s as f64 / columns.max(1) as f64, format!("{s} s"))).collect()
        }
    }
}

fn legend(data: &HeatData, colors: &Colors) -> Vec<String> {
    let edges = colors.edges();
    let middle = edges.get(edges.len() / 2);
    // The first edge is 0 where differences are equal: the first colour is for what is more.
    let low = edges.first();
    let shown = low.into_iter().chain(middle).chain(edges.last());
    shown.map(|value| data.scale.amount(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::heatmap::data::tests::{T, data};
    use crate::state::timeline::Partial;

    fn drawn(data: &HeatData) -> Scene {
        scene(data, &colors(data, Scale::Linear), 300.0, Zone::UTC)
    }

    #[test]
    fn alike_neighbours_are_one_run_and_nothing_is_the_ground() {
        let scene = drawn(&data(&["88.", "044"]));
        let runs: Vec<_> = scene.runs.iter().map(|r| (r.colour, r.x, r.y, r.w)).collect();
        assert_eq!(runs, [(GAP, 200.0, 0.0, 100.0), (8, 100.0, 18.0, 200.0), (16, 0.0, 0.0, 200.0)]);
        assert_eq!(scene.legend, ["0 s", "4 s", "8 s"]);
        assert!(scene.has_gaps() && !drawn(&data(&["880", "044"])).has_gaps());
        assert_eq!(drawn(&data(&["00"])).legend, [""; 0]);
        assert!(!scene.crowded() && drawn(&data(&["1".repeat(301).as_str()])).crowded());
    }

    #[test]
    fn the_rest_is_set_apart() {
        let map = HeatData { rest: true, ..data(&["11", "22", "33"]) };
        let scene = drawn(&map);
        let tops: Vec<f64> = scene.labels.iter().map(|l| l.y).collect();
        assert_eq!(tops, [9.0, 27.0, 51.0]);
        assert_eq!(scene.grid.height(), 60.0);
        assert_eq!(scene.grid.cell_near(0.0, 35.0), Some(Cell { row: 1, column: 0 }));
        assert_eq!(scene.grid.cell_near(0.0, 41.0), Some(Cell { row: 2, column: 0 }));
    }

    #[test]
    fn the_rest_leaves_the_other_rows_their_colours() {
        let map = HeatData { rest: true, ..data(&["12", "99"]) };
        let found = colors(&map, Scale::Linear);
        assert_eq!([1e9, 2e9, 9e9].map(|v| found.bucket(v)), [8, 16, 16]);
        let alone = HeatData { rest: true, ..data(&["24"]) };
        assert_eq!(colors(&alone, Scale::Linear).bucket(2e9), 8);
        assert_eq!(colors(&data(&["0."]), Scale::Log).bucket(0.0), 0);
    }

    #[test]
    fn a_column_that_is_still_filling_is_hatched_and_decides_no_colour() {
        let map = HeatData { partial: vec![(2, Partial::Filling)], ..data(&["148", "11."]) };
        let scene = drawn(&map);
        assert_eq!(scene.hatched, [[200.0, 0.0, 100.0, 36.0]]);
        assert_eq!(
            (scene.reasons, scene.legend),
            (vec!["still filling"], ["0 s", "2 s", "4 s"].map(str::to_owned).to_vec())
        );
        assert_eq!(colors(&map, Scale::Linear).bucket(8e9), STEPS);
        let alone = HeatData { partial: vec![(0, Partial::Filling)], ..data(&["8"]) };
        assert_eq!(drawn(&alone).legend[2], "8 s", "while there is nothing else");
        assert!(drawn(&data(&["148"])).hatched.is_empty());
    }

    /// Relative luminance, as WCAG 2.2 defines it.
    fn luminance(hex: &str) -> f64 {
        let part = |i: usize| f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
        let linear = |c: f64| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
    }

    #[test]
    fn more_is_always_further_from_the_ground() {
        let css = include_str!("../../../../style/heatmap.css");
        let themes: Vec<&str> = css.split("--heat-0: ").skip(1).collect();
        assert_eq!(themes.len(), 2, "light and dark");
        for theme in themes {
            let colour = |step: u8| {
                let text =
                    if step == 0 { theme } else { theme.split(&format!("--heat-{step}: ")).nth(1).unwrap() };
                luminance(&text[..7])
            };
            let contrast = |a: f64, b: f64| (a.max(b) + 0.05) / (a.min(b) + 0.05);
            let away: Vec<f64> = (0..=STEPS).map(|step| contrast(colour(0), colour(step))).collect();
            assert!(away.windows(2).all(|pair| pair[1] > pair[0] * 1.05), "{away:?}");
            assert!(away[1] > 1.2, "little is told from nothing: {away:?}");
        }
    }

    #[test]
    fn points_outside_lead_to_the_edge() {
        let grid = drawn(&data(&["123", "456"])).grid;
        assert_eq!(grid.cell_near(-5.0, -5.0), Some(Cell { row: 0, column: 0 }));
        assert_eq!(grid.cell_near(1e9, 1e9), Some(Cell { row: 1, column: 2 }));
        assert_eq!(Grid::default().cell_near(0.0, 0.0), None);
    }

    #[test]
    fn marks_of_time_are_round() {
        let scene = drawn(&data(&["0123456789"]));
        assert_eq!(scene.ticks.len(), 2);
        assert_eq!(scene.ticks[1], (0.5, "16:05".to_owned()));
        assert_eq!(T % 600_000, 0);
        let seconds = HeatData { axis: Axis::Seconds, ..data(&["01234567890123456789"]) };
        assert_eq!(drawn(&seconds).ticks, [(0.0, "0 s".to_owned()), (0.5, "10 s".to_owned())]);
    }

    #[test]
    fn a_cell_is_found_in_the_middle_of_its_place() {
        for (rows, columns) in [(1, 1), (2, 7), (40, 3), (51, 30), (130, 2)] {
            for (rest, origin) in
                [(true, Origin::Top), (false, Origin::Top), (true, Origin::Bottom), (false, Origin::Bottom)]
            {
                let text = "0".repeat(columns);
                let map = HeatData { rest, origin, ..data(&vec![text.as_str(); rows]) };
                let grid = Grid::of(&map, 777.0);
                for cell in (0..rows * columns).map(|i| Cell { row: i / columns, column: i % columns }) {
                    let [x, y, w, h] = grid.place(&Rect::between(cell, cell));
                    assert_eq!(grid.cell_near(x + w / 2.0, y + h / 2.0), Some(cell), "{rows} by {columns}");
                    assert!(y >= 0.0 && y + h <= grid.height() + 1e-9);
                }
            }
        }
    }
}
