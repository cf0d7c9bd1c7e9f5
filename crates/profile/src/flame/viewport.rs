//! Viewport: the visible part of a layout, its zoom and pan.
//!
//! x is in value units, y in rows. A viewport never shows anything beside the picture: whatever is asked of
//! it, it stays within its [`Bounds`].

use super::layout::{BoxId, Layout};
use super::visible::View;
use super::within::within;

/// What a viewport can show at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Width of the picture in value units.
    pub width: f64,
    /// Rows of the picture.
    pub rows: usize,
    /// Rows that fit on the screen, the last maybe in part.
    pub rows_shown: f64,
}

impl Bounds {
    /// The bounds of a layout on a screen of so many rows.
    pub fn of(layout: &Layout, rows_shown: f64) -> Bounds {
        Bounds { width: layout.width(), rows: layout.rows(), rows_shown }
    }

    /// The narrowest part worth showing. Values are whole numbers, so that one unit over the whole screen is
    /// as large as anything gets. An f64 has 53 bits: 2^-38 of the picture leaves 15 of them for positions on
    /// the screen, an eighth of a pixel at 4 096 pixels.
    fn min_span(&self) -> f64 {
        (self.width * (-38f64).exp2()).max(1.0).min(self.width)
    }

    fn max_top(&self) -> f64 {
        (self.rows as f64 - self.rows_shown).max(0.0)
    }
}

/// The part shown: `x0..x1` in value units, from row `top` (with a fraction) downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Viewport {
    /// Left edge.
    pub x0: f64,
    /// Right edge.
    pub x1: f64,
    /// Row at the top edge.
    pub top: f64,
}

impl Viewport {
    /// The whole width, from the first row.
    pub fn fit(bounds: &Bounds) -> Viewport {
        Viewport { x0: 0.0, x1: bounds.width, top: 0.0 }
    }

    /// Width in value units.
    pub fn span(&self) -> f64 {
        self.x1 - self.x0
    }

    /// Moves and shrinks into the bounds; the span is kept where it can be. What is not a number becomes the
    /// whole picture.
    pub fn clamped(&self, bounds: &Bounds) -> Viewport {
        let fit = Viewport::fit(bounds);
        if !(self.x0.is_finite() && self.x1.is_finite() && self.top.is_finite()) {
            return fit;
        }
        let span = within(self.span(), bounds.min_span(), bounds.width);
        // A span that had to grow or shrink does so around its middle.
        let x0 = if span == self.span() { self.x0 } else { (self.x0 + self.x1 - span) / 2.0 };
        let x0 = within(x0, 0.0, bounds.width - span);
        Viewport { x0, x1: x0 + span, top: within(self.top, 0.0, bounds.max_top()) }
    }

    /// Zooms in by `factor` (out, below 1) around `x`, which stays where it is on the screen.
    pub fn zoom(&self, factor: f64, x: f64, bounds: &Bounds) -> Viewport {
        if !(factor.is_finite() && factor > 0.0) {
            return *self;
        }
        // The factor is limited first: limiting the span afterwards would let `x` slip.
        let span = within(self.span() / factor, bounds.min_span(), bounds.width);
        let x0 = x - (x - self.x0) * (span / self.span());
        Viewport { x0, x1: x0 + span, top: self.top }.clamped(bounds)
    }

    /// Moves by a part of the width (1 is a whole screen to the right) and by rows.
    pub fn pan(&self, screens: f64, rows: f64, bounds: &Bounds) -> Viewport {
        let x = screens * self.span();
        Viewport { x0: self.x0 + x, x1: self.x1 + x, top: self.top + rows }.clamped(bounds)
    }

    /// Zooms to a box: it fills the width, and its row is on the screen, with its caller above where it fits.
    pub fn on_box(&self, layout: &Layout, id: BoxId, bounds: &Bounds) -> Viewport {
        let narrowed = Viewport { x0: layout.x0(id), x1: layout.x1(id), top: self.top };
        narrowed.reveal_row(layout.row_of(id), bounds).clamped(bounds)
    }

    /// Scrolls as little as it takes to show a box: sideways only when nothing of it is visible, with the
    /// box in the middle then.
    pub fn reveal(&self, layout: &Layout, id: BoxId, bounds: &Bounds) -> Viewport {
        let (left, right) = (layout.x0(id), layout.x1(id));
        let mut moved = *self;
        if right <= self.x0 || left >= self.x1 {
            let x0 = (left + right - self.span()) / 2.0;
            (moved.x0, moved.x1) = (x0, x0 + self.span());
        }
        moved.reveal_row(layout.row_of(id), bounds).clamped(bounds)
    }

    fn reveal_row(mut self, row: usize, bounds: &Bounds) -> Viewport {
        let row = row as f64;
        if row < self.top + 1.0 {
            self.top = row - 1.0;
        } else if row + 1.0 > self.top + bounds.rows_shown {
            self.top = row + 1.0 - bounds.rows_shown;
        }
        self
    }

