//! How a share is looked at: parameters of a view as the page writes them into its address.
//!
//! They name functions and what was searched for, so they are sanitised as names are. Only parameters of looking are kept,
//! from a list: what was asked (service, range, selector) is frozen, and a parameter that nobody has thought of does not leave
//! the house.

use super::ShareError;
use crate::problem::ProblemKind;
use flarepath_profile::sanitize::{Field, Sanitizer};

/// Longest state that is kept.
const LONGEST: usize = 8192;
/// Parameters of looking, in all views.
const KEPT: [&str; 33] = [
    "mode", "q", "re", "zoom", "at", "fn", "details", "steps", "focus", "hide", "color", "order", "inv",
    "sort", "palette", "scale", "only", "rows", "cost", "bins", "sel", "sel2", "top", "step", "show",
    "thread", "w", "v", "unit", "by", "tz", "theme", "lines",
];

/// The state with what may stay of it.
///
/// # Errors
/// [`ShareError::Invalid`] when it is too long.
pub(crate) fn clean(state: &str, sanitizer: &mut Sanitizer<'_>) -> Result<String, ShareError> {
    if state.len() > LONGEST {
        let message = format!("the state of the view has {} bytes; at most {LONGEST} are kept", state.len());
        return Err(ShareError::invalid(ProblemKind::BadView, message));
    }
    let text = state.trim_start_matches('?');
    let mut kept = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if KEPT.contains(&name) {
            let value = cleaned(&decode(value), sanitizer);
            kept.push(format!("{name}={}", encode(&value)));
        }
    }
    Ok(kept.join("&"))
}

/// Names in a list are names each; numbers of places and times are kept.
fn cleaned(value: &str, sanitizer: &mut Sanitizer<'_>) -> String {
    let part = |part: &str, sanitizer: &mut Sanitizer<'_>| match is_place(part) {
        true => part.to_owned(),
        false => sanitizer.text(part, Field::Function),
    };
    let parts: Vec<String> = value.split(';').map(|text| part(text, sanitizer)).collect();
    // A secret may have a semicolon in it: the whole is looked at, too.
    let whole = parts.join(";");
    if is_place(value) { whole } else { sanitizer.text(&whole, Field::Text) }
}

/// Two numbers with a dash, such as a zoom or a range of times.
fn is_place(text: &str) -> bool {
    let number = |text: &str| {
        !text.is_empty() && text.len() <= 13 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    text.split_once('-').is_some_and(|(from, until)| number(from) && number(until))
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16));
        match (bytes[at], hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 3;
                continue;
            }
            (b'+', ..) => out.push(b' '),
            (other, ..) => out.push(other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~,;:!()*/".contains(&b);
    let byte = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::sanitize::Policy;

    fn of(state: &str) -> String {
        clean(state, &mut Sanitizer::new(&Policy::strict([1; 16]))).unwrap()
    }

    #[test]
    fn looking_stays_and_asking_goes() {
        let state =
            "?service=shop&type=x&from=now-1h&mode=table&q=a%20b&zoom=main;serve%2Fx&at=0.25-0.5&nobody=1";
        assert_eq!(of(state), "mode=table&q=a%20b&zoom=main;serve/x&at=0.25-0.5");
        assert_eq!(of("sel=1795227480000-1795227540000"), "sel=1795227480000-1795227540000");
        assert_eq!(of(""), "");
    }

    #[test]
    fn secrets_go() {
        for value in ["alice%40corp.example", "main;alice@corp.example", "%61lice@corp%2eexample"] {
            let kept = of(&format!("q={value}&zoom={value}"));
            assert!(!kept.contains("alice") && !kept.contains("corp"), "{kept}");
        }
        let too_long = "q=".to_owned() + &"a".repeat(9000);
        assert!(clean(&too_long, &mut Sanitizer::new(&Policy::light())).is_err());
    }
}
