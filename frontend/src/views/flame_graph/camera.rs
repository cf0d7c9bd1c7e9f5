//! How a look moves over time. Where it may go is decided by [`flarepath_profile::flame::viewport`].

use flarepath_profile::flame::Viewport;

/// Milliseconds of a zoom by click.
const FLIGHT_MS: f64 = 180.0;

/// Whether both look at the same values, as far as a screen can tell.
pub(crate) fn is_same_window(a: &Viewport, b: &Viewport) -> bool {
    let slack = a.span().max(b.span()) * 1e-6;
    (a.x0 - b.x0).abs() <= slack && (a.x1 - b.x1).abs() <= slack
}

/// A way from one view to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flight {
    /// Where it began.
    pub(crate) from: Viewport,
    /// Where it ends.
    pub(crate) to: Viewport,
    /// When it began, in milliseconds.
    pub(crate) start: f64,
}

impl Flight {
    /// The view at `now`, and whether the flight is over.
    pub(crate) fn at(&self, now: f64) -> (Viewport, bool) {
        let t = ((now - self.start) / FLIGHT_MS).clamp(0.0, 1.0);
        // Fast at first: what was clicked answers at once.
        let eased = 1.0 - (1.0 - t).powi(3);
        (self.from.toward(&self.to, eased), t >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Viewport = Viewport { x0: 0.0, x1: 1000.0, top: 0.0 };

    #[test]
    fn a_flight_ends_where_it_should() {
        let to = Viewport { x0: 0.0, x1: 500.0, top: 2.0 };
        let flight = Flight { from: ALL, to, start: 10.0 };
        assert_eq!(flight.at(10.0), (ALL, false));
        assert_eq!(flight.at(9999.0), (to, true));
        let (middle, over) = flight.at(60.0);
        assert!(!over && middle.x1 < 1000.0 && middle.x1 > 500.0);
    }

    #[test]
    fn windows_are_compared_as_a_screen_would() {
        assert!(is_same_window(&ALL, &Viewport { x1: 1000.0005, top: 9.0, ..ALL }));
        assert!(!is_same_window(&ALL, &Viewport { x1: 990.0, ..ALL }));
        assert!(is_same_window(&Viewport::default(), &Viewport::default()));
    }
}
