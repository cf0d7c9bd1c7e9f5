//! Flame graph of a preview image: the same boxes in the same colours as on the page, in rows that can be read at half the size.
//!
//! A tree is mostly deeper than a picture. Then rows at the top that are one box from side to side (`main`, a thread's start)
//! are left out below the root, so that what differs comes into sight; how many rows are not shown is said in the line
//! that [`draw_tree`] and [`draw_diff`] return.

use super::PreviewError;
use super::canvas::{Area, Canvas};
use super::palette::{BOX_TEXT, BOX_TEXT_DIM, CHANGES, FILLS, REST, ROOT, Rgb};
use super::text::{Font, Weight};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::color::{GONE, NEW};
use flarepath_profile::diff::{DiffTree, Mode, Scale, Side};
use flarepath_profile::flame::{ColorBy, Content, Layout, Order, View, VisibleBox, frame_buckets, visible};
use flarepath_profile::units::{Unit, format_rate, format_share, format_value};

/// Largest and smallest height of a row. Half of it is read well on a telephone.
const HIGHEST: f32 = 50.0;
const LOWEST: f32 = 31.0;
/// Gap below each box and on its right.
const GAP: f32 = 1.5;
/// Space between the edge of a box and its text.
const PAD: f32 = 7.0;
/// Boxes narrower than this, in pixels, are drawn together as rest.
const NARROWEST: f32 = 2.0;
/// Rows that are looked at for the choice of those to show.
const DEEPEST: usize = 256;
/// A row whose one box covers this share of the picture tells nothing.
const DULL: f32 = 0.985;
/// Length of a dash below what is gone, and of the gap after it.
const DASH: f32 = 9.0;

/// What a box looks like.
struct Look {
    colour: Rgb,
    name: String,
    /// How much it is; written where there is room for both.
    amount: String,
    /// Whether a line below it says that it is new (solid) or gone (dashed).
    below: Option<f32>,
}

/// Draws a tree; returns what it leaves out.
pub(super) fn draw_tree(
    canvas: &mut Canvas<'_>,
    area: Area,
    tree: &CallTree,
    unit: &Unit,
) -> Result<String, PreviewError> {
    let layout = Layout::new(tree, Order::ByTotal);
    let buckets = frame_buckets(tree.frames(), ColorBy::Package, FILLS.len() as u8);
    let whole = tree.total(NodeId::ROOT);
    let look = |node: NodeId| {
        if node == NodeId::ROOT {
            let name = format!("total · {}", format_value(whole as f64, unit));
            return Look { colour: ROOT, name, amount: String::new(), below: None };
        }
        let bucket = buckets.get(tree.frame(node).index()).copied().unwrap_or(0);
        Look {
            colour: FILLS[usize::from(bucket) % FILLS.len()],
            name: tree.name(node).to_owned(),
            amount: format_share(tree.total(node) as f64, whole as f64),
            below: None,
        }
    };
    draw(canvas, area, &layout, look)
}

/// Draws two trees over each other; returns what it leaves out.
pub(super) fn draw_diff(
    canvas: &mut Canvas<'_>,
    area: Area,
    both: &DiffTree,
    scale: &Scale,
    unit: &Unit,
) -> Result<String, PreviewError> {
    let layout = Layout::weighted(both.shape(), &both.widths(scale), Order::ByTotal);
    let look = |node: NodeId| {
        let total = both.total(node);
        if node == NodeId::ROOT {
            let [before, after] = Side::BOTH.map(|side| format_value(total.of(side) as f64, unit));
            let name = format!("total · {before} before · {after} after");
            return Look { colour: ROOT, name, amount: String::new(), below: None };
        }
        let change = flarepath_profile::diff::color::color(scale, total, both.presence(node));
        Look {
            colour: CHANGES[usize::from(change) % CHANGES.len()],
            name: both.name(node).to_owned(),
            amount: delta(scale, scale.delta(total), unit),
            below: match change {
                NEW => Some(f32::INFINITY),
                GONE => Some(DASH),
                _ => None,
            },
        }
    };
    draw(canvas, area, &layout, look)
}

/// A difference with its sign, such as `+18.0 pp`.
fn delta(scale: &Scale, delta: f64, unit: &Unit) -> String {
    let sign = if delta < 0.0 { "−" } else { "+" };
    match scale.mode {
        Mode::Share => format!("{sign}{:.1} pp", delta.abs() * 100.0),
        Mode::Absolute => format!("{sign}{}", format_value(delta.abs(), unit)),
        Mode::PerSecond => format!("{sign}{}", format_rate(delta.abs(), unit, 1.0)),
    }
}

