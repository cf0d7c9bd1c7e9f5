//! Animation of the camera. [`flarepath_profile::flame::Viewport`] decides where it may go.

use flarepath_profile::flame::{Viewport, within};

/// Duration of a flight in milliseconds.
const FLIGHT_MS: f64 = 180.0;

/// Whether both show the same part, to less than a pixel.
pub(crate) fn is_same_window(a: &Viewport, b: &Viewport) -> bool {
    let slack = a.span().max(b.span()) * 1e-6;
    (a.x0 - b.x0).abs() <= slack && (a.x1 - b.x1).abs() <= slack
}

/// A move of the camera from one view to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Flight {
    pub(crate) from: Viewport,
    pub(crate) to: Viewport,
    /// Start in milliseconds.
    pub(crate) start: f64,
}

impl Flight {
    /// The view at `now`, and whether the flight has ended.
    pub(crate) fn at(&self, now: f64) -> (Viewport, bool) {
        let t = within((now - self.start) / FLIGHT_MS, 0.0, 1.0);
        // Fast at first, so that a click is answered at once.
        let eased = 1.0 - (1.0 - t).powi(3);
        (self.from.toward(&self.to, eased), t >= 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Viewport = Viewport { x0: 0.0, x1: 1000.0, top: 0.0 };

    #[test]
    fn flight_ends_at_its_target() {
        let to = Viewport { x0: 0.0, x1: 500.0, top: 2.0 };
        let flight = Flight { from: ALL, to, start: 10.0 };
        assert_eq!(flight.at(10.0), (ALL, false));
        assert_eq!(flight.at(9999.0), (to, true));
        let (middle, over) = flight.at(60.0);
        assert!(!over && middle.x1 < 1000.0 && middle.x1 > 500.0);
    }

    #[test]
    fn ignores_differences_below_a_pixel() {
        assert!(is_same_window(&ALL, &Viewport { x1: 1000.0005, top: 9.0, ..ALL }));
        assert!(!is_same_window(&ALL, &Viewport { x1: 990.0, ..ALL }));
        assert!(is_same_window(&Viewport::default(), &Viewport::default()));
    }
}
