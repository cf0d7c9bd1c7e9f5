//! Hatching: lines across what is not complete yet.

use web_sys::CanvasRenderingContext2d;

/// Distance between lines, and their width, in CSS pixels.
const DISTANCE: f64 = 4.0;
const WIDTH: f64 = 1.5;

/// Lines in the current fill colour across a rectangle in device pixels: left, top, width, height. They are level: slanted ones
/// mean that there is no data.
pub(crate) fn lines(context: &CanvasRenderingContext2d, [x, y, w, h]: [f64; 4], dpr: f64) {
    let width = (WIDTH * dpr).round().max(1.0);
    let mut from = y;
    while from < y + h {
        context.fill_rect(x, from, w, width.min(y + h - from));
        from += (DISTANCE * dpr).round().max(2.0);
    }
}
