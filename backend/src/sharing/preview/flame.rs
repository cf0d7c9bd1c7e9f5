//! Flame graph of a preview image: the boxes and colours of the page, in rows that are readable at half the size.
//!
//! Most trees are deeper than the image. Then rows below the root that are a single box of full width (`main`, a thread's
//! start) are skipped, so that the branches become visible. [`draw_tree`] and [`draw_diff`] return a note with the number
//! of rows that are not shown.

use super::PreviewError;
use super::canvas::{Area, Canvas};
use super::palette::{BOX_TEXT, BOX_TEXT_DIM, BOX_TEXT_SOFT, CHANGES, FILLS, REST, ROOT, Rgb};
use super::text::{Font, Weight};
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::color::{Mark, fill, mark};
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::diff::{DiffTree, Mode, Pair, Scale, Side};
use flarepath_profile::flame::{Content, Layout, Order, View, VisibleBox, origin_colors, visible};
use flarepath_profile::origin::origins;
use flarepath_profile::own_code::OwnCode;
use flarepath_profile::units::{Unit, UnitScale, format_alike, format_points, format_share, format_value};

/// Largest and smallest height of a row. At half the height, text is still readable on a phone.
const MAX_ROW_HEIGHT: f32 = 50.0;
const MIN_ROW_HEIGHT: f32 = 31.0;
/// Gap below each box and on its right.
const GAP: f32 = 1.5;
/// Space between the edge of a box and its text.
const PAD: f32 = 7.0;
/// Narrower boxes, in pixels, are merged into a remainder.
const MIN_BOX_WIDTH: f32 = 2.0;
/// Rows of the layout that are considered.
const MAX_ROWS: usize = 256;
/// A box that covers this share of the width counts as full width.
const FULL_WIDTH: f32 = 0.985;
/// Length of the dashes below functions that are gone, and of the gaps between them.
const DASH: f32 = 9.0;

/// Appearance of a box.
struct BoxStyle {
    colour: Rgb,
    name: String,
    /// Its value; drawn if there is room for both.
    amount: String,
    /// Length of the dashes of its underline: infinite (solid) for a new function, [`DASH`] for one that is gone.
    underline: Option<f32>,
}

/// Draws a tree; returns a note on rows that are not shown.
pub(super) fn draw_tree(
    canvas: &mut Canvas<'_>,
    area: Area,
    tree: &CallTree,
    unit: &Unit,
) -> Result<String, PreviewError> {
    let layout = Layout::new(tree, Order::ByTotal);
    let origins = origins(tree.frames(), &OwnCode::guess(tree.frames()));
    let colours = origin_colors(tree.frames(), &origins);
    let whole = tree.total(NodeId::ROOT);
    let style = |node: NodeId| {
        if node == NodeId::ROOT {
            let name = format!("total · {}", format_value(whole as f64, unit));
            return BoxStyle { colour: ROOT, name, amount: String::new(), underline: None };
        }
        let colour = colours.get(tree.frame(node).index()).copied().unwrap_or(0);
        let name = tree.name(node).to_owned();
        BoxStyle {
            colour: if is_placeholder(&name) { REST } else { FILLS[usize::from(colour) % FILLS.len()] },
            name,
            amount: format_share(tree.total(node) as f64, whole as f64),
            underline: None,
        }
    };
    draw(canvas, area, &layout, style)
}

/// Draws a diff of two trees; returns a note on rows that are not shown.
pub(super) fn draw_diff(
    canvas: &mut Canvas<'_>,
    area: Area,
    both: &DiffTree,
    scale: &Scale,
    unit: &Unit,
    profiles: Option<Pair>,
) -> Result<String, PreviewError> {
    let layout = Layout::weighted(both.shape(), &both.widths(scale), Order::ByTotal);
    let nodes = (1..both.len() as u32).map(NodeId);
    let amounts = amounts(scale, unit, nodes.map(|node| scale.delta(both.total(node))));
    let style = |node: NodeId| {
        let total = both.total(node);
        if node == NodeId::ROOT {
            let name = totals(scale, total, unit, profiles);
            return BoxStyle { colour: ROOT, name, amount: String::new(), underline: None };
        }
        let name = both.name(node);
        if is_placeholder(name) {
            let amount = "merged for privacy".to_owned();
            return BoxStyle { colour: CHANGES[0], name: name.to_owned(), amount, underline: None };
        }
        let change = both.color(scale, node);
        BoxStyle {
            colour: CHANGES[usize::from(fill(change)) % CHANGES.len()],
            name: name.to_owned(),
            amount: match &amounts {
                Some(amounts) => amounts.signed(scale.delta(total)),
                None => format_points(scale.delta(total)),
            },
            underline: mark(change).map(|mark| match mark {
                Mark::New => f32::INFINITY,
                Mark::Gone => DASH,
            }),
        }
    };
    draw(canvas, area, &layout, style)
}

