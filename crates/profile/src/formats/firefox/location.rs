//! Frame locations of the raw format, which are text.

/// A frame's text, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Location<'a> {
    /// `0x7f5ec5dd9568`: machine code without a symbol.
    Address(u64),
    /// `price (file:///shop.html:4:14)`: a function and where it begins; or only `file:///shop.html:4:14`.
    Script { name: &'a str, file: &'a str, line: i64, column: i64 },
    /// `js::RunScript`: a name that the browser gave to what it does.
    Label(&'a str),
}

impl<'a> Location<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        if let Some(address) = text.strip_prefix("0x").and_then(|hex| u64::from_str_radix(hex, 16).ok()) {
            return Location::Address(address);
        }
        // The number of a source may follow: `price (file:///shop.html:4:14)[3]`.
        let text = without_source(text);
        let inside = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
        let script = match inside {
            Some((name, place)) => place_of(place).map(|place| (name, place)),
            None if !text.contains(' ') => place_of(text).map(|place| ("", place)),
            None => None,
        };
        match script {
            Some((name, (file, line, column))) => Location::Script { name, file, line, column },
            None => Location::Label(text),
        }
    }
}

fn without_source(text: &str) -> &str {
    let Some((before, number)) = text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) else {
        return text;
    };
    match !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && before.ends_with([')', ':']) {
        true => before,
        false => text,
    }
}

/// `file:line:column` or `file:line`.
fn place_of(text: &str) -> Option<(&str, i64, i64)> {
    let (before, last) = text.rsplit_once(':')?;
    let last: i64 = last.parse().ok().filter(|n| *n >= 0)?;
    let line = before.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<i64>().ok()?)));
    match line {
        Some((file, line)) if !file.is_empty() && line >= 0 => Some((file, line, last)),
        _ => (!before.is_empty()).then_some((before, last, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_frames() {
        let script = |name, file, line, column| Location::Script { name, file, line, column };
        assert_eq!(Location::parse("0x7f5e"), Location::Address(0x7f5e));
        assert_eq!(
            Location::parse("price (file:///a b.html:4:14)"),
            script("price", "file:///a b.html", 4, 14)
        );
        assert_eq!(Location::parse("a/b< (x.js:7)[12]"), script("a/b<", "x.js", 7, 0));
        assert_eq!(Location::parse("resource://x.mjs:71:5"), script("", "resource://x.mjs", 71, 5));
        for label in ["js::RunScript", "XREMain::XRE_main", "Element.click (x)", "0xzz", "", "a :1", "x[1]"] {
            assert_eq!(Location::parse(label), Location::Label(label));
        }
    }
}