    /// A step of an animation: `t` from 0 (here) to 1 (`end`). The span changes by a constant factor per time,
    /// which is how zooming looks even, and the edges move in proportion to it.
    pub fn toward(&self, end: &Viewport, t: f64) -> Viewport {
        let t = within(t, 0.0, 1.0);
        let (from, to) = (self.span(), end.span());
        let ratio = to / from;
        // Between equal spans the formula below is 0/0; there edges move evenly.
        let part = if t == 1.0 || !(ratio > 0.0 && ratio.is_finite()) {
            1.0
        } else if (ratio - 1.0).abs() < 1e-6 {
            t
        } else {
            // ratio to the power of t; `powf` would be another 2 KB of the page.
            ((ratio.ln() * t).exp() - 1.0) / (ratio - 1.0)
        };
        let mix = |a: f64, b: f64, part: f64| if part == 1.0 { b } else { a + (b - a) * part };
        let (x0, x1) = (mix(self.x0, end.x0, part), mix(self.x1, end.x1, part));
        Viewport { x0, x1, top: mix(self.top, end.top, t) }
    }

    /// The value under a pixel of a screen `width_px` wide.
    pub fn value_at(&self, px: f64, width_px: f64) -> f64 {
        self.x0 + px / width_px * self.span()
    }

    /// The pixel that shows a value.
    pub fn pixel_of(&self, x: f64, width_px: f64) -> f64 {
        (x - self.x0) / self.span() * width_px
    }

    /// What [`super::visible()`] needs to know. Rows that are visible only in part are included.
    pub fn view(&self, bounds: &Bounds, width_px: f64, min_px: f64) -> View {
        let row_start = self.top.max(0.0).floor() as usize;
        let row_end = ((self.top + bounds.rows_shown).max(0.0).ceil() as usize).min(bounds.rows);
        View { x0: self.x0, x1: self.x1, row_start, row_end, width_px, min_px }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::tree;
    use crate::flame::layout::Order;
    use proptest::prelude::*;

    const BOUNDS: Bounds = Bounds { width: 1e12, rows: 100, rows_shown: 30.5 };

    fn inside(v: &Viewport) -> bool {
        let slack = 1e-3;
        v.x0 >= 0.0 && v.x1 <= BOUNDS.width + slack && v.span() > 0.0 && (0.0..=69.5).contains(&v.top)
    }

    proptest! {
        #[test]
        fn zoom_keeps_the_point_under_the_pointer(factor in 0.1..50.0f64, at in 0.0..1.0f64, from in 1e3..1e9f64) {
            let start = Viewport { x0: from, x1: from + 1e9, top: 3.0 };
            let x = start.value_at(at * 800.0, 800.0);
            let zoomed = start.zoom(factor, x, &BOUNDS);
            prop_assert!(inside(&zoomed));
            if zoomed.x0 > 0.0 {
                prop_assert!((zoomed.pixel_of(x, 800.0) - at * 800.0).abs() < 0.01);
            }
        }

        #[test]
        fn every_move_stays_within_bounds(
            moves in prop::collection::vec((0.01..100.0, -3.0..3.0, -200.0..200.0, 0.0..1e12), 1..20),
        ) {
            let mut at = Viewport::fit(&BOUNDS);
            for (factor, screens, rows, x) in moves {
                at = at.zoom(factor, x, &BOUNDS).pan(screens, rows, &BOUNDS);
                prop_assert!(inside(&at), "{at:?}");
            }
        }

        #[test]
        fn animation_starts_and_ends_at_the_given_viewports(t in 0.0..=1.0) {
            let (a, b) = (Viewport::fit(&BOUNDS), Viewport { x0: 1e6, x1: 2e6, top: 4.0 });
            prop_assert_eq!(a.toward(&b, 0.0), a);
            prop_assert_eq!(a.toward(&b, 1.0), b);
            let between = a.toward(&b, t);
            let expected = a.span() * (b.span() / a.span()).powf(t);
            prop_assert!((between.span() / expected - 1.0).abs() < 1e-6);
            let beside = Viewport { x0: 3e6, x1: 4e6, top: 4.0 };
            prop_assert!((b.toward(&beside, t).x0 - (1e6 + 2e6 * t)).abs() < 1.0);
        }
    }

    #[test]
    fn nan_resets_to_the_whole_width() {
        let fit = Viewport::fit(&BOUNDS);
        assert_eq!(Viewport { x0: f64::NAN, ..fit }.clamped(&BOUNDS), fit);
        assert_eq!(fit.zoom(f64::NAN, 1.0, &BOUNDS), fit);
        let empty = Bounds { width: 0.0, rows: 1, rows_shown: 10.0 };
        assert_eq!(Viewport::fit(&empty).zoom(2.0, 0.0, &empty), Viewport::fit(&empty));
    }

    #[test]
    fn zooms_to_a_box_and_reveals_it() {
        let tree = tree("a;b;c;d 60\n e 40");
        let layout = Layout::new(&tree, Order::ByTotal);
        let bounds = Bounds::of(&layout, 2.0);
        let fit = Viewport::fit(&bounds);
        let deepest = BoxId(layout.len() as u32 - 1);
        assert_eq!(fit.on_box(&layout, deepest, &bounds), Viewport { x0: 0.0, x1: 60.0, top: 3.0 });
        let right = Viewport { x0: 80.0, x1: 90.0, top: 0.0 };
        assert_eq!(right.reveal(&layout, BoxId(3), &bounds), Viewport { x0: 25.0, x1: 35.0, top: 1.0 });
        assert_eq!(right.reveal(&layout, BoxId(2), &bounds), right);
    }
}