fn draw(
    canvas: &mut Canvas<'_>,
    area: Area,
    layout: &Layout,
    look: impl Fn(NodeId) -> Look,
) -> Result<String, PreviewError> {
    if layout.width() <= 0.0 {
        let font = Font::new(Weight::Regular, 28.0)?;
        canvas.text(
            &font,
            (area.x, area.y + 60.0),
            "Nothing to draw: no value is above zero.",
            BOX_TEXT_DIM,
        )?;
        return Ok(String::new());
    }
    let mut boxes = Vec::new();
    let view = View {
        x0: 0.0,
        x1: layout.width(),
        row_start: 0,
        row_end: layout.rows().min(DEEPEST),
        width_px: f64::from(area.w),
        min_px: f64::from(NARROWEST),
    };
    visible(layout, &view, &mut boxes);
    let rows = Rows::choose(&boxes, area);
    let font = Font::new(Weight::Regular, (rows.height * 0.58).min(25.0))?;
    for b in &boxes {
        let Some(place) = rows.place(b.row) else { continue };
        let at = Area {
            x: area.x + b.x,
            y: area.y + place as f32 * rows.height,
            w: if b.w >= 6.0 { b.w - GAP } else { b.w },
            h: rows.height - GAP,
        };
        match b.content {
            Content::Node { node, .. } => draw_box(canvas, &font, at, &look(node))?,
            Content::Rest { count, .. } => {
                canvas.rect(at, REST)?;
                label(canvas, &font, at, &format!("+{count}"), "", BOX_TEXT_DIM)?;
            }
        }
    }
    Ok(rows.note(layout.rows()))
}

fn draw_box(canvas: &mut Canvas<'_>, font: &Font, at: Area, look: &Look) -> Result<(), PreviewError> {
    canvas.rect(at, look.colour)?;
    if let Some(dash) = look.below {
        let mut x = at.x;
        while x < at.x + at.w {
            let w = dash.min(at.x + at.w - x);
            canvas.rect(Area { x, y: at.y + at.h - 3.0, w, h: 3.0 }, BOX_TEXT)?;
            x += dash * 2.0;
        }
    }
    label(canvas, font, at, &look.name, &look.amount, BOX_TEXT)
}

/// A name and, where there is room for all of it, an amount at the right.
fn label(
    canvas: &mut Canvas<'_>,
    font: &Font,
    at: Area,
    name: &str,
    amount: &str,
    colour: Rgb,
) -> Result<(), PreviewError> {
    let room = at.w - 2.0 * PAD;
    if room < font.width("iii…") {
        return Ok(());
    }
    let baseline = at.y + at.h / 2.0 + font.em() * 0.36;
    let name = font.fit_name(name, room);
    let end = canvas.text(font, (at.x + PAD, baseline), &name, colour)?;
    let amount_x = at.x + at.w - PAD - font.width(amount);
    if !amount.is_empty() && amount_x > end + 3.0 * PAD {
        canvas.text(font, (amount_x, baseline), amount, BOX_TEXT_DIM)?;
    }
    Ok(())
}

/// Which rows are shown.
struct Rows {
    height: f32,
    /// How many fit.
    fit: usize,
    /// Rows below the root that are left out at the top.
    dull: usize,
}

impl Rows {
    fn choose(boxes: &[VisibleBox], area: Area) -> Rows {
        let deepest = boxes.last().map_or(0, |b| b.row as usize);
        let height = (area.h / (deepest + 1) as f32).clamp(LOWEST, HIGHEST);
        // Rows that fill the picture exactly must not be lost to rounding.
        let fit = (area.h / height + 0.01).max(1.0) as usize;
        let is_dull = |row: usize| {
            // Boxes come row by row, the widest of the root's children first.
            let first = boxes.get(boxes.partition_point(|b| (b.row as usize) < row));
            first.is_some_and(|b| {
                b.row as usize == row && b.w >= area.w * DULL && matches!(b.content, Content::Node { .. })
            })
        };
        let excess = (deepest + 1).saturating_sub(fit);
        // The last dull row stays: it says what everything else is called from.
        let dull = (1..=excess).take_while(|&row| is_dull(row) && is_dull(row + 1)).count();
        Rows { height, fit, dull }
    }

    /// Where a row of the layout is on the picture, from the top.
    fn place(&self, row: u32) -> Option<usize> {
        let row = row as usize;
        let place = if row == 0 { 0 } else { row.checked_sub(self.dull).filter(|&place| place > 0)? };
        (place < self.fit).then_some(place)
    }

    fn note(&self, rows: usize) -> String {
        let deeper = rows.saturating_sub(self.fit + self.dull);
        match (self.dull, deeper) {
            (0, 0) => String::new(),
            (0, deeper) => format!("{deeper} deeper levels not shown"),
            (dull, 0) => format!("{dull} outer levels not shown"),
            (dull, deeper) => format!("{dull} outer and {deeper} deeper levels not shown"),
        }
    }
}
