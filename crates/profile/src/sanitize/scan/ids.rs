//! Numbers in names that stand for one object, one user or one order, and not for a function: they tell more than the name
//! is meant to, and make each process' name a different one.
//!
//! | in | becomes |
//! |---|---|
//! | `anonymous (order 48213)` | `anonymous (order <id>)` |
//! | `Foo$$Lambda$14/0x0000000800c8b040.run` | `Foo$$Lambda$<id>/<id>.run` |
//! | `com.sun.proxy.$Proxy123.get` | `com.sun.proxy.$Proxy<id>.get` |
//! | `block in #<Job:0x00007f8b1c0a2d48>` | `block in #<Job:<id>>` |
//! | `handle_1234567890` | `handle_<id>` |

use super::runs::{before, run_end, runs, words};
use std::ops::Range;

type Found = Vec<Range<usize>>;

/// Digits that are an id in whatever name.
const LONG: usize = 9;
/// Digits that are an id in a function without a name of its own.
const LONG_IN_ANONYMOUS: usize = 4;
/// Hexadecimal digits that are an id.
const LONG_HEX: usize = 16;
/// Words that mark a function without a name, in lower case.
const ANONYMOUS: [&str; 4] = ["anonymous", "lambda", "closure", "<eval"];
/// What is made at run time and numbered, in lower case.
const NUMBERED: [&str; 5] =
    ["$$lambda", "$proxy", "generatedmethodaccessor", "generatedconstructoraccessor", "lambdaform$"];

/// All of the above.
pub(super) fn ids(text: &str, found: &mut Found) {
    addresses(text, found);
    numbers(text, found);
    // Either of these is in all that is numbered.
    if text.contains('$') || text.contains("ccessor") {
        numbered(text, found);
    }
}

/// Long numbers, decimal and hexadecimal.
fn numbers(text: &str, found: &mut Found) {
    let mut anonymous = None;
    for run in runs(text, 0..text.len(), |b| b.is_ascii_hexdigit()) {
        if run.len() < LONG_IN_ANONYMOUS {
            continue;
        }
        let digits = text.as_bytes()[run.clone()].iter().filter(|b| b.is_ascii_digit()).count();
        let decimal = digits == run.len() && !is_compiled(text, &run);
        let long = run.len() >= LONG
            || *anonymous
                .get_or_insert_with(|| ANONYMOUS.iter().any(|word| words(text, word).next().is_some()));
        // A hash at the end of a symbol, `::h0123456789abcdef`, is the compiler's.
        let symbol_hash = run.len() == 16 && before(text, run.start) == Some(b'h');
        let hex = run.len() >= LONG_HEX && digits >= 3 && digits < run.len() && !symbol_hash;
        if (decimal && long) || hex {
            found.push(run);
        }
    }
}

/// Whether a number is one that a compiler has put there: of a local copy (`f.llvm.12345`), of a type (`ratio<1000000000ul>`).
fn is_compiled(text: &str, run: &Range<usize>) -> bool {
    let rest = &text[run.end..];
    let suffix = rest.len() - rest.trim_start_matches(['u', 'l']).len();
    let ends = !rest[suffix..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text[..run.start].ends_with(".llvm.") || ((1..=3).contains(&suffix) && ends)
}

/// Numbers of what is made at run time.
fn numbered(text: &str, found: &mut Found) {
    let bytes = text.as_bytes();
    for word in NUMBERED {
        for start in words(text, word) {
            // `$`, `/` and what is between name and number.
            let between = |b: u8| b.is_ascii_alphabetic() || matches!(b, b'$' | b'/');
            let from = run_end(bytes, start + word.len(), between);
            let end = run_end(bytes, from, |b| b.is_ascii_digit());
            // The zero of `0x…` belongs to the address.
            if end > from && bytes.get(end) != Some(&b'x') {
                found.push(from..end);
            }
        }
    }
}

/// `0x` and at least six digits.
fn addresses(text: &str, found: &mut Found) {
    for (start, mark) in text.match_indices("0x") {
        let end = run_end(text.as_bytes(), start + mark.len(), |b| b.is_ascii_hexdigit());
        if end - start - mark.len() >= 6 {
            found.push(start..end);
        }
    }
}
