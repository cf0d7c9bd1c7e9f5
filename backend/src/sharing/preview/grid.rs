//! Heat map of a preview image. Where cells are smaller than pixels, each pixel shows the largest of its values, as on the
//! page, so that no hot spot vanishes; missing data has the colour of gaps. Columns that hold less than their width would are hatched.

use super::PreviewError;
use super::canvas::{Area, Canvas};
use super::palette::{BORDER, BOX_TEXT_DIM, GAP, HEAT, MUTED, TEXT};
use super::text::{Font, Weight};
use flarepath_profile::heatmap::{Colors, Heatmap, Origin, Scale};
use std::ops::Range;

/// Width of the row names on the left.
const NAMES: f32 = 250.0;
/// Height of the texts below.
const ENDS: f32 = 34.0;
/// Height that a row name needs.
const NAMED: f32 = 22.0;
/// Distance between the lines of a hatched column, and their height.
const HATCH: [f32; 2] = [6.0, 2.0];

/// Draws a heat map; returns a note on merged cells.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    area: Area,
    map: &Heatmap,
    origin: Origin,
    partial: &[usize],
    ends: [&str; 2],
) -> Result<String, PreviewError> {
    let (rows, columns) = (map.rows(), map.columns());
    let plot = Area { x: area.x + NAMES, y: area.y, w: area.w - NAMES, h: area.h - ENDS };
    if rows == 0 || columns == 0 || map.values().next().is_none() {
        let font = Font::new(Weight::Regular, 28.0)?;
        canvas.text(&font, (area.x, area.y + 60.0), "No data in this heat map.", BOX_TEXT_DIM)?;
        return Ok(String::new());
    }
    let frame = Area { x: plot.x - 1.0, y: plot.y - 1.0, w: plot.w + 2.0, h: plot.h + 2.0 };
    canvas.rect(frame, BORDER)?;
    canvas.rect(plot, HEAT[0])?;
    let colors = colors(map, partial);
    let (down, across) = (Steps::new(rows, plot.h), Steps::new(columns, plot.w));
    let mut hottest = Vec::new();
    for band in 0..down.count {
        let covered = down.range(band);
        let place = if origin == Origin::Bottom { down.count - 1 - band } else { band };
        let y = plot.y + place as f32 * down.size;
        merge_rows(map, covered, &mut hottest);
        let value = |at: usize| merge(&hottest[across.range(at)]);
        let mut from = 0;
        while from < across.count {
            let colour = cell_colour(&colors, value(from));
            let same =
                (from..across.count).take_while(|&at| cell_colour(&colors, value(at)) == colour).count();
            let x = plot.x + from as f32 * across.size;
            let cells = Area { x, y, w: same as f32 * across.size, h: down.size };
            canvas.rect(cells, colour)?;
            from += same;
        }
    }
    hatch(canvas, plot, columns, partial)?;
    names(canvas, plot, area.x, map, origin)?;
    texts_below(canvas, plot, ends)?;
    let many = rows > down.count || columns > across.count;
    let notes = [
        many.then_some("more cells than pixels: the largest is shown"),
        (!partial.is_empty()).then_some("hatched: not all of the interval"),
    ];
    Ok(notes.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// The colours. A column that holds a part only says nothing about the others, unless there are no others.
fn colors(map: &Heatmap, partial: &[usize]) -> Colors {
    let ends = |all: bool| {
        let cells = (0..map.rows()).flat_map(|row| map.row(row).iter().copied().enumerate());
        let counted = cells.filter(|(column, _)| all || !partial.contains(column));
        let values = counted.map(|(_, value)| value).filter(|v| *v > 0.0 && v.is_finite());
        values.fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)))
    };
    let found = ends(false);
    let (low, high) = if found.1 > 0.0 { found } else { ends(true) };
    Colors::between(low, high, Scale::Linear, HEAT.len() as u8 - 1)
}

/// Level lines across columns that hold a part only, as on the page.
fn hatch(canvas: &mut Canvas<'_>, plot: Area, columns: usize, partial: &[usize]) -> Result<(), PreviewError> {
    let [distance, height] = HATCH;
    let width = plot.w / columns as f32;
    for column in partial.iter().filter(|column| **column < columns) {
        let x = plot.x + *column as f32 * width;
        for line in 0..(plot.h / distance) as usize {
            let y = plot.y + line as f32 * distance;
            canvas.rect(Area { x, y, w: width, h: height }, HEAT[0])?;
        }
    }
    Ok(())
}

/// Rows or columns as steps in pixels: one step per cell, but none smaller than two pixels.
struct Steps {
    cells: usize,
    count: usize,
    size: f32,
}

impl Steps {
    fn new(cells: usize, length: f32) -> Steps {
        let count = cells.clamp(1, (length / 2.0).max(1.0) as usize);
        Steps { cells, count, size: length / count as f32 }
    }

    /// The cells of a step.
    fn range(&self, step: usize) -> Range<usize> {
        let at = |step: usize| (step as u128 * self.cells as u128 / self.count as u128) as usize;
        at(step)..at(step + 1)
    }
}

/// The largest value of each column in some rows; NaN if none has data.
fn merge_rows(map: &Heatmap, rows: Range<usize>, out: &mut Vec<f64>) {
    out.clear();
    out.resize(map.columns(), f64::NAN);
    for row in rows {
        for (slot, value) in out.iter_mut().zip(map.row(row)) {
            *slot = slot.max(*value);
        }
    }
}

/// The largest value; NaN if none has data.
fn merge(values: &[f64]) -> f64 {
    values.iter().fold(f64::NAN, |a, b| a.max(*b))
}

fn cell_colour(colors: &Colors, value: f64) -> super::palette::Rgb {
    if value.is_nan() { GAP } else { HEAT[usize::from(colors.bucket(value)) % HEAT.len()] }
}

/// Draws names of rows, as many as fit.
fn names(
    canvas: &mut Canvas<'_>,
    plot: Area,
    left: f32,
    map: &Heatmap,
    origin: Origin,
) -> Result<(), PreviewError> {
    let font = Font::new(Weight::Regular, 18.0)?;
    let rows = map.rows();
    let height = plot.h / rows as f32;
    let every = (NAMED / height).ceil().max(1.0) as usize;
    for row in (0..rows).step_by(every) {
        let place = if origin == Origin::Bottom { rows - 1 - row } else { row };
        let baseline = (plot.y + (place as f32 + 0.5) * height + 6.0).clamp(plot.y + 16.0, plot.y + plot.h);
        let name = font.fit_name(map.row_name(row), plot.x - left - 12.0);
        canvas.text(&font, (plot.x - 10.0 - font.width(&name), baseline), &name, TEXT)?;
    }
    Ok(())
}

fn texts_below(canvas: &mut Canvas<'_>, plot: Area, ends: [&str; 2]) -> Result<(), PreviewError> {
    let font = Font::new(Weight::Regular, 19.0)?;
    let [left, right] = ends.map(|text| font.fit(text, plot.w / 2.0 - 10.0));
    let baseline = plot.y + plot.h + 25.0;
    canvas.text(&font, (plot.x, baseline), &left, MUTED)?;
    let x = plot.x + plot.w - font.width(&right);
    canvas.text(&font, (x, baseline), &right, MUTED)?;
    Ok(())
}
