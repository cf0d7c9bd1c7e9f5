//! Folded stacks: one line a stack, root first, frames joined by `;`, then a space and a number.
//!
//! ```text
//! # comment
//! main;serve;cart.Total 12
//! main;serve;json 3
//! ```
//! Two numbers a line, on every line, are a comparison (as `difffolded` writes them): [`read_sides`] makes two
//! profiles of the same type of it, `baseline` and `comparison`, so that one can be laid over the other; [`read`] one
//! with two sample types. Also read: CRLF, UTF-8 and UTF-16 with a byte order mark, tabs before the number,
//! fractions (rounded), blank lines and lines that begin with `#` (skipped). Lines that make no sense are
//! omitted and counted; a file with no good line is refused.

use super::builder::ProfileBuilder;
use super::room::Room;
use super::text::decode_text;
use super::{NamedProfile, Normalised, Notes, TooMuch, clean_text};
use crate::call_tree::CallTree;
use crate::profile::{Profile, ValueType};
use crate::sample::Samples;
use crate::stack_table::LocationId;

/// The text holds no folded stacks. The sender's fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldedError {
    /// No line is a stack and a number.
    #[error("no line is a folded stack: expected `main;serve;work 12`{}", first_bad(.line, .text))]
    NoStacks {
        /// The first line that is neither blank nor a comment, from 1; 0 if there is none.
        line: usize,
        /// How it begins.
        text: String,
    },
    /// Longer than any profile is allowed to be.
    #[error("the profile has {0}")]
    TooMuch(#[from] TooMuch),
}

fn first_bad(line: &usize, text: &str) -> String {
    if *line == 0 { ", found no line at all".to_owned() } else { format!(", found `{text}` in line {line}") }
}

/// Names of the sides of a comparison.
pub const SIDES: [&str; 2] = ["baseline", "comparison"];

/// Reads folded stacks into one profile, or a comparison into two: named as [`SIDES`], each with the stacks that
/// it has.
///
/// # Errors
/// As [`read`].
pub fn read_sides(bytes: &[u8]) -> Result<Vec<NamedProfile>, FoldedError> {
    let (profile, notes) = read(bytes)?;
    if profile.sample_types.len() == 1 {
        return Ok(vec![NamedProfile { name: String::new(), profile, notes }]);
    }
    let sides = SIDES.iter().enumerate().map(|(side, name)| {
        let notes = if side == 0 { notes.clone() } else { Notes::default() };
        NamedProfile { name: (*name).to_owned(), profile: one_side(&profile, side), notes }
    });
    Ok(sides.collect())
}

/// The samples of one side, as a profile like any other.
fn one_side(both: &Profile, side: usize) -> Profile {
    let mut profile = Profile { samples: Samples::new(1), sample_types: Vec::new(), ..both.clone() };
    let (kind, unit) = (profile.strings.intern("samples"), profile.strings.intern("count"));
    profile.sample_types.push(ValueType { kind, unit });
    for i in 0..both.samples.len() {
        let value = both.samples.values(i)[side];
        if value != 0 {
            profile.samples.push(both.samples.stack(i), &[value], &[]);
        }
    }
    profile
}

/// Reads folded stacks into sample type `samples` in `count`.
///
/// # Errors
/// [`FoldedError`] when no line can be read or there is too much.
pub fn read(bytes: &[u8]) -> Result<(Profile, Notes), FoldedError> {
    TooMuch::check_bytes(bytes)?;
    let bytes = decode_text(bytes);
    let compares = is_comparison(&bytes);
    let types: &[_] = if compares { &SIDES.map(|side| (side, "count")) } else { &[("samples", "count")] };
    let mut builder = ProfileBuilder::new(types).within(Room::of(bytes.len()));
    let mut stack = Vec::new();
    let mut first_bad = None;
    // The frames of the line before. The same stack again, as in files that nobody summed up, is no further sample.
    let mut last = None;
    for (number, line) in lines(&bytes) {
        let mut is_stack = |frames| last == Some(frames) || push_frames(frames, &mut builder, &mut stack);
        match parse_line(line, compares).filter(|(frames, _)| is_stack(*frames)) {
            Some((frames, values)) => {
                let mut rounded = [0; 2];
                for (rounded, value) in rounded.iter_mut().zip(&values[..types.len()]) {
                    *rounded = value.round(&mut builder.notes);
                }
                let values = &rounded[..types.len()];
                if last != Some(frames) || !builder.add_to_last(values) {
                    builder.sample(stack.iter().rev().copied(), values, &[])?;
                }
                last = Some(frames);
            }
            None => {
                last = None;
                first_bad.get_or_insert((number, line));
                builder.notes.add(Normalised::BadLine, 1);
            }
        }
    }
    if builder.samples() == 0 {
        let (line, text) = first_bad.unwrap_or_default();
        let text = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        return Err(FoldedError::NoStacks { line, text });
    }
    Ok(builder.finish())
}

