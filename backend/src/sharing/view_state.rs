//! View state of a share: URL parameters of the view, as the page writes them.
//!
//! They contain function names and search terms, so they are sanitized like names. Only known view parameters are kept: the
//! query (service, range, selector) is frozen in the snapshot, and unknown parameters must not leak.

use super::ShareError;
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::{Field, Sanitizer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Longest accepted state, in bytes.
const MAX_BYTES: usize = 8192;
/// Escaped in values: everything but characters that are readable in URLs.
#[rustfmt::skip]
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',').remove(b';').remove(b':').remove(b'!')
    .remove(b'(').remove(b')').remove(b'*').remove(b'/');
/// View parameters, of all views.
const KEPT: [&str; 39] = [
    "mode", "q", "re", "zoom", "at", "fn", "details", "steps", "focus", "hide", "color", "order", "inv",
    "sort", "palette", "scale", "only", "rows", "cost", "bins", "sel", "sel2", "top", "step", "show",
    "thread", "w", "v", "unit", "by", "tz", "theme", "lines", "t", "row", "per", "cells", "heat", "band",
];
/// The window of a flame chart, in nanoseconds since its start, and the time of a heat map, in milliseconds with six decimals.
const EXACT: [&str; 2] = ["t", "w"];
/// Digits of the numbers of a place: of milliseconds since the epoch, and of those of [`EXACT`].
const MAX_DIGITS: usize = 13;
const MAX_EXACT_DIGITS: usize = 20;

/// The sanitized state.
///
/// # Errors
/// [`ShareError::Invalid`] if it is too long.
pub(crate) fn clean(state: &str, sanitizer: &mut Sanitizer<'_>) -> Result<String, ShareError> {
    if state.len() > MAX_BYTES {
        let message = format!("the view state has {} bytes; the limit is {MAX_BYTES}", state.len());
        return Err(ShareError::invalid(ProblemKind::BadView, message));
    }
    let text = state.trim_start_matches('?');
    let mut kept = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if KEPT.contains(&name) {
            let value = decode(value);
            let value = match EXACT.contains(&name) && is_place(&value, MAX_EXACT_DIGITS) {
                true => value,
                false => cleaned(&value, sanitizer),
            };
            kept.push(format!("{name}={}", utf8_percent_encode(&value, ESCAPED)));
        }
    }
    Ok(kept.join("&"))
}

/// Sanitizes each name of a list; positions and times are kept.
fn cleaned(value: &str, sanitizer: &mut Sanitizer<'_>) -> String {
    let part = |part: &str, sanitizer: &mut Sanitizer<'_>| match is_place(part, MAX_DIGITS) {
        true => part.to_owned(),
        false => sanitizer.text(part, Field::Function),
    };
    let parts: Vec<String> = value.split(';').map(|text| part(text, sanitizer)).collect();
    // A secret may contain a semicolon, so the whole value is sanitized, too.
    let whole = parts.join(";");
    if is_place(value, MAX_DIGITS) { whole } else { sanitizer.text(&whole, Field::Text) }
}

/// Whether the text is two numbers with a dash, such as a zoom or a time range, of at most so many characters each.
fn is_place(text: &str, most: usize) -> bool {
    let number = |text: &str| {
        !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    text.split_once('-').is_some_and(|(from, until)| number(from) && number(until))
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::sanitize::Policy;

    fn of(state: &str) -> String {
        clean(state, &mut Sanitizer::new(&Policy::strict([1; 16]))).unwrap()
    }

    #[test]
    fn keeps_view_parameters_and_drops_the_query() {
        let state =
            "?service=shop&type=x&from=now-1h&mode=table&q=a%20b&zoom=main;serve%2Fx&at=0.25-0.5&nobody=1";
        assert_eq!(of(state), "mode=table&q=a%20b&zoom=main;serve/x&at=0.25-0.5");
        assert_eq!(of("sel=1795227480000-1795227540000"), "sel=1795227480000-1795227540000");
        // A window of a flame chart, to the nanosecond, and a selection of a sub-second map.
        let chart = "show=time&t=1234567890123456-1234567890123457&row=3&thread=main";
        assert_eq!(of(chart), chart);
        let map = "show=subsecond&per=100&cells=values&heat=log&band=1&sel=12.3-400.99&sel2=7.0-8.1";
        assert_eq!(of(map), map);
        let time = "rows=label&w=1795230315250.000001-1795230316000.999999";
        assert_eq!(of(time), time);
        assert!(!of("q=4111111111111111-1&t=alice@corp.example").contains("4111111111111111"));
        assert_eq!(of(""), "");
    }

    #[test]
    fn removes_secrets() {
        for value in ["alice%40corp.example", "main;alice@corp.example", "%61lice@corp%2eexample"] {
            let kept = of(&format!("q={value}&zoom={value}"));
            assert!(!kept.contains("alice") && !kept.contains("corp"), "{kept}");
        }
        let too_long = "q=".to_owned() + &"a".repeat(9000);
        assert!(clean(&too_long, &mut Sanitizer::new(&Policy::light())).is_err());
    }
}
