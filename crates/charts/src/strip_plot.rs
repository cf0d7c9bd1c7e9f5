//! Strip plots: one dot a replica on one value axis. Outliers stand out and are named.

use crate::pen::{DrawError, Drawn, Pen};
use crate::strip_layout::{OUTLIER_RADIUS, RADIUS, StripDot, StripLayout, StripPlot};
use crate::text_room::{TEXT, cut_end, cut_start, width};
use crate::theme::Theme;
use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};

/// Distance between a dot and its name.
const SPACE: f64 = 4.0;
/// Most room of the name of an outlier.
const NAME: f64 = 220.0;

/// Draws a plot over the whole backend, which has `scale` pixels for each CSS pixel. `chosen` is the point under the pointer or the
/// keyboard's cursor.
///
/// # Errors
/// Those of the backend.
pub fn draw_strip_plot<DB: DrawingBackend>(
    backend: DB,
    scale: f64,
    plot: &StripPlot<'_>,
    theme: &Theme,
    chosen: Option<usize>,
) -> Result<(), DrawError<DB>> {
    let pen = Pen::new(backend, scale);
    let layout = StripLayout::of(plot, pen.size());
    let strip = Strip { pen, layout, theme };
    strip.pen.fill(theme.background)?;
    strip.axis()?;
    plot.limit.map_or(Ok(()), |limit| strip.limit(limit))?;
    strip.dots(&plot.points)?;
    chosen.map_or(Ok(()), |index| strip.chosen(plot, index))?;
    strip.names(&plot.points)?;
    strip.pen.finish()
}

/// What a plot is drawn on.
struct Strip<'t, DB: DrawingBackend> {
    pen: Pen<DB>,
    layout: StripLayout,
    theme: &'t Theme,
}

