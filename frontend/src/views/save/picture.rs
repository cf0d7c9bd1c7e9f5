//! The pictures on screen as one SVG, in their places.

use super::subject::Subject;
use super::svg::{CAPTION, HEAD, MARGIN, caption, document, part};
use crate::views::on_screen;

/// The SVG, its width and its height in CSS pixels; `None` without a picture on screen.
pub(crate) fn svg(subject: &Subject) -> Option<(String, f64, f64)> {
    let (mut parts, mut labels) = (Vec::new(), Vec::new());
    let mut style = None;
    for picture in on_screen::pictures() {
        picture.drawn(&mut |drawn| {
            let size = (drawn.size.width, drawn.size.height);
            style = Some((drawn.palette.background.clone(), drawn.palette.font.clone()));
            labels.push((drawn.at, size, caption(&drawn.label)));
            parts.push((drawn.at, size, part(&drawn)));
        });
    }
    let (ground, font) = style?;
    let left = parts.iter().map(|(at, ..)| at.0).fold(f64::INFINITY, f64::min);
    let top = parts.iter().map(|(at, ..)| at.1).fold(f64::INFINITY, f64::min);
    // Several pictures get a caption each.
    let above = if parts.len() > 1 { CAPTION } else { 0.0 };
    for (at, ..) in &mut parts {
        *at = (at.0 - left, at.1 - top + above);
    }
    for (at, size, label) in labels.into_iter().filter(|_| above > 0.0) {
        parts.push(((at.0 - left, at.1 - top), (size.0, CAPTION), label));
    }
    let right = parts.iter().map(|(at, size, _)| at.0 + size.0).fold(0.0, f64::max);
    let bottom = parts.iter().map(|(at, size, _)| at.1 + size.1).fold(0.0, f64::max);
    let text = readable_on(&ground);
    let svg = document(&subject.title, &subject.detail, (text, &ground), &font, (right, bottom), &parts);
    Some((svg, right + 2.0 * MARGIN, bottom + HEAD + MARGIN))
}

/// Dark or light, whichever is readable on a `#rrggbb`.
fn readable_on(ground: &str) -> &'static str {
    let digits = ground.trim_start_matches('#');
    let channel = |i: usize| digits.get(2 * i..2 * i + 2).and_then(|d| u8::from_str_radix(d, 16).ok());
    let light = [0, 1, 2].map(channel).iter().map(|c| u32::from(c.unwrap_or(255))).sum::<u32>();
    if light > 3 * 128 { "#15181d" } else { "#e8ebf0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_contrasts_with_either_theme() {
        assert_eq!(
            [readable_on("#ffffff"), readable_on("#1b1917"), readable_on("white")],
            ["#15181d", "#e8ebf0", "#15181d"]
        );
    }
}
