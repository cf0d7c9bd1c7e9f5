//! Which rows of the table are in the document. Pure.
//!
//! Rows have one height, so that the position of each is known without drawing it; above and below those in
//! the document are spacers.

use std::ops::Range;

/// Height of a row in CSS pixels; `style/table.css` says the same.
pub(crate) const ROW: f64 = 28.0;
/// Rows kept above the first one in sight, so that fast scrolling shows no gap.
const ABOVE: usize = 10;
/// Rows in the document.
const COUNT: usize = 70;

/// The rows to draw when `count` rows are scrolled by `scroll` pixels. Moves in steps, so that most scrolling
/// changes nothing.
pub(crate) fn window(count: usize, scroll: f64) -> Range<usize> {
    let step = ABOVE / 2;
    let first = ((scroll.max(0.0) / ROW) as usize / step * step).saturating_sub(ABOVE);
    let start = first.min(count.saturating_sub(COUNT));
    start..(start + COUNT).min(count)
}

/// The scroll position that shows `row`, closest to `scroll`, in a viewport of `height` pixels below a head of
/// one row.
pub(crate) fn reveal(row: usize, scroll: f64, height: f64) -> f64 {
    let top = row as f64 * ROW;
    let lowest = top + 2.0 * ROW - height;
    scroll.clamp(lowest.min(top).max(0.0), top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_near_the_viewport_are_drawn() {
        assert_eq!(window(3, 0.0), 0..3);
        assert_eq!(window(1000, 0.0), 0..70);
        assert_eq!(window(1000, 100.0 * ROW), 90..160);
        assert_eq!(window(1000, 1e9), 930..1000);
        assert_eq!(window(0, 500.0), 0..0);
    }

    #[test]
    fn revealing_scrolls_as_little_as_it_takes() {
        assert_eq!(reveal(5, 0.0, 400.0), 0.0);
        assert_eq!(reveal(5, 10.0 * ROW, 400.0), 5.0 * ROW);
        assert_eq!(reveal(100, 0.0, 400.0), 102.0 * ROW - 400.0);
        assert_eq!(reveal(0, 50.0, 10.0), 0.0);
    }
}
