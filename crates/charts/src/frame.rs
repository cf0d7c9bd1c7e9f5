//! The frame of a chart: where the plot is between the texts around it, in CSS pixels.

/// Room for the labels of values on the left: as much as the timeline has, so that charts below each other have one time axis.
const LEFT: f64 = 76.0;
/// Room on the right, and on both sides where there are no labels.
const RIGHT: f64 = 12.0;
const TOP: f64 = 8.0;
/// Room at the top for one line of names.
const TOP_WITH_NAMES: f64 = 22.0;
/// Room for the labels below the plot.
const BOTTOM: f64 = 20.0;

/// The plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Frame {
    /// The plot of a line chart. `has_names` is whether anything is named above it.
    pub(crate) fn of_lines((width, height): (f64, f64), has_names: bool) -> Frame {
        let top = if has_names { TOP_WITH_NAMES } else { TOP };
        Frame {
            left: LEFT,
            top,
            right: (width - RIGHT).max(LEFT + 1.0),
            bottom: (height - BOTTOM).max(top + 1.0),
        }
    }

    /// The plot of a strip plot, which has no labels on the left.
    pub(crate) fn of_strip((width, height): (f64, f64)) -> Frame {
        Frame {
            left: RIGHT,
            top: TOP_WITH_NAMES,
            right: (width - RIGHT).max(RIGHT + 1.0),
            bottom: (height - BOTTOM).max(TOP_WITH_NAMES + 1.0),
        }
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// The time axis of a line chart: instants at equal distances, the first on the left edge and the last on the right one; one alone is in the
/// middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeAxis {
    left: f64,
    right: f64,
    count: usize,
}

impl TimeAxis {
    /// The axis of a chart of this width in CSS pixels with so many instants.
    pub fn of(width: f64, count: usize) -> TimeAxis {
        let Frame { left, right, .. } = Frame::of_lines((width, 0.0), false);
        TimeAxis { left, right, count }
    }

    /// Where an instant is; fractions lie between two.
    pub fn x(&self, instant: f64) -> f64 {
        match self.count {
            0 | 1 => (self.left + self.right) / 2.0,
            count => self.left + instant / (count - 1) as f64 * (self.right - self.left),
        }
    }

    /// The instant that is nearest to `x`; `None` without instants.
    pub fn instant_at(&self, x: f64) -> Option<usize> {
        let last = self.count.checked_sub(1)?;
        let share = (x - self.left) / (self.right - self.left);
        // Converting to integers saturates, and maps NaN to 0.
        Some(((share * last as f64).round() as usize).min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_found_where_they_are() {
        for count in [1, 2, 3, 60, 5000] {
            let axis = TimeAxis::of(900.0, count);
            for instant in 0..count {
                assert_eq!(axis.instant_at(axis.x(instant as f64)), Some(instant), "{instant} of {count}");
            }
        }
        let axis = TimeAxis::of(900.0, 3);
        assert_eq!([0.0, 1.0, 2.0].map(|at| axis.x(at)), [76.0, 482.0, 888.0]);
        assert_eq!([-50.0, 1e9, f64::NAN].map(|x| axis.instant_at(x)), [Some(0), Some(2), Some(0)]);
    }

    #[test]
    fn no_instant_is_found_without_any() {
        assert_eq!(TimeAxis::of(900.0, 0).instant_at(100.0), None);
    }

    #[test]
    fn a_plot_has_a_size_in_any_room() {
        for size in [(0.0, 0.0), (20.0, 5.0), (900.0, 180.0)] {
            for frame in [Frame::of_lines(size, true), Frame::of_lines(size, false), Frame::of_strip(size)] {
                assert!(frame.width() >= 1.0 && frame.height() >= 1.0, "{frame:?}");
            }
        }
    }
}
