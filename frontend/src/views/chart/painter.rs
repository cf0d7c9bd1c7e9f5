//! The canvas as a backend of plotters, and the colours of the page's theme. Draws charts; knows nothing of what they show.

use crate::canvas::HtmlCanvasElement;
use crate::state::css_length::px;
use flarepath_charts::{Cursor, LineChart, Rgb, StripPlot, Theme, draw_line_chart, draw_strip_plot};
use flarepath_profile::flame::within;
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use wasm_bindgen::JsCast;
use web_sys::CanvasRenderingContext2d;

/// Pixels of the backend for each device pixel: plotters knows whole pixels only, on which slanted lines would have steps.
const FINE: f64 = 4.0;

/// The browser rejected a number or a text, or has no canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the browser could not draw on the canvas")]
pub(super) struct CanvasError;

/// Draws a line chart over all of `canvas`. `None` only if the browser has no canvas to draw on.
pub(super) fn paint_lines(canvas: &HtmlCanvasElement, chart: &LineChart<'_>, cursor: Cursor) -> Option<()> {
    let (backend, scale) = CanvasBackend::of(canvas)?;
    draw_line_chart(backend, scale, chart, &theme(canvas)?, cursor).ok()
}

/// Draws a strip plot over all of `canvas`. `None` only if the browser has no canvas to draw on.
pub(super) fn paint_strip(
    canvas: &HtmlCanvasElement,
    plot: &StripPlot<'_>,
    chosen: Option<usize>,
) -> Option<()> {
    let (backend, scale) = CanvasBackend::of(canvas)?;
    draw_strip_plot(backend, scale, plot, &theme(canvas)?, chosen).ok()
}

/// The colours of the theme that applies to `canvas`: light, dark, or light on paper.
fn theme(canvas: &HtmlCanvasElement) -> Option<Theme> {
    let style = web_sys::window()?.get_computed_style(canvas).ok()??;
    let colour = |name: &str| {
        let text = style.get_property_value(name).unwrap_or_default();
        Rgb::parse(&text).unwrap_or(Rgb(128, 128, 128))
    };
    Some(Theme {
        background: colour("--surface"),
        grid: colour("--border"),
        baseline: colour("--border-strong"),
        text: colour("--text-muted"),
        text_strong: colour("--text"),
        alert: colour("--danger"),
        mark: colour("--marker-deploy"),
        selection: colour("--focus"),
        dot: colour("--line-8"),
        lines: (0..=8).map(|number| colour(&format!("--line-{number}"))).collect(),
    })
}

/// A 2D context. Coordinates are [`FINE`] parts of a device pixel.
struct CanvasBackend {
    context: CanvasRenderingContext2d,
    size: (u32, u32),
}

type Drawn = Result<(), DrawingErrorKind<CanvasError>>;

impl CanvasBackend {
    /// Sizes the canvas to its element. Also returns the pixels of the backend for each CSS pixel.
    fn of(canvas: &HtmlCanvasElement) -> Option<(CanvasBackend, f64)> {
        let dpr = within(web_sys::window().map_or(1.0, |w| w.device_pixel_ratio()), 0.5, 8.0);
        let device = |css: i32| (f64::from(css) * dpr).round() as u32;
        let (width, height) = (device(canvas.client_width()), device(canvas.client_height()));
        if width == 0 || height == 0 {
            return None;
        }
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        context.set_transform(1.0 / FINE, 0.0, 0.0, 1.0 / FINE, 0.0, 0.0).ok()?;
        let fine = FINE as u32;
        Some((CanvasBackend { context, size: (width * fine, height * fine) }, dpr * FINE))
    }

    fn fill_with(&self, colour: BackendColor) {
        self.context.set_fill_style_str(&css(colour));
    }

    /// Fills a rectangle whose edges lie on device pixels.
    fn fill_sharp(&self, (left, top): (f64, f64), (right, bottom): (f64, f64)) {
        let sharp = |at: f64| (at / FINE).round() * FINE;
        let (left, top) = (sharp(left), sharp(top));
        let (width, height) = ((sharp(right) - left).max(FINE), (sharp(bottom) - top).max(FINE));
        self.context.fill_rect(left, top, width, height);
    }

    /// A level or upright line, sharp.
    fn straight(&self, points: &[(f64, f64)], width: f64) {
        let ends = |(low, high): (f64, f64), at: f64| (low.min(at), high.max(at));
        let none = (f64::INFINITY, f64::NEG_INFINITY);
        let (left, right) = points.iter().map(|point| point.0).fold(none, ends);
        let (top, bottom) = points.iter().map(|point| point.1).fold(none, ends);
        let half = width / 2.0;
        if top == bottom {
            self.fill_sharp((left, top - half), (right, top + half));
        } else {
            self.fill_sharp((left - half, top), (left + half, bottom));
        }
    }
}

/// `#rrggbbaa`.
fn css(BackendColor { alpha, rgb: (r, g, b) }: BackendColor) -> String {
    format!("#{r:02x}{g:02x}{b:02x}{:02x}", (within(alpha, 0.0, 1.0) * 255.0).round() as u8)
}

fn fine((x, y): BackendCoord) -> (f64, f64) {
    (x.into(), y.into())
}

/// The browser takes all numbers that are finite, as those of plotters are.
fn checked<T>(result: Result<T, wasm_bindgen::JsValue>) -> Drawn {
    result.map(drop).map_err(|_| DrawingErrorKind::DrawingError(CanvasError))
}

impl DrawingBackend for CanvasBackend {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        self.fill_with(colour);
        let (x, y) = fine(at);
        self.context.fill_rect(x, y, 1.0, 1.0);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let points: Vec<(f64, f64)> = path.into_iter().map(fine).collect();
        let Some((first, rest)) = points.split_first() else { return Ok(()) };
        let width = f64::from(style.stroke_width());
        if rest.iter().all(|point| point.0 == first.0) || rest.iter().all(|point| point.1 == first.1) {
            self.fill_with(style.color());
            self.straight(&points, width);
            return Ok(());
        }
        self.context.set_stroke_style_str(&css(style.color()));
        self.context.set_line_width(width);
        self.context.set_line_join("round");
        self.context.begin_path();
        self.context.move_to(first.0, first.1);
        rest.iter().for_each(|point| self.context.line_to(point.0, point.1));
        self.context.stroke();
        Ok(())
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (from, to) = (fine(from), fine(to));
        if fill {
            self.fill_with(style.color());
            self.fill_sharp(from, to);
        } else {
            self.context.set_stroke_style_str(&css(style.color()));
            self.context.set_line_width(style.stroke_width().into());
            self.context.stroke_rect(from.0, from.1, to.0 - from.0, to.1 - from.1);
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        at: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        let (x, y) = fine(at);
        self.context.begin_path();
        checked(self.context.arc(x, y, radius.into(), 0.0, std::f64::consts::TAU))?;
        if fill {
            self.fill_with(style.color());
            self.context.fill();
        } else {
            self.context.set_stroke_style_str(&css(style.color()));
            self.context.set_line_width(style.stroke_width().into());
            self.context.stroke();
        }
        Ok(())
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn {
        self.context.set_font(&format!("{} system-ui, sans-serif", px(style.size())));
        self.context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Right => "right",
            HPos::Center => "center",
        });
        self.context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        self.fill_with(style.color());
        let (x, y) = fine(at);
        checked(self.context.fill_text(text, x, y))
    }
}