/// The stacks of a tree, in its order. `;` in a name becomes `:` and a line break a space, which the format
/// cannot say; what belongs to no function is under `(no stack)`.
pub fn write(tree: &CallTree) -> String {
    let (frames, parents, self_values, _) = tree.columns();
    let mut out = String::new();
    let mut path = String::new();
    // Where the path of each node on the way to the current one ends.
    let mut ends: Vec<(usize, usize)> = vec![(0, 0)];
    for i in 0..tree.len() {
        if i > 0 {
            while ends.last().is_some_and(|&(node, _)| node != parents[i].index()) {
                ends.pop();
            }
            path.truncate(ends.last().map_or(0, |&(_, end)| end));
            if !path.is_empty() {
                path.push(';');
            }
            push_name(&mut path, tree.frames().name(frames[i]));
            ends.push((i, path.len()));
        }
        if self_values[i] != 0 {
            out.push_str(if i == 0 { "(no stack)" } else { &path });
            out.push(' ');
            out.push_str(&self_values[i].to_string());
            out.push('\n');
        }
    }
    out
}

fn push_name(path: &mut String, name: &str) {
    if name.is_empty() {
        // An empty frame could not be told from no frame.
        path.push_str("(no name)");
    } else if name.contains([';', '\n', '\r']) {
        path.push_str(&name.replace(';', ":").replace(['\n', '\r'], " "));
    } else {
        path.push_str(name);
    }
}

/// Whether one of the first three lines is a folded stack, and none holds bytes that text does not.
pub(super) fn looks_folded(bytes: &[u8]) -> bool {
    let start = decode_text(&bytes[..bytes.len().min(256 << 10)]);
    let mut first = lines(&start).take(3).map(|(_, line)| line).peekable();
    first.peek().is_some()
        && !start.contains(&0)
        && first.any(|line| parse_line(line, false).is_some_and(|(frames, _)| !frames.is_empty()))
}

/// Lines with their number, from 1, without blank ones and comments.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let numbered = bytes.split(|&b| b == b'\n').enumerate().map(|(i, line)| (i + 1, line.trim_ascii_end()));
    numbered.filter(|(_, line)| !line.is_empty() && line[0] != b'#')
}

/// Pushes the frames of `a;b;c`, root first. False when there is none.
#[inline]
pub(super) fn push_frames(frames: &[u8], builder: &mut ProfileBuilder, stack: &mut Vec<LocationId>) -> bool {
    stack.clear();
    // The whole line is checked at once: many short checks cost more. A bad line is repaired frame by frame.
    match std::str::from_utf8(frames) {
        Ok(text) if text.len() <= crate::limits::MAX_SYMBOL_BYTES => {
            stack.extend(text.split(';').filter(|f| !f.is_empty()).map(|f| builder.frame(f)));
        }
        _ => {
            for frame in frames.split(|&b| b == b';').filter(|f| !f.is_empty()) {
                let name = clean_text(frame, &mut builder.notes);
                stack.push(builder.frame(&name));
            }
        }
    }
    !stack.is_empty()
}

/// A number of a line: whole, or with a fraction that is rounded.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Fraction(f64),
}

impl Number {
    fn parse(text: &[u8]) -> Option<Number> {
        if text.is_empty()
            || !text.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        {
            return None;
        }
        if text.len() <= 18 && text.iter().all(u8::is_ascii_digit) {
            return Some(Number::Whole(text.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'))));
        }
        let text = std::str::from_utf8(text).ok()?;
        if let Ok(whole) = text.parse::<i64>()
            && whole >= 0
        {
            return Some(Number::Whole(whole));
        }
        let value: f64 = text.parse().ok()?;
        (value >= 0.0 && value.is_finite() && text.starts_with(|c: char| c.is_ascii_digit()))
            .then_some(Number::Fraction(value))
    }

    fn round(self, notes: &mut Notes) -> i64 {
        match self {
            Number::Whole(n) => n,
            Number::Fraction(value) => {
                if value.fract() != 0.0 {
                    notes.add(Normalised::Fraction, 1);
                }
                if value >= i64::MAX as f64 {
                    notes.add(Normalised::Overflow, 1);
                }
                value.round() as i64
            }
        }
    }
}

/// Splits the last word off, if it is a number.
#[inline]
fn split_number(line: &[u8]) -> Option<(&[u8], Number)> {
    let space = line.iter().rposition(|&b| b == b' ' || b == b'\t')?;
    Some((line[..space].trim_ascii_end(), Number::parse(&line[space + 1..])?))
}

/// The frames and the one or two numbers of a line.
#[inline]
fn parse_line(line: &[u8], compares: bool) -> Option<(&[u8], [Number; 2])> {
    let (frames, last) = split_number(line)?;
    if !compares {
        return Some((frames, [last, last]));
    }
    let (frames, first) = split_number(frames)?;
    Some((frames, [first, last]))
}

/// Whether every line that has a number has two of them. A frame may well end in a number, but not all do.
fn is_comparison(bytes: &[u8]) -> bool {
    let mut found = false;
    for (frames, _) in lines(bytes).filter_map(|(_, line)| split_number(line)) {
        match split_number(frames) {
            Some((stack, _)) if !stack.is_empty() => found = true,
            _ => return false,
        }
    }
    found
}