impl<DB: DrawingBackend> Strip<'_, DB> {
    /// Lines and labels at ticks; labels that would overlap are left out.
    fn axis(&self) -> Drawn<DB> {
        let (frame, end) = (self.layout.frame, self.pen.size().0);
        let mut free = 0.0;
        for tick in &self.layout.axis.ticks {
            let x = self.layout.x(tick.value);
            self.pen.line((x, frame.top), (x, frame.bottom), self.theme.grid)?;
            let room = width(&tick.label);
            let start = (x - room / 2.0).min(end - room).max(0.0);
            if start >= free {
                self.pen.text(
                    &tick.label,
                    (start, frame.bottom + SPACE),
                    (HPos::Left, VPos::Top),
                    self.theme.text,
                )?;
                free = start + room + SPACE;
            }
        }
        self.pen.line((frame.left, frame.bottom), (frame.right, frame.bottom), self.theme.baseline)
    }

    /// A dashed line with its name above the plot; the name alone, with an arrow, for a limit beyond the axis.
    fn limit(&self, (name, value): (&str, f64)) -> Drawn<DB> {
        let (frame, colour) = (self.layout.frame, self.theme.alert);
        let above = frame.top - SPACE;
        let name = cut_end(name, NAME.min(frame.width()));
        if !self.layout.axis.contains(value) {
            return match value {
                v if v > 0.0 => self.pen.text(
                    &format!("{name} →"),
                    (frame.right, above),
                    (HPos::Right, VPos::Bottom),
                    colour,
                ),
                v if v < 0.0 => self.pen.text(
                    &format!("← {name}"),
                    (frame.left, above),
                    (HPos::Left, VPos::Bottom),
                    colour,
                ),
                _ => Ok(()),
            };
        }
        let x = self.layout.x(value);
        self.pen.dashed((x, frame.top), (x, frame.bottom), colour)?;
        let start = (x - width(&name) / 2.0).min(frame.right - width(&name)).max(0.0);
        self.pen.text(&name, (start, above), (HPos::Left, VPos::Bottom), colour)
    }

    /// Outliers lie over the others.
    fn dots(&self, points: &[StripDot<'_>]) -> Drawn<DB> {
        for outliers in [false, true] {
            let (radius, colour) =
                if outliers { (OUTLIER_RADIUS, self.theme.alert) } else { (RADIUS, self.theme.dot) };
            for (index, _) in points.iter().enumerate().filter(|(_, point)| point.is_outlier == outliers) {
                if let Some(place) = self.layout.place(index) {
                    self.pen.dot(place, radius, colour)?;
                }
            }
        }
        Ok(())
    }

    /// A ring around a point.
    fn chosen(&self, plot: &StripPlot<'_>, index: usize) -> Drawn<DB> {
        let Some((place, point)) = self.layout.place(index).zip(plot.points.get(index)) else {
            return Ok(());
        };
        let (radius, colour) =
            if point.is_outlier { (OUTLIER_RADIUS, self.theme.alert) } else { (RADIUS, self.theme.dot) };
        self.pen.dot(place, radius + 4.0, self.theme.text_strong)?;
        self.pen.dot(place, radius + 2.0, self.theme.background)?;
        self.pen.dot(place, radius, colour)
    }

    /// Names of outliers beside their dots, as far as they do not overlap; the most extreme first.
    fn names(&self, points: &[StripDot<'_>]) -> Drawn<DB> {
        let frame = self.layout.frame;
        let mut outliers: Vec<usize> = (0..points.len()).filter(|i| points[*i].is_outlier).collect();
        outliers.sort_by(|a, b| points[*b].value.abs().total_cmp(&points[*a].value.abs()));
        // Left and right end and height of each name so far.
        let mut taken: Vec<(f64, f64, f64)> = Vec::new();
        for index in outliers {
            let Some((x, y)) = self.layout.place(index) else { continue };
            let beside = OUTLIER_RADIUS + SPACE;
            let is_right = frame.right - x >= x - frame.left;
            let room = if is_right { frame.right - x } else { x - frame.left } - beside;
            let name = cut_start(points[index].name, NAME.min(room));
            let start = if is_right { x + beside } else { x - beside - width(&name) };
            let end = start + width(&name);
            let overlaps = |other: &(f64, f64, f64)| {
                start < other.1 && other.0 < end && (y - other.2).abs() < TEXT + 2.0
            };
            if !taken.iter().any(overlaps) {
                self.pen.text(&name, (start, y), (HPos::Left, VPos::Center), self.theme.text_strong)?;
                taken.push((start, end, y));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recorder, Shape};
    use crate::theme::Rgb;
    use crate::value_unit::ValueUnit;

    fn dot(name: &str, value: f64, is_outlier: bool) -> StripDot<'_> {
        StripDot { name, value, is_outlier }
    }

    fn drawn(points: Vec<StripDot<'_>>, limit: Option<(&str, f64)>, chosen: Option<usize>) -> Vec<Shape> {
        let theme =
            Theme { dot: Rgb(1, 0, 0), alert: Rgb(2, 0, 0), text_strong: Rgb(4, 0, 0), ..Theme::default() };
        let (recorder, shapes) = Recorder::new((900, 96));
        let plot = StripPlot { unit: ValueUnit::cores(), points, limit };
        draw_strip_plot(recorder, 1.0, &plot, &theme, chosen).unwrap();
        shapes.take()
    }

    fn dots(shapes: &[Shape], red: u8) -> usize {
        shapes.iter().filter(|shape| shape.is_dot_in(red)).count()
    }

    fn has_text(shapes: &[Shape], text: &str) -> bool {
        shapes.iter().filter_map(Shape::text).any(|drawn| drawn == text)
    }

    #[test]
    fn outliers_stand_out_and_are_named() {
        let points =
            vec![dot("checkout-a", 1.0, false), dot("checkout-b", 1.1, false), dot("checkout-c", 2.5, true)];
        let shapes = drawn(points, None, None);
        assert_eq!((dots(&shapes, 1), dots(&shapes, 2)), (2, 1));
        assert!(has_text(&shapes, "checkout-c") && !has_text(&shapes, "checkout-a"));
        assert!(has_text(&shapes, "1 core"), "{shapes:?}");
    }

    #[test]
    fn names_of_outliers_do_not_overlap() {
        let points =
            vec![dot("checkout-a", 2.5, true), dot("checkout-b", 2.5, true), dot("checkout-c", 0.5, true)];
        let shapes = drawn(points, None, None);
        let names = shapes.iter().filter_map(Shape::text).filter(|text| text.starts_with("checkout")).count();
        assert_eq!((dots(&shapes, 2), names), (3, 2));
    }

    #[test]
    fn long_names_keep_their_ends() {
        let long = "checkout-".repeat(20) + "x2x4z";
        let shapes = drawn(vec![dot(&long, 2.5, true)], None, None);
        let name = shapes.iter().filter_map(Shape::text).find(|text| text.ends_with("x2x4z")).unwrap();
        assert!(name.starts_with('…') && width(name) <= NAME);
    }

    #[test]
    fn a_limit_is_a_line_or_named_beyond_the_axis() {
        let with = |value: f64| drawn(vec![dot("a", 1.0, false)], Some(("CPU limit", value)), None);
        assert!(
            has_text(&with(2.0), "CPU limit") && with(2.0).iter().any(|shape| shape.path_in(2).is_some())
        );
        assert!(has_text(&with(100.0), "CPU limit →") && has_text(&with(-100.0), "← CPU limit"));
        assert!(!with(f64::NAN).iter().filter_map(Shape::text).any(|text| text.contains("limit")));
    }

    #[test]
    fn a_chosen_point_has_a_ring() {
        let points = || vec![dot("a", 1.0, false), dot("b", f64::NAN, false)];
        assert_eq!(dots(&drawn(points(), None, Some(0)), 4), 1);
        assert_eq!(dots(&drawn(points(), None, Some(1)), 4), 0, "it is not drawn");
        assert_eq!(dots(&drawn(points(), None, Some(9)), 4), 0);
    }

    #[test]
    fn a_plot_of_nothing_has_its_axis() {
        assert!(has_text(&drawn(Vec::new(), None, None), "0 cores"));
    }
}
