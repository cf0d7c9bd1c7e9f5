//! Layout of a preview image: title, verdict, subtitle, data, footer.

use super::canvas::{Area, Canvas};
use super::palette::{BORDER, CHANGES, LOGO, MUTED, Rgb, TEXT};
use super::text::{ELLIPSIS, Font, Weight};
use super::{Graphic, HEIGHT, Picture, PreviewError, WIDTH, flame, grid};
use flarepath_profile::diff::color::{FIRST_GREW, FIRST_SHRANK};

/// Left and right margin.
const MARGIN: f32 = 40.0;
/// Width between the margins.
const INNER: f32 = WIDTH as f32 - 2.0 * MARGIN;
/// Upper edge of the footer.
const FOOTER: f32 = HEIGHT as f32 - 48.0;
const PRODUCT: &str = "Flarepath";
/// Most lines of the verdict: enough for its numbers and the function that it names.
const MAX_VERDICT_LINES: usize = 3;
/// Size of the verdict's number.
const NUMBER: f32 = 60.0;

/// Draws an image.
pub(super) fn draw(canvas: &mut Canvas<'_>, picture: &Picture<'_>) -> Result<(), PreviewError> {
    let top = header(canvas, picture)?;
    let area = Area { x: MARGIN, y: top, w: INNER, h: FOOTER - 14.0 - top };
    let note = match picture.graphic {
        Graphic::Tree { tree, unit } => flame::draw_tree(canvas, area, tree, unit)?,
        Graphic::Diff { both, scale, unit, profiles } => {
            flame::draw_diff(canvas, area, both, scale, unit, profiles)?
        }
        Graphic::Heatmap { map, origin, partial, ends } => {
            grid::draw(canvas, area, map, origin, partial, ends)?
        }
    };
    footer(canvas, picture, &note)
}

/// Draws the lines at the top; returns where the data area begins.
fn header(canvas: &mut Canvas<'_>, picture: &Picture<'_>) -> Result<f32, PreviewError> {
    let y = lines(canvas, (MARGIN, 24.0), picture.title, (Weight::Bold, [44.0, 38.0, 32.0], TEXT, 1))?;
    let (x, most) = match picture.number {
        "" => (MARGIN, MAX_VERDICT_LINES),
        number => {
            let font = Font::new(Weight::Bold, NUMBER)?;
            let number = font.fit(number, INNER * 0.4);
            let end = canvas.text(&font, (MARGIN, y + NUMBER), &number, TEXT)?;
            // The lines beside it are shorter: the same words take one more.
            (end + 28.0, MAX_VERDICT_LINES + 1)
        }
    };
    let least = if picture.number.is_empty() { y } else { y + NUMBER * 1.38 };
    let y =
        lines(canvas, (x, y), picture.verdict, (Weight::Regular, [28.0, 25.0, 22.0], TEXT, most))?.max(least);
    Ok(lines(canvas, (MARGIN, y), picture.subtitle, (Weight::Regular, [25.0, 22.0, 20.0], MUTED, 1))? + 8.0)
}

/// Draws a text from `x` to the right margin, in at most so many lines; returns where the next one begins.
fn lines(
    canvas: &mut Canvas<'_>,
    (x, mut y): (f32, f32),
    text: &str,
    (weight, sizes, colour, most): (Weight, [f32; 3], Rgb, usize),
) -> Result<f32, PreviewError> {
    let (font, lines) = fitting(text, (weight, sizes), MARGIN + INNER - x, most)?;
    for line in lines {
        y += font.em();
        canvas.text(&font, (x, y), &line, colour)?;
        y += font.em() * 0.38;
    }
    Ok(y)
}

/// The first of some fonts, largest first, in which all of a text fits, and its lines: numbers are often at the end. The last font
/// where it fits in none.
fn fitting(
    text: &str,
    (weight, sizes): (Weight, [f32; 3]),
    width: f32,
    most: usize,
) -> Result<(Font, Vec<String>), PreviewError> {
    let [largest, middle, smallest] = sizes;
    for em in [largest, middle] {
        let font = Font::new(weight, em)?;
        let lines = font.wrap(text, width, most);
        if !lines.last().is_some_and(|line| line.ends_with(ELLIPSIS)) {
            return Ok((font, lines));
        }
    }
    let font = Font::new(weight, smallest)?;
    let lines = font.wrap(text, width, most);
    Ok((font, lines))
}

