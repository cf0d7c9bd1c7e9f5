//! Puts a [`Scene`] on a canvas.

use super::scene::{ROW, Scene};
use crate::canvas::palette::{FILLS, Palette};
use crate::canvas::surface::Size;
use flarepath_profile::call_tree::CallTree;
use web_sys::CanvasRenderingContext2d;

/// Draws the whole surface anew.
pub fn paint(
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
    labels(context, scene, palette, tree);
}

fn colour(palette: &Palette, fill: usize) -> &str {
    match fill.checked_sub(FILLS) {
        None => &palette.fills[fill],
        Some(0) => &palette.rest,
        Some(1) => &palette.root,
        Some(2) => &palette.found,
        Some(3) => &palette.dim,
        Some(_) => &palette.above,
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
            // Fails for positions that are not finite only.
            drop(context.fill_text(&text, label.x.into(), middle));
        }
    }
}
