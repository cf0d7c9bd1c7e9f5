//! Canvas of a preview image: rectangles and text on white, encoded as PNG.
//!
//! plotters fills rectangles and blends pixels. Its own text is not used: it drops the space on the left of each glyph and
//! places glyphs on whole pixels, which at these sizes looks broken; glyphs are outlined by ab_glyph here.

use super::palette::{BACKGROUND, Rgb};
use super::text::Font;
use super::{HEIGHT, PreviewError, WIDTH, indexed};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color, RGBColor};

/// Shades at the edges of glyphs. More would not be visible, and would not fit into the palette.
const SHADES: f32 = 12.0;

/// A part of the image, in pixels from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    /// Left edge.
    pub(super) x: f32,
    /// Top edge.
    pub(super) y: f32,
    /// Width.
    pub(super) w: f32,
    /// Height.
    pub(super) h: f32,
}

/// An image being drawn.
pub(super) struct Canvas<'a> {
    backend: BitMapBackend<'a>,
}

impl Canvas<'_> {
    /// Fills a rectangle. Edges snap to the nearest pixel, so that neighbours touch; visible rectangles have at least one pixel.
    pub(super) fn rect(&mut self, area: Area, colour: Rgb) -> Result<(), PreviewError> {
        let edge = |at: f32, limit: u32| at.round().clamp(0.0, limit as f32) as i32;
        let (left, top) = (edge(area.x, WIDTH), edge(area.y, HEIGHT));
        let (right, bottom) = (edge(area.x + area.w, WIDTH), edge(area.y + area.h, HEIGHT));
        let has_size = area.w > 0.0 && area.h > 0.0;
        // False for NaN, too.
        let reaches_in = area.x + area.w >= 0.0 && area.y + area.h >= 0.0;
        if !(has_size && reaches_in && left < WIDTH as i32 && top < HEIGHT as i32) {
            return Ok(());
        }
        // The lower right corner is exclusive.
        let last = (right.max(left + 1), bottom.max(top + 1));
        let style = RGBColor(colour.0, colour.1, colour.2);
        self.backend.draw_rect((left, top), last, &style, true).map_err(draw_error)
    }

    /// Draws one line of text from `x` on; `y` is its baseline. Returns the `x` at which it ends.
    pub(super) fn text(
        &mut self,
        font: &Font,
        (x, y): (f32, f32),
        text: &str,
        colour: Rgb,
    ) -> Result<f32, PreviewError> {
        let ink = RGBColor(colour.0, colour.1, colour.2);
        let mut failed = Ok(());
        let end = font.outline(text, (x, y), |px, py, coverage| {
            let inside = (0..WIDTH as i32).contains(&px) && (0..HEIGHT as i32).contains(&py);
            if inside && coverage > 0.0 && failed.is_ok() {
                let part = (coverage.min(1.0) * SHADES).round() / SHADES;
                let colour = ink.mix(f64::from(part)).to_backend_color();
                failed = self.backend.draw_pixel((px, py), colour);
            }
        });
        failed.map_err(draw_error)?;
        Ok(end)
    }
}

fn draw_error(error: impl std::fmt::Display) -> PreviewError {
    PreviewError::Draw(error.to_string())
}

/// Draws on a white background and encodes the pixels as PNG.
pub(super) fn png(
    draw: impl FnOnce(&mut Canvas<'_>) -> Result<(), PreviewError>,
) -> Result<Vec<u8>, PreviewError> {
    let mut pixels = BACKGROUND_ROW.repeat(HEIGHT as usize);
    let mut canvas = Canvas { backend: BitMapBackend::with_buffer(&mut pixels, (WIDTH, HEIGHT)) };
    draw(&mut canvas)?;
    canvas.backend.present().map_err(draw_error)?;
    drop(canvas);
    indexed::encode(&pixels)
}

const BACKGROUND_ROW: [u8; 3 * WIDTH as usize] = [BACKGROUND.0; 3 * WIDTH as usize];

#[cfg(test)]
mod tests {
    use super::*;

    /// Number of pixels of a colour, and the first of them.
    fn drawn(area: Area, colour: Rgb) -> (usize, Option<(usize, usize)>) {
        let bytes = png(|canvas| canvas.rect(area, colour)).unwrap();
        let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(::png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let is_drawn = |p: &[u8]| p == [colour.0, colour.1, colour.2];
        let first = pixels.chunks_exact(3).position(is_drawn);
        let count = pixels.chunks_exact(3).filter(|p| is_drawn(p)).count();
        (count, first.map(|at| (at % WIDTH as usize, at / WIDTH as usize)))
    }

    #[test]
    fn rectangles_cover_their_pixels() {
        for colour in [(1, 2, 3), (9, 9, 9)] {
            let of = |x, y, w, h| drawn(Area { x, y, w, h }, colour);
            assert_eq!(of(10.0, 20.0, 30.0, 4.0), (120, Some((10, 20))));
            assert_eq!(of(10.0, 20.0, 1.0, 1.0), (1, Some((10, 20))));
            assert_eq!(of(10.2, 20.0, 0.1, 0.1), (1, Some((10, 20))));
            assert_eq!(of(-5.0, -5.0, 7.0, 8.0), (6, Some((0, 0))));
            assert_eq!(of(WIDTH as f32 - 1.0, 0.0, 50.0, HEIGHT as f32 * 2.0), (630, Some((1199, 0))));
            for (x, y) in [(-9.0, 0.0), (WIDTH as f32, 0.0), (0.0, 5_000.0), (f32::NAN, 0.0), (0.0, -3.0)] {
                assert_eq!(of(x, y, 2.0, 2.0), (0, None), "{x} {y}");
            }
        }
    }
}
