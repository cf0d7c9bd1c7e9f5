//! Shapes and texts in CSS pixels, drawn by plotters on a backend whose pixels are finer by a factor.

use crate::text_room::TEXT;
use crate::theme::Rgb;
use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

/// Why a chart could not be drawn.
pub type DrawError<DB> = DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>;

pub(crate) type Drawn<DB> = Result<(), DrawError<DB>>;

/// Lengths of dashes and of the gaps between them.
const DASH: [f64; 2] = [6.0, 4.0];

/// A point, in CSS pixels from the top left corner.
pub(crate) type Point = (f64, f64);

/// Draws on one backend.
pub(crate) struct Pen<DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    scale: f64,
}

impl<DB: DrawingBackend> Pen<DB> {
    /// Draws with `scale` pixels of the backend for each CSS pixel.
    pub(crate) fn new(backend: DB, scale: f64) -> Pen<DB> {
        Pen { area: DrawingArea::from(backend), scale }
    }

    /// Width and height of the backend in CSS pixels.
    pub(crate) fn size(&self) -> (f64, f64) {
        let (width, height) = self.area.dim_in_pixel();
        (f64::from(width) / self.scale, f64::from(height) / self.scale)
    }

    pub(crate) fn fill(&self, colour: Rgb) -> Drawn<DB> {
        self.area.fill(&RGBColor::from(colour))
    }

    /// A line through all points; less than two different ones draw nothing.
    pub(crate) fn path(&self, points: impl Iterator<Item = Point>, colour: Rgb, width: f64) -> Drawn<DB> {
        let mut points: Vec<(i32, i32)> = points.map(|at| self.pixel(at)).collect();
        points.dedup();
        if points.len() < 2 {
            return Ok(());
        }
        self.area.draw(&PathElement::new(points, self.stroke(colour, width)))
    }

    pub(crate) fn line(&self, from: Point, to: Point, colour: Rgb) -> Drawn<DB> {
        self.path([from, to].into_iter(), colour, 1.0)
    }

    pub(crate) fn dashed(&self, from: Point, to: Point, colour: Rgb) -> Drawn<DB> {
        let [dash, gap] = DASH.map(|length| self.length(length));
        let points = [self.pixel(from), self.pixel(to)];
        self.area.draw(&DashedPathElement::new(points, dash, gap, self.stroke(colour, 1.0)))
    }

    /// A translucent rectangle between two corners.
    pub(crate) fn veil(&self, from: Point, to: Point, colour: Rgb) -> Drawn<DB> {
        let style = ShapeStyle::from(RGBColor::from(colour).mix(0.2)).filled();
        self.area.draw(&Rectangle::new([self.pixel(from), self.pixel(to)], style))
    }

    pub(crate) fn dot(&self, at: Point, radius: f64, colour: Rgb) -> Drawn<DB> {
        let style = ShapeStyle::from(RGBColor::from(colour)).filled();
        self.area.draw(&Circle::new(self.pixel(at), self.length(radius), style))
    }

    /// One line of text. `at` is the point of it that the anchor says.
    pub(crate) fn text(&self, text: &str, at: Point, anchor: (HPos, VPos), colour: Rgb) -> Drawn<DB> {
        if text.is_empty() {
            return Ok(());
        }
        let style = TextStyle {
            font: FontDesc::new(FontFamily::SansSerif, TEXT * self.scale, FontStyle::Normal),
            color: RGBColor::from(colour).to_backend_color(),
            pos: Pos::new(anchor.0, anchor.1),
        };
        self.area.draw(&Text::new(text, self.pixel(at), style))
    }

    /// Brings everything to the backend.
    pub(crate) fn finish(&self) -> Drawn<DB> {
        self.area.present()
    }

    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        ((x * self.scale).round() as i32, (y * self.scale).round() as i32)
    }

    /// At least one pixel.
    fn length(&self, length: f64) -> i32 {
        ((length * self.scale).round() as i32).max(1)
    }

    fn stroke(&self, colour: Rgb, width: f64) -> ShapeStyle {
        ShapeStyle::from(RGBColor::from(colour)).stroke_width(self.length(width) as u32)
    }
}
