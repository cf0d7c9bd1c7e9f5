//! Places of the dots of a strip plot: each at its value, and above or below others where they would cover each other.

use crate::frame::Frame;
use crate::pen::Point;
use crate::value_axis::{ValueAxis, is_drawn};
use crate::value_unit::ValueUnit;

/// Radius of a dot, and of an outlier.
pub(crate) const RADIUS: f64 = 4.0;
pub(crate) const OUTLIER_RADIUS: f64 = 5.0;
/// Distance between the centres of dots.
const DISTANCE: f64 = 2.0 * RADIUS + 1.0;
/// How far from the centre of a dot a pointer finds it.
const REACH: f64 = 16.0;
/// Ticks of the value axis.
const TICKS: usize = 6;

/// One value of each replica on one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct StripPlot<'a> {
    /// Of all values.
    pub unit: ValueUnit,
    /// In any order.
    pub points: Vec<StripDot<'a>>,
    /// A vertical line with its name.
    pub limit: Option<(&'a str, f64)>,
}

/// A replica.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StripDot<'a> {
    /// Drawn beside it if it is an outlier.
    pub name: &'a str,
    /// One that is not finite is not drawn.
    pub value: f64,
    /// Whether it differs from the others.
    pub is_outlier: bool,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq)]
pub struct StripLayout {
    pub(crate) frame: Frame,
    pub(crate) axis: ValueAxis,
    /// The centre of each point's dot; `None` for one that is not drawn.
    places: Vec<Option<Point>>,
}

impl StripLayout {
    /// The layout in a room of this width and height.
    pub fn of(plot: &StripPlot<'_>, size: (f64, f64)) -> StripLayout {
        let frame = Frame::of_strip(size);
        let values = plot.points.iter().map(|point| point.value);
        let axis = ValueAxis::of(values, plot.limit.map(|limit| limit.1), &plot.unit, TICKS);
        let mut layout = StripLayout { frame, axis, places: vec![None; plot.points.len()] };
        layout.spread(plot);
        layout
    }

    /// Where a value is on the axis.
    pub(crate) fn x(&self, value: f64) -> f64 {
        self.frame.left + self.axis.share(value) * self.frame.width()
    }

    /// The centre of a point's dot.
    pub fn place(&self, index: usize) -> Option<(f64, f64)> {
        self.places.get(index).copied().flatten()
    }

    /// The point whose dot is nearest, if one is near.
    pub fn nearest(&self, x: f64, y: f64) -> Option<usize> {
        let distance = |(a, b): Point| (a - x) * (a - x) + (b - y) * (b - y);
        let placed = self.places.iter().enumerate().filter_map(|(i, place)| Some((i, distance((*place)?))));
        let near = placed.filter(|(_, distance)| *distance <= REACH * REACH);
        near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
    }

    /// The points that are drawn, by value.
    pub fn ascending(&self) -> Vec<usize> {
        let x = |i: &usize| self.places[*i].map_or(0.0, |place| place.0);
        let mut drawn: Vec<usize> = (0..self.places.len()).filter(|i| self.places[*i].is_some()).collect();
        drawn.sort_by(|a, b| x(a).total_cmp(&x(b)));
        drawn
    }

    /// From the smallest value on, each dot takes the row nearest to the middle in which it covers no other; where all rows are full, the one
    /// with most room.
    fn spread(&mut self, plot: &StripPlot<'_>) {
        let mut order: Vec<usize> =
            (0..plot.points.len()).filter(|i| is_drawn(plot.points[*i].value)).collect();
        order.sort_by(|a, b| plot.points[*a].value.total_cmp(&plot.points[*b].value));
        let middle = (self.frame.top + self.frame.bottom) / 2.0;
        let beside = ((self.frame.height() / 2.0 - OUTLIER_RADIUS) / DISTANCE).max(0.0) as usize;
        // Middle, above, below, above …; and where the last dot of each row is.
        let mut rows = vec![f64::NEG_INFINITY; 2 * beside + 1];
        for index in order {
            let x = self.x(plot.points[index].value);
            let free = rows.iter().position(|last| x - last >= DISTANCE);
            let roomiest = || (0..rows.len()).min_by(|a, b| rows[*a].total_cmp(&rows[*b])).unwrap_or(0);
            let row = free.unwrap_or_else(roomiest);
            rows[row] = x;
            let away = row.div_ceil(2) as f64 * DISTANCE;
            self.places[index] = Some((x, if row % 2 == 1 { middle - away } else { middle + away }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(values: &[f64]) -> StripLayout {
        let dot = |value: &f64| StripDot { name: "", value: *value, is_outlier: false };
        let plot =
            StripPlot { unit: ValueUnit::count(), points: values.iter().map(dot).collect(), limit: None };
        StripLayout::of(&plot, (900.0, 96.0))
    }

    #[test]
    fn dots_are_at_their_values_and_cover_no_other() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i % 8) * 10.0).collect();
        let layout = layout(&values);
        let places: Vec<Point> = (0..40).filter_map(|i| layout.place(i)).collect();
        assert_eq!(places.len(), 40);
        for (i, a) in places.iter().enumerate() {
            assert_eq!(a.0, layout.x(values[i]));
            assert!((layout.frame.top..=layout.frame.bottom).contains(&a.1));
            for b in &places[i + 1..] {
                assert!((a.0 - b.0).hypot(a.1 - b.1) >= DISTANCE - 1e-9, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn more_dots_than_room_stay_inside() {
        let layout = layout(&[5.0; 300]);
        assert!((0..300).filter_map(|i| layout.place(i)).all(|(_, y)| (22.0..=76.0).contains(&y)));
    }

    #[test]
    fn a_dot_is_found_near_its_centre() {
        let layout = layout(&[1.0, f64::NAN, 100.0]);
        let (x, y) = layout.place(2).unwrap();
        assert_eq!(layout.nearest(x + 5.0, y - 5.0), Some(2));
        assert_eq!(layout.nearest(x - 100.0, y), None);
        assert_eq!((layout.place(1), layout.place(9)), (None, None));
    }

    #[test]
    fn points_are_in_the_order_of_their_values() {
        assert_eq!(layout(&[3.0, f64::INFINITY, -1.0, 2.0]).ascending(), [2, 3, 0]);
        assert_eq!(layout(&[]).ascending(), [] as [usize; 0]);
    }
}
