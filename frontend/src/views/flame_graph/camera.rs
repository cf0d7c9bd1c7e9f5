//! Where one looks: which values fill the width and how far one has scrolled. Pure arithmetic.
//!
//! x is in value units of the layout, `scroll` in CSS pixels from the root's row.

use super::scene::ROW;

/// Milliseconds of a zoom by click.
const FLIGHT_MS: f64 = 180.0;

/// A place to look from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Camera {
    /// Value at the left edge.
    pub x0: f64,
    /// Value at the right edge.
    pub x1: f64,
    /// Pixels scrolled away from the root.
    pub scroll: f64,
}

/// What the camera looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Width of the layout in value units.
    pub total: f64,
    /// Rows of the layout.
    pub rows: usize,
    /// Width of the surface in pixels.
    pub width: f64,
    /// Height of the surface in pixels.
    pub height: f64,
}

impl Bounds {
    /// How far one can scroll.
    pub fn max_scroll(&self) -> f64 {
        (self.rows as f64 * ROW - self.height).max(0.0)
    }

    /// Narrowest window: one unit of value, or what f64 can still tell apart.
    fn min_span(&self) -> f64 {
        (self.total * 1e-11).max(1.0).min(self.total)
    }
}

impl Camera {
    /// The same view held inside of the picture; what is too narrow is widened around its middle.
    #[must_use]
    pub fn clamped(self, bounds: &Bounds) -> Camera {
        let span = (self.x1 - self.x0).clamp(bounds.min_span(), bounds.total);
        let middle = (self.x0 + self.x1) / 2.0;
        let x0 = (middle - span / 2.0).clamp(0.0, bounds.total - span);
        Camera { x0, x1: x0 + span, scroll: self.scroll.clamp(0.0, bounds.max_scroll()) }
    }

    /// Moved by pixels: the picture follows the pointer.
    #[must_use]
    pub fn panned(self, dx: f64, dy: f64, bounds: &Bounds) -> Camera {
        let shift = dx * (self.x1 - self.x0) / bounds.width;
        let moved = Camera { x0: self.x0 - shift, x1: self.x1 - shift, scroll: self.scroll - dy };
        // Inside of the picture before widths are compared, so that a pan at the edge does not zoom.
        moved.clamped(bounds)
    }

    /// Closer by `factor`; what is at pixel `x` stays there.
    #[must_use]
    pub fn zoomed(self, x: f64, factor: f64, bounds: &Bounds) -> Camera {
        let span = self.x1 - self.x0;
        let share = x / bounds.width;
        let to = (span / factor).clamp(bounds.min_span(), bounds.total);
        let x0 = self.x0 + share * (span - to);
        Camera { x0, x1: x0 + to, ..self }.clamped(bounds)
    }

    /// Scrolled so that `row` can be seen with a few of its callers.
    #[must_use]
    pub fn showing_row(self, row: usize, bounds: &Bounds) -> Camera {
        let top = row as f64 * ROW;
        let seen = self.scroll..self.scroll + bounds.height - 2.0 * ROW;
        if seen.contains(&top) {
            return self;
        }
        Camera { scroll: (top - 3.0 * ROW).clamp(0.0, bounds.max_scroll()), ..self }
    }

    /// Whether both look at the same values, as far as a screen can tell.
    pub fn same_window(&self, other: &Camera) -> bool {
        let span = (self.x1 - self.x0).max(other.x1 - other.x0);
        (self.x0 - other.x0).abs() <= span * 1e-6 && (self.x1 - other.x1).abs() <= span * 1e-6
    }
}

/// A way from one view to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// Where it began.
    pub from: Camera,
    /// Where it ends.
    pub to: Camera,
    /// When it began, in milliseconds.
    pub start: f64,
}

impl Flight {
    /// The view at `now`, and whether the flight is over.
    pub fn at(&self, now: f64) -> (Camera, bool) {
        let t = ((now - self.start) / FLIGHT_MS).clamp(0.0, 1.0);
        if t >= 1.0 {
            return (self.to, true);
        }
        let ease = 1.0 - (1.0 - t).powi(3);
        let mix = |a: f64, b: f64| a + (b - a) * ease;
        let (from, to) = (&self.from, &self.to);
        let camera =
            Camera { x0: mix(from.x0, to.x0), x1: mix(from.x1, to.x1), scroll: mix(from.scroll, to.scroll) };
        (camera, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { total: 1000.0, rows: 100, width: 500.0, height: 400.0 };
    const ALL: Camera = Camera { x0: 0.0, x1: 1000.0, scroll: 0.0 };

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let near = ALL.zoomed(125.0, 4.0, &BOUNDS);
        assert_eq!((near.x0, near.x1), (187.5, 437.5));
        assert_eq!(near.x0 + 125.0 / 500.0 * 250.0, 250.0);
        assert_eq!(near.zoomed(300.0, 0.001, &BOUNDS), ALL);
    }

    #[test]
    fn panning_stops_at_the_edges() {
        let near = ALL.zoomed(0.0, 2.0, &BOUNDS);
        assert_eq!(near.panned(-100.0, 0.0, &BOUNDS).x0, 100.0);
        assert_eq!(near.panned(100.0, 50.0, &BOUNDS), near);
        assert_eq!(near.panned(-9999.0, -9999.0, &BOUNDS), Camera { x0: 500.0, x1: 1000.0, scroll: 1600.0 });
    }

    #[test]
    fn an_empty_picture_is_no_trouble() {
        let nothing = Bounds { total: 0.0, rows: 1, width: 0.0, height: 0.0 };
        let camera = Camera::default().clamped(&nothing);
        assert_eq!(camera, Camera::default());
    }

    #[test]
    fn a_flight_ends_where_it_should() {
        let to = ALL.zoomed(0.0, 2.0, &BOUNDS);
        let flight = Flight { from: ALL, to, start: 10.0 };
        assert_eq!(flight.at(10.0), (ALL, false));
        assert_eq!(flight.at(9999.0), (to, true));
        let (middle, over) = flight.at(60.0);
        assert!(!over && middle.x1 < 1000.0 && middle.x1 > 500.0);
    }
}
