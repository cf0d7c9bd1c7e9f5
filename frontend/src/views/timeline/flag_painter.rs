//! Draws the flags of markers above a timeline, and their lines through it: each kind has its shape, its letter and its colour. Of a
//! flag that several kinds share, two are seen.

use super::flags::{BEHIND, Flag, HALF};
use super::painter::Plot;
use crate::state::css_length::px;
use crate::state::markers::Kind;
use web_sys::HtmlCanvasElement;

/// Middle of the flags, in CSS pixels from the upper edge of the canvas.
const MIDDLE: f64 = 10.0;

/// Corners of a shape around its middle, in halves of a flag.
type Corners = &'static [(f64, f64)];

/// A tag that points down.
const TAG: Corners = &[(-1.0, -1.0), (1.0, -1.0), (1.0, 0.5), (0.0, 1.2), (-1.0, 0.5)];
const SQUARE: Corners = &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)];
/// Notched on the right.
const PENNANT: Corners = &[(-1.0, -0.9), (1.2, -0.9), (0.7, 0.0), (1.2, 0.9), (-1.0, 0.9)];
const DIAMOND: Corners = &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)];
const OCTAGON: Corners = &[
    (-0.45, -1.1),
    (0.45, -1.1),
    (1.1, -0.45),
    (1.1, 0.45),
    (0.45, 1.1),
    (-0.45, 1.1),
    (-1.1, 0.45),
    (-1.1, -0.45),
];

fn shape(kind: Kind) -> Corners {
    match kind {
        Kind::Incident => OCTAGON,
        Kind::Deploy => TAG,
        Kind::Config => SQUARE,
        Kind::Flag => PENNANT,
        Kind::Scale => DIAMOND,
    }
}

/// Draws `flags` over a chart that has been drawn with room for them. `None` only if the browser refuses to draw.
pub(super) fn paint(canvas: &HtmlCanvasElement, plot: &Plot, flags: &[Flag]) -> Option<()> {
    let style = web_sys::window()?.get_computed_style(canvas).ok()??;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
    let (context, middle, line) = (&plot.context, plot.px(MIDDLE), plot.px(1.0).max(1.0));
    context.set_font(&format!("600 {} system-ui, sans-serif", px(12.0 * plot.dpr)));
    context.set_text_baseline("middle");
    context.set_line_width(plot.px(3.0));
    context.set_stroke_style_str(&colour("--surface"));
    let of_kind = |kind: Kind| colour(&format!("--marker-{}", kind.word()));
    let outline = |kind: Kind, x: f64| {
        context.begin_path();
        for (dx, dy) in shape(kind) {
            context.line_to(x + dx * HALF * plot.dpr, middle + dy * HALF * plot.dpr);
        }
        context.close_path();
    };
    for flag in flags {
        for marker in &flag.markers {
            context.set_fill_style_str(&of_kind(marker.kind));
            let x = plot.x(marker.at_ms() as f64);
            context.fill_rect(x - (line / 2.0).floor(), plot.top, line, plot.bottom - plot.top);
        }
        let x = plot.left + plot.px(flag.x);
        if let Some(kind) = flag.behind {
            context.set_fill_style_str(&of_kind(kind));
            outline(kind, x + plot.px(BEHIND));
            context.fill();
        }
        context.set_fill_style_str(&of_kind(flag.kind));
        outline(flag.kind, x);
        if flag.behind.is_some() {
            context.stroke();
        }
        context.fill();
        context.set_fill_style_str(&colour("--surface"));
        context.set_text_align("center");
        context.fill_text_with_max_width(&flag.sign(), x, middle, plot.px(2.0 * HALF - 2.0)).ok()?;
        context.set_fill_style_str(&colour("--text"));
        context.set_text_align("left");
        let (start, wide) = flag.label_at;
        if !flag.label.is_empty() {
            let start = plot.left + plot.px(start);
            context.fill_text_with_max_width(&flag.label, start, middle, plot.px(wide)).ok()?;
        }
    }
    Some(())
}
