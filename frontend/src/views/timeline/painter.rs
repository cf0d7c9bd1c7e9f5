//! Draws a [`Scene`] on a canvas with plotters, in device pixels.
//!
//! Text goes straight to the backend: plotters would measure it by adding elements with a style attribute,
//! which the content security policy forbids.

use super::scene::Scene;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters_canvas::CanvasBackend;
use web_sys::HtmlCanvasElement;

/// Room for the labels of values, in CSS pixels.
pub(crate) const LEFT: f64 = 76.0;
/// Room beside the last bar, in CSS pixels.
pub(crate) const RIGHT: f64 = 12.0;
const BOTTOM: f64 = 20.0;
const TOP: f64 = 6.0;

/// Draws `scene` over all of `canvas`. Fails only if the browser gives no canvas to draw on.
pub(crate) fn paint(canvas: &HtmlCanvasElement, scene: &Scene) -> Option<()> {
    let dpr = web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(0.5, 8.0);
    let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    if width < 1.0 || height < 1.0 {
        return None;
    }
    canvas.set_width((width * dpr).round() as u32);
    canvas.set_height((height * dpr).round() as u32);
    let colours = Colours::read(canvas);
    let root = CanvasBackend::with_canvas_object(canvas.clone())?.into_drawing_area();
    let px = |css: f64| (css * dpr).round() as u32;
    let mut chart = ChartBuilder::on(&root)
        .set_label_area_size(LabelAreaPosition::Left, px(LEFT))
        .set_label_area_size(LabelAreaPosition::Bottom, px(BOTTOM))
        .margin_right(px(RIGHT))
        .margin_top(px(TOP))
        .build_cartesian_2d(0.0..(scene.until_ms - scene.from_ms).max(1) as f64, 0.0..scene.top)
        .ok()?;
    let x = |ms: i64| (ms - scene.from_ms) as f64;

    let gaps = scene
        .gaps
        .iter()
        .map(|&(from, until)| Rectangle::new([(x(from), 0.0), (x(until), scene.top)], colours.gap.filled()));
    chart.draw_series(gaps).ok()?;
    let grid = scene.values.iter().map(|tick| {
        let ends = vec![(0.0, tick.value), (x(scene.until_ms), tick.value)];
        PathElement::new(ends, colours.grid.stroke_width(px(1.0).max(1)))
    });
    chart.draw_series(grid).ok()?;
    let space = scene.step_ms as f64 * 0.12;
    let bars = scene.bars.iter().map(|bar| {
        let colour = colours.lines[bar.line % colours.lines.len()].mix(if bar.complete { 1.0 } else { 0.45 });
        Rectangle::new(
            [(x(bar.from_ms) + space, bar.low), (x(bar.until_ms) - space, bar.high)],
            colour.filled(),
        )
    });
    chart.draw_series(bars).ok()?;
    let ground = vec![(0.0, 0.0), (x(scene.until_ms), 0.0)];
    chart.draw_series([PathElement::new(ground, colours.axis.stroke_width(px(1.0).max(1)))]).ok()?;

    let font = ("system-ui, sans-serif", 11.0 * dpr).into_font().color(&colours.text);
    let values = font.clone().pos(Pos::new(HPos::Right, VPos::Center));
    for tick in &scene.values {
        let (_, y) = chart.backend_coord(&(0.0, tick.value));
        root.draw_text(&tick.label, &values, ((px(LEFT - 8.0)) as i32, y)).ok()?;
    }
    let times = font.pos(Pos::new(HPos::Center, VPos::Top));
    for tick in &scene.times {
        let (at, y) = chart.backend_coord(&(x(tick.ms), 0.0));
        let half = px(18.0) as i32;
        let at = at.clamp(half, (canvas.width() as i32 - half).max(half));
        root.draw_text(&tick.label, &times, (at, y + px(6.0) as i32)).ok()?;
    }
    root.present().ok()
}

struct Colours {
    lines: Vec<RGBColor>,
    text: RGBColor,
    grid: RGBColor,
    axis: RGBColor,
    gap: RGBColor,
}

impl Colours {
    /// From the theme's custom properties, which are `#rrggbb`.
    fn read(canvas: &HtmlCanvasElement) -> Colours {
        let style = web_sys::window().and_then(|w| w.get_computed_style(canvas).ok().flatten());
        let get = |name: &str| {
            let text = style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default();
            hex(text.trim()).unwrap_or(RGBColor(128, 128, 128))
        };
        Colours {
            lines: (0..8).map(|i| get(&format!("--line-{i}"))).collect(),
            text: get("--text-muted"),
            grid: get("--border"),
            axis: get("--border-strong"),
            gap: get("--gap"),
        }
    }
}

fn hex(text: &str) -> Option<RGBColor> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some(RGBColor(part(0)?, part(2)?, part(4)?))
}
