//! Pinch on the timeline: spreading two fingers zooms in, pinching zooms out. Pure. Positions are shares of the width.

use flarepath_profile::flame::within;

/// The shortest and the longest range of a pinch, relative to the range shown.
const LIMITS: (f64, f64) = (0.02, 20.0);
/// Smallest distance between fingers; nearer ones would turn a tremor into a leap.
const NEAREST: f64 = 0.02;

/// A finger: pointer id, start, current position.
type Finger = (i32, f64, f64);

/// The fingers on the timeline.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fingers(Vec<Finger>);

impl Fingers {
    /// A finger was pressed; returns whether two are down now.
    pub(crate) fn press(&mut self, id: i32, at: f64) -> bool {
        self.0.retain(|finger| finger.0 != id);
        self.0.push((id, at, at));
        self.is_pinch()
    }

    /// A finger moved; returns whether two are down.
    pub(crate) fn drag(&mut self, id: i32, at: f64) -> bool {
        if let Some(finger) = self.0.iter_mut().find(|finger| finger.0 == id) {
            finger.2 = at;
        }
        self.is_pinch()
    }

    /// A finger was released. At the end of a pinch returns the part of the range shown that is to fill the width, which
    /// reaches beyond 0 and 1 when zooming out. The other finger is ignored from then on.
    pub(crate) fn release(&mut self, id: i32) -> Option<(f64, f64)> {
        let pinch = match self.0[..] {
            [a, b] => part((a.1, b.1), (a.2, b.2)),
            _ => None,
        };
        match pinch {
            Some(_) => self.0.clear(),
            None => self.0.retain(|finger| finger.0 != id),
        }
        pinch
    }

    /// Whether two fingers are down.
    pub(crate) fn is_pinch(&self) -> bool {
        self.0.len() == 2
    }

    /// The browser took over the gesture.
    pub(crate) fn cancel(&mut self) {
        self.0.clear();
    }
}

/// The part that fills the width after two points moved from `start` to `end`; `None` when they hardly moved.
fn part(start: (f64, f64), end: (f64, f64)) -> Option<(f64, f64)> {
    let apart = |(a, b): (f64, f64)| (a - b).abs().max(NEAREST);
    let width = within(apart(start) / apart(end), LIMITS.0, LIMITS.1);
    let from = (start.0 + start.1) / 2.0 - (end.0 + end.1) / 2.0 * width;
    let still = (width - 1.0).abs() < 0.02 && from.abs() < 0.02;
    (!still).then_some((from, from + width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_stays_between_the_fingers() {
        let mut fingers = Fingers::default();
        assert!(!fingers.press(1, 0.4) && fingers.press(2, 0.6));
        assert!(fingers.drag(1, 0.1) && fingers.drag(2, 0.9));
        let (from, to) = fingers.release(1).unwrap();
        assert!((from - 0.375).abs() < 1e-9 && (to - 0.625).abs() < 1e-9, "{from} {to}");
        assert!(!fingers.is_pinch() && fingers.release(2).is_none());
        let (from, to) = part((0.1, 0.9), (0.4, 0.6)).unwrap();
        assert!((from + 1.5).abs() < 1e-9 && (to - 2.5).abs() < 1e-9, "{from} {to}");
    }

    #[test]
    fn ignores_tremors() {
        assert_eq!(part((0.3, 0.7), (0.301, 0.699)), None);
        assert_eq!(part((0.5, 0.5), (0.5, 0.5)), None);
        let mut one = Fingers::default();
        one.press(1, 0.5);
        one.drag(1, 0.9);
        assert_eq!(one.release(1), None);
    }
}
