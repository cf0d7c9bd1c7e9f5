//! Pixels: rectangles and text on a white ground, written as PNG.
//!
//! plotters fills rectangles and blends pixels. Its own text is not used: it drops the space on the left of each glyph and
//! places glyphs on whole pixels, which at these sizes looks broken; glyphs are outlined by ab_glyph here.

use super::palette::{BACKGROUND, Rgb};
use super::text::Font;
use super::{HEIGHT, PreviewError, WIDTH};
use plotters::backend::{BitMapBackend, DrawingBackend};
use plotters::style::{Color, RGBColor};

/// A part of the picture, in pixels from its top left corner.
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

/// Where things are drawn.
pub(super) struct Canvas<'a> {
    backend: BitMapBackend<'a>,
}

impl Canvas<'_> {
    /// Fills a rectangle. Edges go to the nearest pixel, so that neighbours meet; what is in sight gets one at least.
    pub(super) fn rect(&mut self, area: Area, colour: Rgb) -> Result<(), PreviewError> {
        let edge = |at: f32, limit: u32| at.round().clamp(0.0, limit as f32) as i32;
        let (left, top) = (edge(area.x, WIDTH), edge(area.y, HEIGHT));
        let (right, bottom) = (edge(area.x + area.w, WIDTH), edge(area.y + area.h, HEIGHT));
        let in_sight = area.w > 0.0 && area.h > 0.0 && left < WIDTH as i32 && top < HEIGHT as i32;
        if !in_sight || area.x + area.w < 0.0 || area.y + area.h < 0.0 {
            return Ok(());
        }
        // Both corners belong to the rectangle.
        let last = ((right - 1).max(left), (bottom - 1).max(top));
        let style = RGBColor(colour.0, colour.1, colour.2);
        self.backend.draw_rect((left, top), last, &style, true).map_err(draw_error)
    }

    /// Writes one line from `x` on; `y` is its baseline. Returns where it ends.
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
                let colour = ink.mix(f64::from(coverage.min(1.0))).to_backend_color();
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

/// Draws on a white ground and writes the pixels as PNG.
pub(super) fn png(
    draw: impl FnOnce(&mut Canvas<'_>) -> Result<(), PreviewError>,
) -> Result<Vec<u8>, PreviewError> {
    let mut pixels = BACKGROUND_ROW.repeat(HEIGHT as usize);
    let mut canvas = Canvas { backend: BitMapBackend::with_buffer(&mut pixels, (WIDTH, HEIGHT)) };
    draw(&mut canvas)?;
    canvas.backend.present().map_err(draw_error)?;
    drop(canvas);
    encode(&pixels)
}

const BACKGROUND_ROW: [u8; 3 * WIDTH as usize] = [BACKGROUND.0; 3 * WIDTH as usize];

fn encode(pixels: &[u8]) -> Result<Vec<u8>, PreviewError> {
    let mut bytes = Vec::with_capacity(64 << 10);
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(bytes)
}
