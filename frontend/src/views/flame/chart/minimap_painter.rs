//! Draws the minimap on its canvas.

use crate::canvas::palette::Palette;
use flarepath_profile::flame::{Chart, Minimap};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Height in CSS pixels, as in the style sheet.
const HEIGHT: f64 = 40.0;

/// Draws columns as high as the call depth at their time, and as opaque as the share of it in which calls ran. `None`
/// if the browser has no canvas to draw on.
pub(super) fn paint(canvas: &HtmlCanvasElement, chart: &Chart) -> Option<()> {
    let dpr = web_sys::window()?.device_pixel_ratio().clamp(0.5, 8.0);
    let width = f64::from(canvas.client_width());
    canvas.set_width((width * dpr).round() as u32);
    canvas.set_height((HEIGHT * dpr).round() as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.scale(dpr, dpr).ok()?;
    let palette = Palette::read(canvas);
    let map = Minimap::new(&chart.layout, width as usize);
    let deepest = f64::from(map.depth.iter().copied().max().unwrap_or(1).max(1));
    context.set_fill_style_str(&palette.fills[0]);
    for (x, (&depth, &busy)) in map.depth.iter().zip(&map.busy).enumerate().filter(|(_, (d, _))| **d > 0) {
        let height = f64::from(depth) / deepest * (HEIGHT - 4.0);
        context.set_global_alpha(0.35 + 0.65 * f64::from(busy));
        context.fill_rect(x as f64, HEIGHT - height, 1.0, height);
    }
    Some(())
}
