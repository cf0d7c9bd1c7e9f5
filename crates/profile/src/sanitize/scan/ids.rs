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
/// Words by which a function without a name is told, in lower case.
const ANONYMOUS: [&str; 4] = ["anonymous", "lambda", "closure", "<eval"];
/// What is made at run time and numbered, in lower case.
const NUMBERED: [&str; 5] =
    ["$$lambda", "$proxy", "generatedmethodaccessor", "generatedconstructoraccessor", "lambdaform$"];

/// All of the above.
pub(super) fn ids(text: &str, found: &mut Found) {
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return;
    }
    addresses(text, found);
    let anonymous = ANONYMOUS.iter().any(|word| words(text, word).next().is_some());
    let long = if anonymous { LONG_IN_ANONYMOUS } else { LONG };
    for run in runs(text, 0..text.len(), |b| b.is_ascii_hexdigit()) {
        let number = &text[run.clone()];
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        // A number that a compiler has put there: of a local copy, of a ratio's type.
        let compiled = text[..run.start].ends_with(".llvm.") || text[run.end..].starts_with(['l', 'u']);
        let decimal = digits == number.len() && !compiled;
        // A hash at the end of a symbol, `::h0123456789abcdef`, is the compiler's.
        let symbol_hash = run.len() == 16 && before(text, run.start) == Some(b'h');
        let hex = run.len() >= LONG_HEX && digits >= 3 && digits < number.len() && !symbol_hash;
        if (decimal && run.len() >= long) || hex {
            found.push(run);
        }
    }
    for word in NUMBERED {
        for start in words(text, word) {
            // `$`, `/` and what is between name and number.
            let from = start + word.len();
            let from =
                run_end(text.as_bytes(), from, |b| b.is_ascii_alphabetic() || matches!(b, b'$' | b'/'));
            let end = run_end(text.as_bytes(), from, |b| b.is_ascii_digit());
            // The zero of `0x…` belongs to the address.
            if end > from && !matches!(text.as_bytes().get(end), Some(b'x')) {
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
