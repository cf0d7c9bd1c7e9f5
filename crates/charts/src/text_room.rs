//! Room of texts, estimated: no font is asked, so that a chart is laid out alike in the browser and on the server.

/// Size of all texts in CSS pixels.
pub(crate) const TEXT: f64 = 12.0;
/// Mean width of letters and digits of sans-serif fonts at this size, rounded up.
const LETTER: f64 = 6.8;
/// The width of other letters, such as Chinese ones.
const WIDE_LETTER: f64 = 12.0;

/// About how wide a text is, in CSS pixels.
pub(crate) fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { LETTER } else { WIDE_LETTER }).sum()
}

/// A text that fits into the width, cut at its end; empty if not even two letters do.
pub(crate) fn cut_end(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let kept = fitting(text.chars(), room);
    if kept < 2 { String::new() } else { text.chars().take(kept).chain(['…']).collect() }
}

/// The same, cut at its start: names of replicas differ at their ends.
pub(crate) fn cut_start(text: &str, room: f64) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let kept = fitting(text.chars().rev(), room);
    let skipped = text.chars().count().saturating_sub(kept);
    if kept < 2 { String::new() } else { ['…'].into_iter().chain(text.chars().skip(skipped)).collect() }
}

/// How many letters fit beside an ellipsis.
fn fitting(letters: impl Iterator<Item = char>, room: f64) -> usize {
    let mut used = width("…");
    let fits = |c: &char| {
        used += if c.is_ascii() { LETTER } else { WIDE_LETTER };
        used <= room
    };
    letters.take_while(fits).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_to_their_room() {
        assert_eq!(cut_end("checkout", 60.0), "checkout");
        assert_eq!(cut_end("checkout-7f9c", 60.0), "checkou…");
        assert_eq!(cut_start("checkout-7f9c", 60.0), "…ut-7f9c");
        for room in [0.0, 20.0, 47.0, 90.0] {
            for text in ["checkout-7f9c-x2x4z", "支付服务支付服务", ""] {
                assert!(width(&cut_end(text, room)) <= room && width(&cut_start(text, room)) <= room);
            }
        }
        assert_eq!(cut_end("checkout", 20.0), "");
    }
}
