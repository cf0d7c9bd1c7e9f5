//! Draws a [`Scene`] on a canvas, in device pixels.

use super::flags::Ends;
use super::scene::Scene;
use crate::canvas::hatch;
use crate::state::css_length;
use crate::state::timeline::Partial;
use flarepath_profile::flame::within;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// Room for the labels of values, in CSS pixels.
pub(crate) const LEFT: f64 = 76.0;
/// Room beside the last bar, in CSS pixels.
pub(crate) const RIGHT: f64 = 12.0;
const BOTTOM: f64 = 20.0;
/// Room above the chart, in CSS pixels: without and with flags of markers.
const TOP: f64 = 6.0;
const TOP_WITH_FLAGS: f64 = 20.0;
/// Opacity of a bar whose bucket is still filling, below its lines.
const INCOMPLETE: f64 = 0.3;
/// Width of a letter of the axis, for what it says about the last bucket.
const LETTER: f64 = 7.0;

/// Draws `scene` over all of `canvas`, with room for flags where `has_flags`, and returns where everything is. `None` only if the
/// browser gives no canvas to draw on.
pub(super) fn paint(canvas: &HtmlCanvasElement, scene: &Scene, has_flags: bool) -> Option<Plot> {
    let plot = Plot::new(canvas, scene, if has_flags { TOP_WITH_FLAGS } else { TOP })?;
    let style = web_sys::window()?.get_computed_style(canvas).ok()??;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
    let context = &plot.context;

    context.set_fill_style_str(&colour("--gap"));
    for &(from, until) in &scene.gaps {
        plot.bar((plot.x(from as f64), plot.x(until as f64)), (0.0, scene.top));
    }
    context.set_fill_style_str(&colour("--border"));
    for tick in &scene.values {
        plot.line(tick.value);
    }
    let space = scene.step_ms as f64 * 0.12;
    for bar in &scene.bars {
        let number = scene.colours.get(bar.line).copied().unwrap_or_default();
        context.set_fill_style_str(&colour(&format!("--line-{number}")));
        context.set_global_alpha(if bar.complete { 1.0 } else { INCOMPLETE });
        let ends = (plot.x(bar.from_ms as f64 + space), plot.x(bar.until_ms as f64 - space));
        let place = plot.bar(ends, (bar.low, bar.high));
        if !bar.complete {
            context.set_global_alpha(1.0);
            hatch::lines(context, place, plot.dpr);
        }
    }
    context.set_global_alpha(1.0);
    context.set_fill_style_str(&colour("--border-strong"));
    plot.line(0.0);

    context.set_fill_style_str(&colour("--text-muted"));
    context.set_font(&format!("{} system-ui, sans-serif", css_length::px(12.0 * plot.dpr)));
    context.set_text_align("right");
    context.set_text_baseline("middle");
    for tick in &scene.values {
        context.fill_text(&tick.label, plot.px(LEFT - 8.0), plot.y(tick.value)).ok()?;
    }
    context.set_text_align("center");
    context.set_text_baseline("top");
    let (half, baseline) = (plot.px(18.0), plot.y(0.0) + plot.px(6.0));
    let note = scene.last_partial().map_or("", Partial::text);
    let end = if note.is_empty() { f64::INFINITY } else { plot.right - plot.px(note.len() as f64 * LETTER) };
    for (ms, label) in &scene.times {
        let x = plot.x(*ms as f64).min(f64::from(canvas.width()) - half).max(half);
        if x + half < end {
            context.fill_text(label, x, baseline).ok()?;
        }
    }
    context.set_text_align("right");
    context.fill_text(note, plot.right, baseline).ok()?;
    Some(plot)
}

/// The area inside the labels, and how times and values map to its device pixels.
pub(super) struct Plot {
    pub(super) context: CanvasRenderingContext2d,
    pub(super) dpr: f64,
    pub(super) left: f64,
    right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    from_ms: f64,
    length_ms: f64,
    /// Value at the top edge.
    highest: f64,
}

impl Plot {
    /// The area of a scene. `top` is the room above the chart in CSS pixels.
    fn new(canvas: &HtmlCanvasElement, scene: &Scene, top: f64) -> Option<Plot> {
        Plot::inside(canvas, [LEFT, RIGHT, top, BOTTOM], (scene.from_ms, scene.until_ms), scene.top)
    }

    /// All of the canvas but the lane of the flags, over another chart of these times. No value has a place in it.
    pub(super) fn below_flags(canvas: &HtmlCanvasElement, ends: Ends) -> Option<Plot> {
        Plot::inside(canvas, [0.0, 0.0, TOP_WITH_FLAGS, 0.0], ends, 1.0)
    }

    /// Sizes the canvas to its element. `margins` are CSS pixels: left, right, top, bottom.
    fn inside(
        canvas: &HtmlCanvasElement,
        margins: [f64; 4],
        (from_ms, until_ms): Ends,
        highest: f64,
    ) -> Option<Plot> {
        let dpr = within(web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()), 0.5, 8.0);
        let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
        if width < 1.0 || height < 1.0 {
            return None;
        }
        let px = |css: f64| (css * dpr).round();
        let [left, right, top, bottom] = margins.map(px);
        canvas.set_width(px(width) as u32);
        canvas.set_height(px(height) as u32);
        Some(Plot {
            context: canvas.get_context("2d").ok()??.dyn_into().ok()?,
            dpr,
            left,
            right: px(width) - right,
            top,
            bottom: px(height) - bottom,
            from_ms: from_ms as f64,
            length_ms: (until_ms - from_ms).max(1) as f64,
            highest,
        })
    }

    /// Device pixels of CSS pixels.
    pub(super) fn px(&self, css: f64) -> f64 {
        (css * self.dpr).round()
    }

    pub(super) fn x(&self, ms: f64) -> f64 {
        (self.left + (ms - self.from_ms) / self.length_ms * (self.right - self.left)).round()
    }

    fn y(&self, value: f64) -> f64 {
        (self.bottom - value / self.highest * (self.bottom - self.top)).round()
    }

    /// Fills from one x to another and from a low value to a high one; returns where: left, top, width, height.
    fn bar(&self, (x0, x1): (f64, f64), (low, high): (f64, f64)) -> [f64; 4] {
        let (y0, y1) = (self.y(high), self.y(low));
        let place = [x0, y0, (x1 - x0).max(1.0), y1 - y0];
        self.context.fill_rect(place[0], place[1], place[2], place[3]);
        place
    }

    /// A horizontal line at a value.
    fn line(&self, value: f64) {
        let width = self.px(1.0).max(1.0);
        self.context.fill_rect(
            self.left,
            self.y(value) - (width / 2.0).floor(),
            self.right - self.left,
            width,
        );
    }
}
