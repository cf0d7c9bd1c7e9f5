//! Query strings: parsing, writing, escaping. Pure, so that links are tested without a browser.

/// Parses `a=1&b=x%20y`, with or without a leading `?`. Invalid escapes stay as they are.
pub(crate) fn parse_pairs(text: &str) -> Vec<(String, String)> {
    text.trim_start_matches('?')
        .split('&')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// Writes pairs as `a=1&b=x+y`.
pub(crate) fn write_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (key, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        encode_into(&mut out, key);
        out.push('=');
        encode_into(&mut out, value);
    }
    out
}

/// Adds a parameter, unless its value is empty.
pub(crate) fn put(params: &mut Vec<(&'static str, String)>, key: &'static str, value: impl Into<String>) {
    let value: String = value.into();
    if !value.is_empty() {
        params.push((key, value));
    }
}

/// The address of a page with parameters.
pub(crate) fn path_with(page: &str, params: &[(&str, String)]) -> String {
    let query = write_pairs(params.iter().map(|(key, value)| (*key, value.as_str())));
    if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
}

/// Escapes one path segment or value.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    encode_into(&mut out, text);
    out
}

/// Leaves RFC 3986's unreserved characters readable, and some that browsers do not escape in a query.
fn encode_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b':'
            | b','
            | b'*'
            | b'!' => {
                out.push(char::from(byte));
            }
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
}

/// Reads one escaped segment of a path, in which `+` is no space. Invalid escapes stay as they are.
pub(crate) fn decode_segment(text: &str) -> String {
    decode(&text.replace('+', "%2B"))
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let escaped = (bytes[i] == b'%').then(|| hex(bytes.get(i + 1), bytes.get(i + 2))).flatten();
        match (bytes[i], escaped) {
            (_, Some(byte)) => {
                out.push(byte);
                i += 3;
                continue;
            }
            (b'+', None) => out.push(b' '),
            (byte, None) => out.push(byte),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    Some((digit(high)? * 16 + digit(low)?) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_round_trips() {
        let pairs = [("a", "1"), ("filter", r#"{x=~"a+b & c%d"}"#), ("zoom", "größe;\\;/#?"), ("empty", "")];
        let text = write_pairs(pairs);
        assert!(text.is_ascii() && !text.contains([' ', '"', '#', '+']), "{text}");
        let back = parse_pairs(&format!("?{text}"));
        assert!(back.iter().map(|(k, v)| (k.as_str(), v.as_str())).eq(pairs));
    }

    #[test]
    fn keeps_invalid_escapes() {
        assert_eq!(
            parse_pairs("a=100%&b=%zz&c=%4&&d+e"),
            [
                ("a".into(), "100%".into()),
                ("b".into(), "%zz".into()),
                ("c".into(), "%4".into()),
                ("d e".into(), String::new()),
            ]
        );
    }
}