/// The totals of both sides: rates where they are compared by the second, so that sides of unequal time can be compared, and of levels,
/// which have a number of `profiles` a side, the mean.
pub(super) fn totals(scale: &Scale, total: Pair, unit: &Unit, profiles: Option<Pair>) -> String {
    let alike = |of: &dyn Fn(Side) -> f64, unit: &Unit| format_alike(Side::BOTH.map(of), unit);
    let (what, [baseline, comparison]) = match (scale.mode, profiles) {
        (Mode::PerSecond, _) => {
            ("total", alike(&|side| scale.value(side, total.of(side)), &unit.clone().per_second()))
        }
        (_, Some(profiles)) => {
            ("mean", alike(&|side| total.of(side) as f64 / profiles.of(side).max(1) as f64, unit))
        }
        (_, None) => ("total", Side::BOTH.map(|side| format_value(total.of(side) as f64, unit))),
    };
    format!("{what} · baseline {baseline} · comparison {comparison}")
}

/// The unit of all differences in a picture; `None` where shares are compared.
fn amounts(scale: &Scale, unit: &Unit, differences: impl Iterator<Item = f64>) -> Option<UnitScale> {
    match scale.mode {
        Mode::Share => None,
        Mode::Absolute => Some(UnitScale::for_values(unit, differences)),
        Mode::PerSecond => Some(UnitScale::for_values(&unit.clone().per_second(), differences)),
    }
}

fn draw(
    canvas: &mut Canvas<'_>,
    area: Area,
    layout: &Layout,
    style: impl Fn(NodeId) -> BoxStyle,
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
        row_end: layout.rows().min(MAX_ROWS),
        width_px: f64::from(area.w),
        min_px: f64::from(MIN_BOX_WIDTH),
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
            Content::Node { node, .. } => draw_box(canvas, &font, at, &style(node))?,
            Content::Rest { count, .. } => {
                canvas.rect(at, REST)?;
                label(canvas, &font, at, &format!("+{count}"), "", BOX_TEXT_DIM)?;
            }
        }
    }
    Ok(rows.note(layout.rows()))
}

fn draw_box(canvas: &mut Canvas<'_>, font: &Font, at: Area, style: &BoxStyle) -> Result<(), PreviewError> {
    canvas.rect(at, style.colour)?;
    if let Some(dash) = style.underline {
        let mut x = at.x;
        while x < at.x + at.w {
            let w = dash.min(at.x + at.w - x);
            canvas.rect(Area { x, y: at.y + at.h - 3.0, w, h: 3.0 }, BOX_TEXT)?;
            x += dash * 2.0;
        }
    }
    label(canvas, font, at, &style.name, &style.amount, BOX_TEXT)
}

/// Draws a name and, if there is room for all of it, an amount at the right.
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
        canvas.text(font, (amount_x, baseline), amount, BOX_TEXT_SOFT)?;
    }
    Ok(())
}

/// The rows that are shown.
struct Rows {
    height: f32,
    /// How many fit.
    fit: usize,
    /// Rows of full width below the root that are skipped.
    skipped: usize,
}

impl Rows {
    fn choose(boxes: &[VisibleBox], area: Area) -> Rows {
        let deepest = boxes.last().map_or(0, |b| b.row as usize);
        let height = (area.h / (deepest + 1) as f32).clamp(MIN_ROW_HEIGHT, MAX_ROW_HEIGHT);
        // Rows that fill the area exactly must not be lost to rounding.
        let fit = (area.h / height + 0.01).max(1.0) as usize;
        let is_full_width = |row: usize| {
            // Boxes come row by row, the widest of the root's children first.
            let first = boxes.get(boxes.partition_point(|b| (b.row as usize) < row));
            first.is_some_and(|b| {
                b.row as usize == row
                    && b.w >= area.w * FULL_WIDTH
                    && matches!(b.content, Content::Node { .. })
            })
        };
        let excess = (deepest + 1).saturating_sub(fit);
        // The last row of full width stays: it is the caller of everything below.
        let skipped = (1..=excess).take_while(|&row| is_full_width(row) && is_full_width(row + 1)).count();
        Rows { height, fit, skipped }
    }

    /// Position of a row of the layout in the image, from the top.
    fn place(&self, row: u32) -> Option<usize> {
        let row = row as usize;
        let place = if row == 0 { 0 } else { row.checked_sub(self.skipped).filter(|&place| place > 0)? };
        (place < self.fit).then_some(place)
    }

    fn note(&self, rows: usize) -> String {
        let deeper = rows.saturating_sub(self.fit + self.skipped);
        match (self.skipped, deeper) {
            (0, 0) => String::new(),
            (0, deeper) => format!("{deeper} deeper levels not shown"),
            (skipped, 0) => format!("{skipped} outer levels not shown"),
            (skipped, deeper) => format!("{skipped} outer and {deeper} deeper levels not shown"),
        }
    }
}
