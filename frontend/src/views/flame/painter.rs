//! Draws a [`Scene`] on a canvas.

use super::fill::{Fill, Role};
use super::scene::{Label, ROW, Rect, Scene};
use crate::canvas::palette::{CHANGES, FILLS, Palette};
use crate::canvas::surface::Size;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::color::{self, Mark};
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
        context.set_global_alpha(fill.alpha());
        for r in rects {
            context.fill_rect(r.x.into(), r.y.into(), r.w.into(), r.h.into());
        }
    }
    context.set_global_alpha(1.0);
    hatch(context, size, scene, palette);
    corners(context, scene, palette);
    context.set_fill_style_str(&palette.text);
    for (fill, rects) in scene.groups() {
        context.set_global_alpha(fill.alpha());
        match fill.mark() {
            Some(Mark::New) => rects.for_each(|r| underline(context, r, size.width, f64::from(r.w))),
            Some(Mark::Gone) => rects.for_each(|r| underline(context, r, size.width, DASH)),
            None => {}
        }
    }
    context.set_global_alpha(1.0);
    labels(context, scene, palette, tree);
}

/// Length of a dash, and of the gap after it.
const DASH: f64 = 5.0;
/// Pixels painted over at each corner of a wide box.
const CORNER: f64 = 1.0;

/// Marks new and gone boxes without relying on colour: a line below new ones, dashes below gone ones.
fn underline(context: &CanvasRenderingContext2d, r: &Rect, width: f64, dash: f64) {
    let (left, right, y) = (f64::from(r.x), f64::from(r.x + r.w), f64::from(r.y + r.h) - 2.0);
    let (mut x, right) = (left.max(0.0), right.min(width));
    while x < right {
        context.fill_rect(x, y, dash.min(right - x), 2.0);
        x += dash.max(1.0) * 2.0;
    }
}

/// Lines across boxes of unknown origin, as one path.
fn hatch(context: &CanvasRenderingContext2d, size: Size, scene: &Scene, palette: &Palette) {
    let mut hatched =
        scene.groups().filter(|(fill, _)| fill.is_hatched()).flat_map(|(_, rects)| rects).peekable();
    if hatched.peek().is_none() {
        return;
    }
    context.begin_path();
    for [x0, y0, x1, y1] in hatched.flat_map(|r| r.hatch(size.width)) {
        context.move_to(x0, y0);
        context.line_to(x1, y1);
    }
    context.set_stroke_style_str(&palette.hatch);
    context.set_line_width(1.0);
    context.stroke();
}

/// Rounds wide boxes by painting over their corners: a path a box would take several times as long.
fn corners(context: &CanvasRenderingContext2d, scene: &Scene, palette: &Palette) {
    context.set_fill_style_str(&palette.background);
    for r in scene.groups().flat_map(|(_, rects)| rects).filter(|r| r.is_round()) {
        let (left, top) = (f64::from(r.x), f64::from(r.y));
        let (right, bottom) = (left + f64::from(r.w) - CORNER, top + f64::from(r.h) - CORNER);
        for (x, y) in [(left, top), (right, top), (left, bottom), (right, bottom)] {
            context.fill_rect(x, y, CORNER, CORNER);
        }
    }
}

/// The colour of a fill, before its strength.
pub(crate) fn colour(palette: &Palette, fill: Fill) -> &str {
    match fill.role {
        Role::Colour(at) => &palette.fills[usize::from(at).min(FILLS - 1)],
        Role::Change(at) => &palette.changes[usize::from(color::fill(at)).min(CHANGES - 1)],
        Role::Root => &palette.root,
        Role::Rest => &palette.rest,
    }
}

fn labels(context: &CanvasRenderingContext2d, scene: &Scene, palette: &Palette, tree: &CallTree) {
    context.set_font(&palette.font);
    context.set_text_baseline("middle");
    let write = |text: &str, x: f32, label: &Label| {
        if !text.is_empty() {
            // Only fails for positions that are not finite.
            drop(context.fill_text(text, x.into(), f64::from(label.y) + ROW / 2.0));
        }
    };
    for dim in [false, true] {
        // Packages and values first, so that the colour changes twice and not for each label.
        context.set_fill_style_str(if dim { &palette.text_dim } else { &palette.text_soft });
        for label in scene.labels.iter().filter(|label| label.dim == dim) {
            write(&label.name(tree).0, label.x, label);
            write(&label.amount.0, label.amount.1, label);
        }
        context.set_fill_style_str(if dim { &palette.text_dim } else { &palette.text });
        for label in scene.labels.iter().filter(|label| label.dim == dim) {
            write(label.name(tree).1, label.package.1, label);
        }
    }
}
