//! Line charts: values over time with gaps, a limit, marks, a crosshair and a selected range.

use crate::frame::{Frame, TimeAxis};
use crate::pen::{DrawError, Drawn, Pen, Point};
use crate::text_room::{cut_end, width};
use crate::theme::Theme;
use crate::value_axis::{ValueAxis, is_drawn};
use crate::value_unit::ValueUnit;
use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, VPos};

/// Most lines: more cannot be told apart. Those beyond are not drawn.
pub const MOST_LINES: usize = 20;
/// Ticks of the value axis.
const TICKS: usize = 4;
/// Distance between texts, and between a text and what it names.
const SPACE: f64 = 6.0;
/// Most room of the name of a mark.
const MARK_NAME: f64 = 140.0;
/// Radius of a value without neighbours, and of the values at the crosshair.
const ALONE: f64 = 2.0;
const AT_CROSSHAIR: f64 = 3.5;

/// A chart. Times are counted in instants from the first one; fractions lie between two.
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart<'a> {
    /// Of all values.
    pub unit: ValueUnit,
    /// Number of instants.
    pub count: usize,
    /// The most important first; of more than [`MOST_LINES`], the first are drawn.
    pub lines: Vec<Line<'a>>,
    /// A horizontal line with its name.
    pub limit: Option<(&'a str, f64)>,
    /// Vertical lines with their names, ascending.
    pub marks: Vec<(f64, &'a str)>,
    /// Labels of the time axis, ascending.
    pub times: Vec<(f64, String)>,
}

/// A line of a chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line<'a> {
    /// One an instant. `None` and what is not finite are gaps.
    pub values: &'a [Option<f64>],
    /// Number of its colour in [`Theme::lines`].
    pub colour: usize,
    /// False for a line that is switched off: it is not drawn, and the value axis does not reach to it.
    pub is_shown: bool,
}

/// The crosshair and the range that is being selected, in instants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Where the crosshair is.
    pub at: Option<usize>,
    /// The other end of the selection.
    pub anchor: Option<usize>,
}

impl LineChart<'_> {
    fn drawn(&self) -> impl Iterator<Item = &Line<'_>> {
        self.lines.iter().take(MOST_LINES).filter(|line| line.is_shown)
    }

    /// The value axis of the lines that are drawn.
    fn value_axis(&self) -> ValueAxis {
        let values = self.drawn().flat_map(|line| runs(line.values, self.count)).flatten();
        ValueAxis::of(values.map(|(_, value)| value), self.limit.map(|limit| limit.1), &self.unit, TICKS)
    }
}

/// Draws a chart over the whole backend, which has `scale` pixels for each CSS pixel.
///
/// # Errors
/// Those of the backend.
pub fn draw_line_chart<DB: DrawingBackend>(
    backend: DB,
    scale: f64,
    chart: &LineChart<'_>,
    theme: &Theme,
    cursor: Cursor,
) -> Result<(), DrawError<DB>> {
    let pen = Pen::new(backend, scale);
    let axis = chart.value_axis();
    let is_beyond = chart.limit.is_some_and(|limit| !axis.contains(limit.1));
    let frame = Frame::of_lines(pen.size(), is_beyond || !chart.marks.is_empty());
    let times = TimeAxis::of(pen.size().0, chart.count);
    let plane = Plane { pen, frame, axis, times, theme };
    plane.pen.fill(theme.background)?;
    plane.selection(cursor)?;
    plane.grid()?;
    plane.marks(&chart.marks)?;
    chart.limit.map_or(Ok(()), |limit| plane.limit(limit))?;
    for line in chart.drawn() {
        plane.values(line, chart.count)?;
    }
    plane.time_labels(&chart.times)?;
    cursor.at.map_or(Ok(()), |at| plane.crosshair(chart, at))?;
    plane.pen.finish()
}

/// Values in a row: instant and value.
type Run = Vec<(usize, f64)>;

/// The runs of values between gaps.
fn runs(values: &[Option<f64>], count: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_open = false;
    for (instant, value) in values.iter().take(count).enumerate() {
        match value.filter(|value| is_drawn(*value)) {
            None => is_open = false,
            Some(value) if is_open => runs.last_mut().into_iter().for_each(|run| run.push((instant, value))),
            Some(value) => {
                runs.push(vec![(instant, value)]);
                is_open = true;
            }
        }
    }
    runs
}

/// What a chart is drawn on: the plot with both axes.
struct Plane<'t, DB: DrawingBackend> {
    pen: Pen<DB>,
    frame: Frame,
    axis: ValueAxis,
    times: TimeAxis,
    theme: &'t Theme,
}

