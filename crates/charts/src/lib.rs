//! Charts: geometry and drawing, one code for the page, for pictures that the server draws, and for paper.
//!
//! [`draw_line_chart`] and [`draw_strip_plot`] draw on any [`plotters::backend::DrawingBackend`]: the page implements one on its canvas,
//! the server has one for bitmaps. Both must draw text themselves (`draw_text`): plotters has no font here. Colours are a [`Theme`] of the
//! caller, times are texts of the caller, who knows the zone.
//!
//! All lengths are CSS pixels. A backend has `scale` pixels for each, so the same chart is drawn for every density of pixels. What is under a
//! pointer is answered by the same geometry: [`TimeAxis::instant_at`], [`StripLayout::nearest`].
//!
//! Pure: no I/O, no clock, no DOM.

mod frame;
mod line_chart;
mod pen;
mod strip_layout;
mod strip_plot;
mod text_room;
mod theme;
mod value_axis;
mod value_unit;

#[cfg(test)]
mod recorder;

pub use frame::TimeAxis;
pub use line_chart::{Cursor, Line, LineChart, MOST_LINES, draw_line_chart};
pub use pen::DrawError;
pub use strip_layout::{StripDot, StripLayout, StripPlot};
pub use strip_plot::draw_strip_plot;
pub use theme::{Rgb, Theme};
pub use value_unit::{ValueScale, ValueUnit};
