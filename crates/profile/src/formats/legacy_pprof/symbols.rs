//! Symbols of addresses.

use crate::formats::text::hex_address;
use rustc_hash::FxHashMap;

/// How a section of symbols begins.
pub(super) const START: &[u8] = b"--- symbol";

/// A function at an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Symbol<'a> {
    pub(super) name: &'a [u8],
    pub(super) file: &'a [u8],
    pub(super) line: i64,
}

/// Functions by address, innermost first where several were inlined into each other.
#[derive(Default)]
pub(super) struct Symbols<'a> {
    by_address: FxHashMap<u64, Vec<Symbol<'a>>>,
}

impl<'a> Symbols<'a> {
    pub(super) fn get(&self, address: u64) -> Option<&[Symbol<'a>]> {
        self.by_address.get(&address).map(Vec::as_slice)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_address.is_empty()
    }

    /// Takes what Go writes after a stack: `#\t0x4da225\tmain.main+0x145\t\t/src/main.go:45`.
    pub(super) fn add_comment(&mut self, line: &'a [u8]) {
        let Some(rest) = line.strip_prefix(b"#") else { return };
        let mut fields = rest.split(|&b| b == b'\t').map(<[u8]>::trim_ascii).filter(|f| !f.is_empty());
        let (Some(address), Some(name)) = (fields.next().and_then(hex_address), fields.next()) else {
            return;
        };
        let (file, line) = file_and_line(fields.next().unwrap_or_default());
        let name = match name.windows(3).rposition(|w| w == b"+0x") {
            Some(at) if at > 0 => &name[..at],
            _ => name,
        };
        self.by_address.entry(address).or_insert_with(|| vec![Symbol { name, file, line }]);
    }

    /// Takes a line of a section: `0x4014bf cart(int)<401496>--inlined--…`, outermost first; in angle brackets
    /// where the function begins.
    fn add_line(&mut self, line: &'a [u8]) {
        let Some(space) = line.iter().position(|&b| b == b' ') else { return };
        let (Some(address), mut names) = (hex_address(&line[..space]), line[space + 1..].trim_ascii()) else {
            return;
        };
        let mut symbols = Vec::new();
        while !names.is_empty() {
            let end = names.windows(2).position(|w| w == b"--").unwrap_or(names.len());
            let name = without_start(&names[..end]);
            if !name.is_empty() {
                symbols.push(Symbol { name, ..Symbol::default() });
            }
            names = names.get(end + 2..).unwrap_or_default();
        }
        symbols.reverse();
        if !symbols.is_empty() {
            self.by_address.insert(address, symbols);
        }
    }
}

/// A section of symbols at the start, and the profile after it. Without one, all bytes are the profile.
pub(super) fn section(bytes: &[u8]) -> (Symbols<'_>, &[u8]) {
    let mut symbols = Symbols::default();
    if !bytes.starts_with(START) {
        return (symbols, bytes);
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, after) = next_line(rest);
        match line {
            // `--- profile` and its like; what follows may be binary.
            _ if line.starts_with(b"--- ") && !line.starts_with(START) => {
                let bare =
                    [&b"--- profile"[..], b"--- heap", b"--- growth", b"--- contention"].contains(&line);
                return (symbols, if bare { after } else { rest });
            }
            _ => symbols.add_line(line),
        }
        rest = after;
    }
    (symbols, rest)
}

/// A line without its end, and what follows.
pub(super) fn next_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
    (bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]), bytes.get(end + 1..).unwrap_or_default())
}

fn without_start(name: &[u8]) -> &[u8] {
    let open = name.iter().rposition(|&b| b == b'<').filter(|_| name.ends_with(b">"));
    match open {
        Some(at) if name[at + 1..name.len() - 1].iter().all(u8::is_ascii_hexdigit) && name.len() - at > 9 => {
            &name[..at]
        }
        _ => name,
    }
}

fn file_and_line(text: &[u8]) -> (&[u8], i64) {
    let colon = text.iter().rposition(|&b| b == b':');
    let line = colon.and_then(|at| std::str::from_utf8(&text[at + 1..]).ok()?.parse().ok());
    match (colon, line) {
        (Some(at), Some(line)) => (&text[..at], line),
        _ => (text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_symbol_section() {
        let text = b"--- symbol\nbinary=./shop\n0x10 cart(int)<0000000000401496>--a::b<int>--c\n---\n--- profile\nrest";
        let (symbols, rest) = section(text);
        let names: Vec<_> = symbols.get(0x10).unwrap().iter().map(|s| s.name).collect();
        assert_eq!(names, [&b"c"[..], b"a::b<int>", b"cart(int)"]);
        assert_eq!(rest, b"rest");
        assert_eq!(section(b"--- symbol\n0x1 a\n---\n--- contentionz 1 ---\n").1, b"--- contentionz 1 ---\n");
        assert_eq!(section(b"heap").1, b"heap");
    }

    #[test]
    fn reads_symbols_from_comments() {
        let mut symbols = Symbols::default();
        for line in ["#\t0x20\tmain.main+0x145\t\t/src/main.go:45", "#\t0x0", "# Alloc = 5", "1 @ 0x1"] {
            symbols.add_comment(line.as_bytes());
        }
        let main = Symbol { name: b"main.main", file: b"/src/main.go", line: 45 };
        assert_eq!(symbols.get(0x20), Some(&[main][..]));
        assert_eq!(symbols.by_address.len(), 1);
    }
}