impl<DB: DrawingBackend> Plane<'_, DB> {
    fn y(&self, value: f64) -> f64 {
        self.frame.bottom - self.axis.share(value) * self.frame.height()
    }

    fn at(&self, (instant, value): (usize, f64)) -> Point {
        (self.times.x(instant as f64), self.y(value))
    }

    fn selection(&self, cursor: Cursor) -> Drawn<DB> {
        let Some((at, anchor)) = cursor.at.zip(cursor.anchor) else { return Ok(()) };
        let [from, to] = [at.min(anchor), at.max(anchor)].map(|instant| self.times.x(instant as f64));
        self.pen.veil((from, self.frame.top), (to, self.frame.bottom), self.theme.selection)
    }

    /// Lines and labels at ticks, and the baseline.
    fn grid(&self) -> Drawn<DB> {
        let Frame { left, right, .. } = self.frame;
        for tick in &self.axis.ticks {
            let y = self.y(tick.value);
            self.pen.line((left, y), (right, y), self.theme.grid)?;
            let label = cut_end(&tick.label, left - SPACE);
            self.pen.text(&label, (left - SPACE, y), (HPos::Right, VPos::Center), self.theme.text)?;
        }
        self.pen.line((left, self.y(0.0)), (right, self.y(0.0)), self.theme.baseline)
    }

    /// Vertical lines. Names stand above the plot, as far as they do not overlap.
    fn marks(&self, marks: &[(f64, &str)]) -> Drawn<DB> {
        let Frame { left, top, right, bottom } = self.frame;
        let mut free = left;
        for (instant, name) in marks {
            let x = self.times.x(*instant);
            if !(left..=right).contains(&x) {
                continue;
            }
            self.pen.dashed((x, top), (x, bottom), self.theme.mark)?;
            let name = cut_end(name, MARK_NAME.min(right - left));
            let start = x.min(right - width(&name));
            if start >= free {
                self.pen.text(
                    &name,
                    (start, top - SPACE / 2.0),
                    (HPos::Left, VPos::Bottom),
                    self.theme.text,
                )?;
                free = start + width(&name) + SPACE;
            }
        }
        Ok(())
    }

    /// A dashed line with its name on it; the name alone, with an arrow, for a limit beyond the axis.
    fn limit(&self, (name, value): (&str, f64)) -> Drawn<DB> {
        let Frame { left, top, right, bottom } = self.frame;
        let colour = self.theme.alert;
        if !is_drawn(value) {
            return Ok(());
        }
        let room = right - left - SPACE;
        if !self.axis.contains(value) {
            let (arrow, y, side) =
                if value > 0.0 { ("↑ ", top, VPos::Top) } else { ("↓ ", bottom, VPos::Bottom) };
            let text = cut_end(&format!("{arrow}{name}"), room);
            return self.pen.text(&text, (right, y), (HPos::Right, side), colour);
        }
        let y = self.y(value);
        self.pen.dashed((left, y), (right, y), colour)?;
        // Below the line where there is no room above it.
        let has_room = y - top > crate::text_room::TEXT + SPACE;
        let (y, side) = if has_room { (y - 2.0, VPos::Bottom) } else { (y + 3.0, VPos::Top) };
        self.pen.text(&cut_end(name, room), (right, y), (HPos::Right, side), colour)
    }

    fn values(&self, line: &Line<'_>, count: usize) -> Drawn<DB> {
        let colour = self.theme.line(line.colour);
        for run in runs(line.values, count) {
            match run[..] {
                [only] => self.pen.dot(self.at(only), ALONE, colour)?,
                _ => self.pen.path(run.iter().map(|point| self.at(*point)), colour, 1.5)?,
            }
        }
        Ok(())
    }

    /// Labels below the plot, as far as they do not overlap.
    fn time_labels(&self, times: &[(f64, String)]) -> Drawn<DB> {
        let (mut free, end) = (0.0, self.pen.size().0);
        for (instant, label) in times {
            let room = width(label);
            let start = (self.times.x(*instant) - room / 2.0).min(end - room);
            if start >= free {
                let at = (start, self.frame.bottom + 4.0);
                self.pen.text(label, at, (HPos::Left, VPos::Top), self.theme.text)?;
                free = start + room + SPACE;
            }
        }
        Ok(())
    }

    fn crosshair(&self, chart: &LineChart<'_>, at: usize) -> Drawn<DB> {
        let x = self.times.x(at as f64);
        self.pen.line((x, self.frame.top), (x, self.frame.bottom), self.theme.text_strong)?;
        for line in chart.drawn() {
            if let Some(value) = line.values.get(at).copied().flatten().filter(|value| is_drawn(*value)) {
                self.pen.dot(self.at((at, value)), AT_CROSSHAIR, self.theme.line(line.colour))?;
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

    fn chart<'a>(lines: &'a [Vec<Option<f64>>]) -> LineChart<'a> {
        let count = lines.first().map_or(0, Vec::len);
        let line = |values: &'a Vec<Option<f64>>| Line { values, colour: 0, is_shown: true };
        LineChart {
            unit: ValueUnit::count(),
            count,
            lines: lines.iter().map(line).collect(),
            limit: None,
            marks: Vec::new(),
            times: Vec::new(),
        }
    }

    fn theme() -> Theme {
        let [lines, alert, mark] = [Rgb(1, 0, 0), Rgb(2, 0, 0), Rgb(3, 0, 0)];
        Theme {
            lines: vec![lines],
            alert,
            mark,
            text_strong: Rgb(4, 0, 0),
            selection: Rgb(5, 0, 0),
            ..Theme::default()
        }
    }

    fn drawn_with(chart: &LineChart<'_>, cursor: Cursor) -> Vec<Shape> {
        let (recorder, shapes) = Recorder::new((900, 180));
        draw_line_chart(recorder, 1.0, chart, &theme(), cursor).unwrap();
        shapes.take()
    }

    /// Paths and dots of the lines.
    fn of_lines(chart: &LineChart<'_>) -> (Vec<Vec<(i32, i32)>>, usize) {
        let shapes = drawn_with(chart, Cursor::default());
        let paths = shapes.iter().filter_map(|shape| shape.path_in(1)).cloned().collect();
        (paths, shapes.iter().filter(|shape| shape.is_dot_in(1)).count())
    }

    #[test]
    fn gaps_are_gaps() {
        let values = vec![Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), None, Some(5.0)];
        assert_eq!(runs(&values, 7), [vec![(0, 1.0), (1, 2.0)], vec![(3, 3.0), (4, 4.0)], vec![(6, 5.0)]]);
        let (paths, dots) = of_lines(&chart(&[values]));
        assert_eq!((paths.len(), dots), (2, 1));
        assert_eq!((paths[0][0].0, paths[1][0].0), (76, 482));
    }

    #[test]
    fn what_is_not_finite_is_a_gap() {
        let values =
            [Some(1.0), Some(f64::NAN), Some(f64::INFINITY), Some(-f64::INFINITY), Some(f64::MAX), Some(2.0)];
        assert_eq!(runs(&values, 6), [vec![(0, 1.0)], vec![(5, 2.0)]]);
        assert_eq!(of_lines(&chart(&[values.to_vec()])), (Vec::new(), 2));
    }

    #[test]
    fn one_point_is_a_dot_in_the_middle() {
        let shapes = drawn_with(&chart(&[vec![Some(7.0)]]), Cursor::default());
        let dots: Vec<_> = shapes.iter().filter(|shape| shape.is_dot_in(1)).collect();
        assert!(matches!(dots[..], [Shape::Dot { at: (482, _), .. }]), "{dots:?}");
    }

    #[test]
    fn equal_values_are_a_level_line() {
        let (paths, _) = of_lines(&chart(&[vec![Some(5.0); 4]]));
        assert_eq!(paths.len(), 1);
        assert!(paths[0].iter().all(|(_, y)| *y == paths[0][0].1 && (8..160).contains(y)), "{paths:?}");
        let (zeros, _) = of_lines(&chart(&[vec![Some(0.0); 4]]));
        assert!(zeros[0].iter().all(|(_, y)| *y == 160), "on the baseline: {zeros:?}");
    }

    #[test]
    fn negative_values_are_below_the_baseline() {
        let (paths, _) = of_lines(&chart(&[vec![Some(-5.0), Some(5.0)]]));
        let [(_, low), (_, high)] = paths[0][..] else { panic!("{paths:?}") };
        assert_eq!((low + high, low > high), (168, true), "zero is in the middle of 8 to 160");
    }

    #[test]
    fn a_chart_of_nothing_has_its_axes() {
        for empty in [chart(&[]), chart(&[vec![]]), chart(&[vec![None, None]])] {
            let shapes = drawn_with(&empty, Cursor { at: Some(0), anchor: None });
            assert!(
                shapes.iter().any(|shape| matches!(shape, Shape::Text { text, .. } if text == "0")),
                "{shapes:?}"
            );
            assert!(!shapes.iter().any(|shape| shape.is_dot_in(1) || shape.path_in(1).is_some()));
        }
    }

    #[test]
    fn of_many_lines_the_first_are_drawn() {
        let lines: Vec<Vec<Option<f64>>> = (0..300).map(|i| vec![Some(f64::from(i)); 3]).collect();
        let chart = chart(&lines);
        assert_eq!(of_lines(&chart).0.len(), MOST_LINES);
        assert!(chart.value_axis().high < 25.0, "the axis is of what is drawn");
    }

    #[test]
    fn lines_that_are_switched_off_leave_the_axis_to_the_others() {
        let lines = [vec![Some(1.0); 2], vec![Some(100.0); 2]];
        let mut chart = chart(&lines);
        chart.lines[1].is_shown = false;
        assert_eq!(of_lines(&chart).0.len(), 1);
        assert!(chart.value_axis().high < 2.0);
    }

    #[test]
    fn a_limit_is_a_line_or_named_beyond_the_axis() {
        let lines = [vec![Some(1.0), Some(2.0)]];
        let with = |value: f64| {
            let shapes = drawn_with(
                &LineChart { limit: Some(("CPU limit", value)), ..chart(&lines) },
                Cursor::default(),
            );
            let name = shapes.iter().find_map(|shape| match shape {
                Shape::Text { text, .. } if text.ends_with("CPU limit") => Some(text.clone()),
                _ => None,
            });
            (name, shapes.iter().any(|shape| shape.path_in(2).is_some()))
        };
        assert_eq!(with(3.0), (Some("CPU limit".to_owned()), true));
        assert_eq!(with(100.0), (Some("↑ CPU limit".to_owned()), false));
        assert_eq!(with(-100.0), (Some("↓ CPU limit".to_owned()), false));
        assert_eq!(with(f64::NAN), (None, false));
    }

    #[test]
    fn names_of_marks_do_not_overlap() {
        let lines = [vec![Some(1.0); 100]];
        let marks = vec![
            (-5.0, "before"),
            (10.0, "v2 deployed"),
            (11.0, "v3 deployed"),
            (99.0, "v4 deployed"),
            (200.0, "after"),
        ];
        let shapes = drawn_with(&LineChart { marks, ..chart(&lines) }, Cursor::default());
        let names: Vec<&str> =
            shapes.iter().filter_map(Shape::text).filter(|text| text.ends_with("deployed")).collect();
        assert_eq!(names, ["v2 deployed", "v4 deployed"]);
        let places: std::collections::BTreeSet<i32> =
            shapes.iter().filter_map(|shape| shape.path_in(3)).map(|path| path[0].0).collect();
        assert_eq!(places.len(), 3, "all three lines are drawn: {places:?}");
    }

    #[test]
    fn the_crosshair_marks_the_value_of_each_line() {
        let lines = [vec![Some(1.0), Some(2.0)], vec![Some(1.0), None]];
        let cursor = Cursor { at: Some(1), anchor: Some(0) };
        let shapes = drawn_with(&chart(&lines), cursor);
        assert_eq!(shapes.iter().filter(|shape| shape.path_in(4).is_some()).count(), 1);
        assert!(
            shapes
                .iter()
                .any(|shape| matches!(shape, Shape::Rectangle { from: (76, 8), to: (888, 160), red: 5 }))
        );
        let dots =
            shapes.iter().filter(|shape| matches!(shape, Shape::Dot { at: (888, _), red: 1, .. })).count();
        assert_eq!(dots, 1);
    }

    #[test]
    fn labels_of_times_stay_inside_and_apart() {
        let lines = [vec![Some(1.0); 61]];
        let times = (0..=60).map(|minute| (f64::from(minute), format!("03:{minute:02}"))).collect();
        let shapes = drawn_with(&LineChart { times, ..chart(&lines) }, Cursor::default());
        let starts: Vec<i32> = shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Text { text, at, .. } if text.starts_with("03:") => Some(at.0),
                _ => None,
            })
            .collect();
        assert!(starts.len() > 5 && starts.windows(2).all(|pair| pair[1] - pair[0] >= 34), "{starts:?}");
        assert!(starts.iter().all(|start| (0..=866).contains(start)));
    }

    #[test]
    fn a_finer_backend_gets_the_same_chart_in_more_pixels() {
        let lines = [vec![Some(1.0), Some(2.0)]];
        let (recorder, shapes) = Recorder::new((1800, 360));
        draw_line_chart(recorder, 2.0, &chart(&lines), &theme(), Cursor::default()).unwrap();
        let fine = shapes.take().iter().find_map(|shape| shape.path_in(1).cloned()).unwrap();
        assert_eq!((fine[0].0, fine[1].0), (152, 1776));
    }
}
