//! Draws a [`Scene`] on a canvas. Labels and marks are elements of the page, not part of the drawing.

use super::scene::{GAP, Run, STEPS, Scene};
use crate::canvas::hatch;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Distance between the stripes of a gap, in CSS pixels.
const STRIPE: f64 = 6.0;

/// Draws `scene` over all of `canvas`. `None` only if the browser has no canvas to draw on.
pub(super) fn paint(canvas: &HtmlCanvasElement, scene: &Scene) -> Option<()> {
    let dpr = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(0.5, 8.0);
    let (width, height) = (scene.grid.width, scene.grid.height());
    canvas.set_width((width * dpr).round() as u32);
    canvas.set_height((height * dpr).round() as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    let style = web_sys::window()?.get_computed_style(canvas).ok()??;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
    let device = |x: f64| (x * dpr).round();

    context.set_fill_style_str(&colour("--heat-0"));
    context.fill_rect(0.0, 0.0, device(width), device(height));
    for runs in scene.runs.chunk_by(|a, b| a.colour == b.colour) {
        let number = runs[0].colour;
        if number == GAP {
            let colours = [colour("--heat-gap"), colour("--heat-stripe")];
            stripes(&context, &colours, runs, dpr, (device(width), device(height)));
            continue;
        }
        context.set_fill_style_str(&colour(&format!("--heat-{}", number.min(STEPS))));
        for run in runs {
            rect(run, dpr, |x, y, w, h| context.fill_rect(x, y, w, h));
        }
    }
    context.set_fill_style_str(&colour("--heat-0"));
    for place in &scene.hatched {
        hatch::lines(&context, place.map(device), dpr);
    }
    Some(())
}

/// A run in whole device pixels, at least one wide.
fn rect(run: &Run, dpr: f64, draw: impl Fn(f64, f64, f64, f64)) {
    let device = |x: f64| (x * dpr).round();
    let (x, y) = (device(run.x), device(run.y));
    // A gap between rows separates them; flat rows have no space for one.
    let line = if run.h > 8.0 { 1.0 } else { 0.0 };
    draw(x, y, (device(run.x + run.w) - x).max(1.0), (device(run.y + run.h) - y - line).max(1.0));
}

/// Stripes where there is no data, unlike any value.
fn stripes(
    context: &CanvasRenderingContext2d,
    [ground, stripe]: &[String; 2],
    runs: &[Run],
    dpr: f64,
    (width, height): (f64, f64),
) {
    context.save();
    context.begin_path();
    for run in runs {
        rect(run, dpr, |x, y, w, h| context.rect(x, y, w, h));
    }
    context.clip();
    context.set_fill_style_str(ground);
    context.fill_rect(0.0, 0.0, width, height);
    context.begin_path();
    let mut x = 0.0;
    while x < width + height {
        context.move_to(x, 0.0);
        context.line_to(x - height, height);
        x += STRIPE * dpr;
    }
    context.set_stroke_style_str(stripe);
    context.set_line_width(dpr);
    context.stroke();
    context.restore();
}
