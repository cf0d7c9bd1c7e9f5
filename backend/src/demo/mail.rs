//! The service `mail`: renders a newsletter, compresses its pictures and text (gzip), and encodes it for transport
//! (base64 in short lines).

use super::answer::Answer;
use super::random_text::Random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fmt::Write as _;
use std::io::Write;

/// Characters in a line of an encoded part (RFC 2045, 6.8).
const LINE: usize = 76;

/// The service; it has no state.
pub(super) struct Mail;

impl Mail {
    /// Renders and packs one newsletter.
    #[inline(never)]
    pub(super) fn handle_letter(&self, random: &mut Random) -> Answer {
        let html = render_template(random);
        let attachment = draw_banner(random);
        let packed = compress(html.as_bytes()) + compress(&attachment);
        Answer::Served(packed + encode_for_wire(html.as_bytes()).len())
    }
}

#[inline(never)]
fn render_template(random: &mut Random) -> String {
    let mut html = String::from("<html><body>");
    for section in 0..24 {
        // Writing to a String cannot fail.
        let _ =
            write!(html, "<h2 id=\"s{section}\">{}</h2><p>{}</p>", random.sentence(4), random.sentence(60));
    }
    html.push_str("</body></html>");
    escape_umlauts(&html)
}

#[inline(never)]
fn escape_umlauts(html: &str) -> String {
    html.chars()
        .map(|c| match c {
            'ä' | 'ö' | 'ü' => format!("&{c}uml;"),
            plain => plain.to_string(),
        })
        .collect()
}

/// A striped picture, one byte a pixel.
#[inline(never)]
fn draw_banner(random: &mut Random) -> Vec<u8> {
    let stripe = 3 + random.below(12);
    (0..24_000u64).map(|i| (i / stripe % 17 * 13 + random.below(3)) as u8).collect()
}

#[inline(never)]
fn compress(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    // Writing to a Vec cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().map_or(0, |packed| packed.len())
}

#[inline(never)]
fn encode_for_wire(bytes: &[u8]) -> String {
    let flat = STANDARD.encode(bytes);
    let mut lines = String::with_capacity(flat.len() + flat.len() / LINE * 2);
    for chunk in flat.as_bytes().chunks(LINE) {
        lines.push_str(&String::from_utf8_lossy(chunk));
        lines.push_str("\r\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newsletter_has_all_parts() {
        assert!(matches!(Mail.handle_letter(&mut Random::new(1)), Answer::Served(5_001..)));
        assert_eq!(encode_for_wire(&[0; 57]).trim_end().len(), LINE);
        assert_eq!(encode_for_wire(&[0; 58]).lines().count(), 2);
    }
}
