//! PNG encoding with a palette: images have few colours, so that this takes a third of the size of three bytes per pixel.

use super::palette::Rgb;
use super::{HEIGHT, PreviewError, WIDTH};
use std::collections::HashMap;

/// Most colours of a palette.
const MAX_COLOURS: usize = 256;

/// Encodes pixels, three bytes each, as PNG.
pub(super) fn encode(pixels: &[u8]) -> Result<Vec<u8>, PreviewError> {
    let (palette, indices) = index(pixels);
    let mut bytes = Vec::with_capacity(64 << 10);
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette.iter().flat_map(|&(r, g, b)| [r, g, b]).collect::<Vec<u8>>());
    encoder.set_compression(png::Compression::High);
    // Palette indices of neighbours are unrelated, so differences between them do not compress.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(bytes)
}

/// The palette and the index of each pixel. If there are too many colours, similar ones are merged.
fn index(pixels: &[u8]) -> (Vec<Rgb>, Vec<u8>) {
    for shift in 0..6 {
        if let Some(found) = index_by(pixels, |(r, g, b)| (r >> shift, g >> shift, b >> shift)) {
            return found;
        }
    }
    // Two bits per channel: at most 64 colours.
    index_by(pixels, |(r, g, b)| (r >> 6, g >> 6, b >> 6)).unwrap_or_default()
}

/// The same with colours of equal keys merged; `None` if they exceed the palette.
fn index_by(pixels: &[u8], key: impl Fn(Rgb) -> Rgb) -> Option<(Vec<Rgb>, Vec<u8>)> {
    let mut numbers = HashMap::<Rgb, u8>::new();
    let mut palette = Vec::new();
    let mut indices = Vec::with_capacity(pixels.len() / 3);
    let mut last = None;
    for pixel in pixels.chunks_exact(3) {
        let colour = (pixel[0], pixel[1], pixel[2]);
        let number = match last {
            Some((before, number)) if before == colour => number,
            _ => match numbers.get(&key(colour)) {
                Some(&number) => number,
                None => {
                    let number = u8::try_from(palette.len()).ok().filter(|_| palette.len() < MAX_COLOURS)?;
                    palette.push(colour);
                    numbers.insert(key(colour), number);
                    number
                }
            },
        };
        last = Some((colour, number));
        indices.push(number);
    }
    Some((palette, indices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_exactly() {
        let pixels: Vec<u8> = (0..=255).flat_map(|i| [i, 0, 255 - i]).collect();
        let (palette, indices) = index(&pixels);
        let again: Vec<u8> = indices
            .iter()
            .flat_map(|&i| {
                let (r, g, b) = palette[usize::from(i)];
                [r, g, b]
            })
            .collect();
        assert_eq!(again, pixels);
    }

    #[test]
    fn too_many_colours_become_fewer() {
        let pixels: Vec<u8> =
            (0..=255u8).flat_map(|i| (0..=255u8).flat_map(move |j| [i, j, i.wrapping_mul(j)])).collect();
        let (palette, indices) = index(&pixels);
        assert!(palette.len() <= MAX_COLOURS && indices.len() * 3 == pixels.len());
        for (pixel, &i) in pixels.chunks_exact(3).zip(&indices) {
            let (r, g, b) = palette[usize::from(i)];
            assert!([r, g, b].iter().zip(pixel).all(|(a, b)| a.abs_diff(*b) < 64));
        }
    }
}
