//! Fonts of preview images: text width, glyph outlines, and truncation to a width.
//!
//! The fonts are DejaVu Sans, embedded: they cover Latin, Greek, Cyrillic, Arabic, Hebrew and most symbols. A character that
//! they lack is drawn as their replacement box.

use super::PreviewError;
use super::bidi::visual_order;
use crate::sharing::text::{head_end, one_line, path_end};
use ab_glyph::{Font as _, FontRef, Glyph, GlyphId, PxScale, point};
use std::sync::OnceLock;

/// Characters of a text that are considered; longer text never fits.
const MAX_CHARS: usize = 400;
/// Marks truncation.
pub(super) const ELLIPSIS: char = '…';

/// Font weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// A font in one size.
pub(super) struct Font {
    face: FontRef<'static>,
    scale: PxScale,
    em: f32,
    /// Pixels in one unit of the font.
    unit: f32,
}

impl Font {
    /// A font with this many pixels per em.
    pub(super) fn new(weight: Weight, em: f32) -> Result<Font, PreviewError> {
        static FACES: [OnceLock<Option<FontRef<'static>>>; 2] = [const { OnceLock::new() }; 2];
        let (slot, bytes) = match weight {
            Weight::Regular => (&FACES[0], dejavu::sans::regular()),
            Weight::Bold => (&FACES[1], dejavu::sans::bold()),
        };
        let face = slot.get_or_init(|| FontRef::try_from_slice(bytes).ok()).clone();
        let face = face.ok_or(PreviewError::Font)?;
        let unit = em / face.units_per_em().filter(|units| *units > 0.0).ok_or(PreviewError::Font)?;
        let scale = PxScale::from(face.height_unscaled() * unit);
        Ok(Font { face, scale, em, unit })
    }

    /// Pixels in an em.
    pub(super) fn em(&self) -> f32 {
        self.em
    }

    fn advance(&self, id: GlyphId) -> f32 {
        self.face.h_advance_unscaled(id) * self.unit
    }

    /// Width of a text in pixels.
    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars().map(|c| self.advance(self.face.glyph_id(c))).sum()
    }

