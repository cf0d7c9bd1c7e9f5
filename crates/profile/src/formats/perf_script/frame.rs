//! Frame lines of a call chain.

use crate::formats::text::hex_address;

/// A file and a line in it.
pub(super) type SourceLine<'a> = (&'a [u8], i64);

/// A frame as perf prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub(super) address: u64,
    /// Without its offset; empty when perf knows none.
    pub(super) symbol: &'a [u8],
    /// The file mapped there; empty when perf knows none.
    pub(super) file: &'a [u8],
    /// Was inlined into the next frame.
    pub(super) inlined: bool,
    /// What the line after it says.
    pub(super) source: Option<SourceLine<'a>>,
}

impl<'a> Frame<'a> {
    /// Reads `address symbol+0xoffset (file)`; symbol and file may be missing. None if there is no address.
    pub(super) fn parse(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii();
        let end = line.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(line.len());
        let address = hex_address(&line[..end])?;
        let (symbol, file) = split_file(line[end..].trim_ascii());
        let inlined = file == b"inlined";
        let known = |text: &'a [u8]| if text == b"[unknown]" { &[] } else { text };
        Some(Frame {
            address,
            symbol: known(without_offset(symbol)),
            file: if inlined { &[] } else { known(file) },
            inlined,
            source: None,
        })
    }
}

/// Takes `(file)` off the end. Symbols of C++ end with brackets of their own, but without a space before
/// them; names of files hold brackets too: `(/tmp/x (deleted))`.
fn split_file(text: &[u8]) -> (&[u8], &[u8]) {
    if text.last() != Some(&b')') {
        return (text, &[]);
    }
    let mut open = 0usize;
    for (i, b) in text.iter().enumerate().rev() {
        match b {
            b')' => open += 1,
            b'(' => open -= 1,
            _ => continue,
        }
        if open == 0 {
            return match i.checked_sub(1).map(|before| text[before]) {
                None => (&[], &text[1..text.len() - 1]),
                Some(b' ' | b'\t') => (text[..i].trim_ascii_end(), &text[i + 1..text.len() - 1]),
                Some(_) => (text, &[]),
            };
        }
    }
    (text, &[])
}

/// Takes `+0x6b` off the end.
fn without_offset(symbol: &[u8]) -> &[u8] {
    match symbol.windows(3).rposition(|w| w == b"+0x") {
        Some(at) if at > 0 && symbol[at + 3..].iter().all(u8::is_ascii_hexdigit) => &symbol[..at],
        _ => symbol,
    }
}

/// Reads `file.c:45`, as `srcline` prints it on the line after a frame. None for what is unknown (`:0`,
/// `[kernel.kallsyms][ffffffff816c5724]`).
pub(super) fn source_line(line: &[u8]) -> Option<SourceLine<'_>> {
    let line = line.trim_ascii();
    let colon = line.iter().rposition(|&b| b == b':')?;
    let number = std::str::from_utf8(&line[colon + 1..]).ok()?.parse().ok()?;
    (colon > 0 && number > 0).then(|| (&line[..colon], number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("\t 134b price+0x6b (/usr/bin/shop)", 0x134b, "price", "/usr/bin/shop", false)]
    #[case(
        " 7fff a::b(int, char)+0x1 (/tmp/x (deleted))",
        0x7fff,
        "a::b(int, char)",
        "/tmp/x (deleted)",
        false
    )]
    #[case(" 12 mix (inlined)", 0x12, "mix", "", true)]
    #[case(" 12 [unknown] ([unknown])", 0x12, "", "", false)]
    #[case(" 12 [unknown] (/lib/a.so)", 0x12, "", "/lib/a.so", false)]
    #[case(" 12 operator()(int)", 0x12, "operator()(int)", "", false)]
    #[case(" 12 (/lib/a.so)", 0x12, "", "/lib/a.so", false)]
    #[case(" 12 +0x5 x)y (z", 0x12, "+0x5 x)y (z", "", false)]
    #[case(" 12 a) (b))", 0x12, "a) (b))", "", false)]
    #[case("ffffffff81752b6a", 0xffff_ffff_8175_2b6a, "", "", false)]
    fn frames(
        #[case] line: &str,
        #[case] address: u64,
        #[case] symbol: &str,
        #[case] file: &str,
        #[case] inlined: bool,
    ) {
        let expected =
            Frame { address, symbol: symbol.as_bytes(), file: file.as_bytes(), inlined, source: None };
        assert_eq!(Frame::parse(line.as_bytes()), Some(expected));
    }

    #[test]
    fn rejects_lines_that_are_no_frame() {
        for line in ["", "  file.c:45", "+12 f (x)", "12345678901234567890 f"] {
            assert_eq!(Frame::parse(line.as_bytes()), None, "{line}");
        }
        assert_eq!(source_line(b"  dl-sysdep.c:143"), Some((&b"dl-sysdep.c"[..], 143)));
        assert_eq!(source_line(b"  :0"), None);
        assert_eq!(source_line(b"  [kernel.kallsyms][ffffffff816c5724]"), None);
    }
}