/// Draws the product's name and the note.
fn footer(canvas: &mut Canvas<'_>, picture: &Picture<'_>, note: &str) -> Result<(), PreviewError> {
    canvas.rect(Area { x: MARGIN, y: FOOTER, w: INNER, h: 1.0 }, BORDER)?;
    let baseline = HEIGHT as f32 - 16.0;
    let bold = Font::new(Weight::Bold, 22.0)?;
    let name_x = WIDTH as f32 - MARGIN - bold.width(PRODUCT);
    canvas.text(&bold, (name_x, baseline), PRODUCT, TEXT)?;
    logo(canvas, Area { x: name_x - 34.0, y: baseline - 20.0, w: 24.0, h: 24.0 })?;
    let font = Font::new(Weight::Regular, 20.0)?;
    let mut x = MARGIN;
    if let Graphic::Diff { .. } = picture.graphic {
        x = legend(canvas, &font, (x, baseline))?;
    }
    let note = font.fit(note, name_x - 60.0 - x);
    canvas.text(&font, (x, baseline), &note, MUTED)?;
    Ok(())
}

/// Draws the legend of a diff; returns where the line continues.
fn legend(canvas: &mut Canvas<'_>, font: &Font, (mut x, y): (f32, f32)) -> Result<f32, PreviewError> {
    for (first, word) in [(FIRST_SHRANK, "less"), (FIRST_GREW, "more")] {
        for step in [1, 3, 5] {
            let colour = CHANGES[usize::from(first + step)];
            canvas.rect(Area { x, y: y - 16.0, w: 16.0, h: 18.0 }, colour)?;
            x += 16.0;
        }
        x = canvas.text(font, (x + 8.0, y), word, MUTED)? + 24.0;
    }
    Ok(x)
}

/// Draws the logo.
fn logo(canvas: &mut Canvas<'_>, at: Area) -> Result<(), PreviewError> {
    let unit = at.w / 24.0;
    let bars = [(2.0, 17.0, 20.0, 5.0), (5.0, 10.5, 11.0, 5.0), (9.0, 3.5, 4.5, 5.5)];
    for ((x, y, w, h), colour) in bars.into_iter().zip(LOGO) {
        canvas.rect(Area { x: at.x + x * unit, y: at.y + y * unit, w: w * unit, h: h * unit }, colour)?;
    }
    Ok(())
}

/// Draws the generic image.
pub(super) fn draw_generic(canvas: &mut Canvas<'_>) -> Result<(), PreviewError> {
    let (bold, plain) = (Font::new(Weight::Bold, 84.0)?, Font::new(Weight::Regular, 40.0)?);
    let text = "Sign in to view";
    let middle = WIDTH as f32 / 2.0;
    let left = middle - (bold.width(PRODUCT) + 120.0) / 2.0;
    logo(canvas, Area { x: left, y: 216.0, w: 96.0, h: 96.0 })?;
    canvas.text(&bold, (left + 120.0, 300.0), PRODUCT, TEXT)?;
    canvas.text(&plain, (middle - plain.width(text) / 2.0, 392.0), text, MUTED)?;
    // A strip of boxes that suggests a flame graph.
    let widths = [0.31, 0.22, 0.16, 0.12, 0.08, 0.06, 0.05];
    let mut x = 0.0;
    for (share, colour) in widths.into_iter().zip(super::palette::FILLS) {
        let w = share * WIDTH as f32;
        canvas.rect(Area { x, y: HEIGHT as f32 - 36.0, w: w - 2.0, h: 36.0 }, colour)?;
        x += w;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_at_the_end_of_a_verdict_is_not_cut() {
        let name = "ThingsThatAreLongAndHaveNoSpaces".repeat(3);
        let verdict = format!("{name}: 41.0 % of CPU (self)");
        let (font, lines) =
            fitting(&verdict, (Weight::Regular, [28.0, 25.0, 22.0]), INNER, MAX_VERDICT_LINES).unwrap();
        assert!(lines.concat().ends_with("41.0 % of CPU (self)"), "{lines:?}");
        assert!(lines.iter().all(|line| font.width(line) <= INNER));
        let (font, lines) = fitting(&name.repeat(9), (Weight::Bold, [44.0, 38.0, 32.0]), INNER, 1).unwrap();
        assert!(font.em() == 32.0 && lines[0].ends_with(ELLIPSIS));
    }
}