    /// Calls `pixel` with each pixel of a line and how much of it is covered. `(x, y)` is the start of the baseline;
    /// returns where the line ends.
    pub(super) fn outline(
        &self,
        text: &str,
        (x, y): (f32, f32),
        mut pixel: impl FnMut(i32, i32, f32),
    ) -> f32 {
        let mut at = x;
        for c in visual_order(text).chars() {
            let id = self.face.glyph_id(c);
            let glyph = Glyph { id, scale: self.scale, position: point(at, y) };
            if let Some(outline) = self.face.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
                outline.draw(|dx, dy, coverage| pixel(left + dx as i32, top + dy as i32, coverage));
            }
            at += self.advance(id);
        }
        at
    }

    /// The text, truncated with `…` to a width; empty if not even that fits.
    pub(super) fn fit(&self, text: &str, room: f32) -> String {
        let text = one_line(text, MAX_CHARS);
        if self.width(&text) <= room {
            return text.into_owned();
        }
        let mut used = self.advance(self.face.glyph_id(ELLIPSIS));
        let mut out = String::new();
        if used > room {
            return out;
        }
        for c in text.chars() {
            used += self.advance(self.face.glyph_id(c));
            if used > room {
                break;
            }
            out.push(c);
        }
        out.truncate(out.trim_end().len());
        out.push(ELLIPSIS);
        out
    }

    /// The text in lines of a width, broken between words, and within words that are wider; the last of at most `most` lines is
    /// truncated with `…`.
    pub(super) fn wrap(&self, text: &str, room: f32, most: usize) -> Vec<String> {
        let text = one_line(text, MAX_CHARS);
        let (mut lines, mut rest) = (Vec::new(), &*text);
        while lines.len() + 1 < most {
            let spaces = rest.match_indices(' ').map(|(at, _)| at);
            let ends = spaces.chain([rest.len()]).take_while(|end| self.width(&rest[..*end]) <= room);
            let end = ends.last().filter(|end| *end > 0).unwrap_or_else(|| self.end_within(rest, room));
            if end == 0 {
                break;
            }
            lines.push(rest[..end].to_owned());
            rest = rest[end..].trim_start();
        }
        if !rest.is_empty() && lines.len() < most {
            lines.push(self.fit(rest, room));
        }
        lines
    }

    /// Where the part of a text ends that fits a width.
    fn end_within(&self, text: &str, room: f32) -> usize {
        let mut used = 0.0;
        let beyond = text.char_indices().find(|(_, c)| {
            used += self.advance(self.face.glyph_id(*c));
            used > room
        });
        beyond.map_or(text.len(), |(at, _)| at)
    }

    /// A function's name, shortened to a width: drops the path (`github.com/x/`) first, then leading packages, as the end
    /// tells functions apart; then truncates.
    pub(super) fn fit_name(&self, name: &str, room: f32) -> String {
        let name = one_line(name, MAX_CHARS);
        let head = head_end(&name);
        let mut start = 0;
        if self.width(&name) > room {
            start = path_end(&name);
        }
        while self.width(&name[start..]) > room {
            let rest = &name[start..head.max(start)];
            let step = rest.find("::").map(|at| at + 2).or_else(|| rest.find('.').map(|at| at + 1));
            match step.filter(|step| *step < rest.len()) {
                Some(step) => start += step,
                None => break,
            }
        }
        self.fit(&name[start..], room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn font() -> Font {
        Font::new(Weight::Regular, 20.0).unwrap()
    }

    #[test]
    fn shortened_names_keep_the_function() {
        let font = font();
        let shown = |name: &str, like: &str| font.fit_name(name, font.width(like) + 0.5);
        let go = "github.com/acme/shop/cart.(*Cart).Add";
        assert_eq!(shown(go, go), go);
        assert_eq!(shown(go, "cart.(*Cart).Add"), "cart.(*Cart).Add");
        assert_eq!(shown("core::fmt::write", "fmt::write"), "fmt::write");
        assert_eq!(shown("core::fmt::write", "wr…"), "wr…");
        assert_eq!(shown("runtime.gcBgMarkWorker", "gcBgMa…"), "gcBgMa…");
        assert_eq!(shown("java.util.HashMap.put(Object)", "HashMap.put(Object)"), "HashMap.put(Object)");
        assert_eq!(shown("anything", ""), "");
    }

    #[test]
    fn lines_break_between_words() {
        let font = font();
        let room = font.width("CPU use is 16 %") + 0.5;
        let text = "CPU use is 16 % higher in version 2 than in version 1";
        let lines = font.wrap(text, room, 9);
        assert_eq!((lines[0].as_str(), lines.join(" ").as_str()), ("CPU use is 16 %", text));
        let two = font.wrap(text, room, 2);
        assert!(two.len() == 2 && two[0] == lines[0] && two[1].ends_with('…'), "{two:?}");
        assert_eq!(font.wrap("", room, 3), Vec::<String>::new());
        let name = font.wrap(&format!("{}: 41 %", "x".repeat(20)), room, 3);
        assert_eq!(name.concat(), format!("{}: 41 %", "x".repeat(20)), "a long name leaves the number");
        assert!(font.wrap(&"x".repeat(99), room, 3)[2].ends_with('…'));
    }

    proptest! {
        #[test]
        fn any_text_fits_its_width(text in "\\PC{0,80}", room in 0f32..400.0) {
            let font = font();
            prop_assert!(font.width(&font.fit(&text, room)) <= room + 0.01);
            prop_assert!(font.width(&font.fit_name(&text, room)) <= room + 0.01);
            let lines = font.wrap(&text, room, 3);
            prop_assert!(lines.len() <= 3 && lines.iter().all(|line| font.width(line) <= room + 0.01));
        }
    }
}
