//! Draws a [`Scene`] on a canvas.

use super::scene::{Fill, ROW, Rect, Scene};
use crate::canvas::palette::{FILLS, Palette};
use crate::canvas::surface::Size;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::color::{GONE, NEW};
use web_sys::CanvasRenderingContext2d;

/// Draws the whole surface.
pub(crate) fn paint(
    context: &CanvasRenderingContext2d,
    size: Size,
    scene: &Scene,
    palette: &Palette,
    tree: &CallTree,
) {
    context.set_fill_style_str(&palette.background);
    context.fill_rect(0.0, 0.0, size.width, size.height);
    for (fill, rects) in scene.groups() {
        context.set_fill_style_str(colour(palette, fill));
        for r in rects {
            context.fill_rect(r.x.into(), r.y.into(), r.w.into(), r.h.into());
        }
    }
    context.set_fill_style_str(&palette.text);
    for (fill, rects) in scene.groups() {
        if fill == Fill::Change(NEW).index() {
            rects.for_each(|r| underline(context, r, f64::from(r.w)));
        } else if fill == Fill::Change(GONE).index() {
            rects.for_each(|r| underline(context, r, DASH));
        }
    }
    labels(context, scene, palette, tree);
}

/// Length of a dash, and of the gap after it.
const DASH: f64 = 5.0;

/// Marks new and gone boxes without relying on colour: a line below new ones, dashes below gone ones.
fn underline(context: &CanvasRenderingContext2d, r: &Rect, dash: f64) {
    let (left, right, y) = (f64::from(r.x), f64::from(r.x + r.w), f64::from(r.y + r.h) - 2.0);
    // A box may reach far beyond the canvas.
    let (mut x, right) = (left.max(0.0), right.min(f64::from(context.canvas().map_or(0, |c| c.width()))));
    while x < right {
        context.fill_rect(x, y, dash.min(right - x), 2.0);
        x += dash.max(1.0) * 2.0;
    }
}

/// The colour of a fill, by [`Fill::index`].
pub(crate) fn colour(palette: &Palette, fill: usize) -> &str {
    match fill.checked_sub(FILLS) {
        None => &palette.fills[fill],
        Some(0) => &palette.rest,
        Some(1) => &palette.root,
        Some(2) => &palette.found,
        Some(3) => &palette.dim,
        Some(4) => &palette.above,
        Some(change) => &palette.changes[(change - 5) % palette.changes.len().max(1)],
    }
}

fn labels(context: &CanvasRenderingContext2d, scene: &Scene, palette: &Palette, tree: &CallTree) {
    context.set_font(&palette.font);
    context.set_text_baseline("middle");
    let mut text = String::new();
    for dim in [false, true] {
        context.set_fill_style_str(if dim { &palette.text_dim } else { &palette.text });
        for label in scene.labels.iter().filter(|l| l.dim == dim) {
            text.clear();
            match label.node {
                Some(node) => text.push_str(&tree.name(node)[label.part.clone()]),
                None => {
                    text.push('+');
                    text.push_str(&label.count.to_string());
                }
            }
            if label.cut {
                text.push('…');
            }
            let middle = f64::from(label.y) + ROW / 2.0;
            // Only fails for positions that are not finite.
            drop(context.fill_text(&text, label.x.into(), middle));
        }
    }
}
