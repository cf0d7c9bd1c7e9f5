//! `py-spy record -f raw`: folded stacks whose frames carry file and line.
//!
//! ```text
//! thread (22429): cart;run (threading.py:982);cart (shop.py:15);price (shop.py:9) 62
//! ```
//! Frames are `function (file:line)`. With `--threads` the first is the thread, with `--subprocesses` those before
//! it are processes (`process 12:"python shop.py"`); each thread is then a profile. The number counts samples.

use super::builder::ProfileBuilder;
use super::folded::FoldedError;
use super::text::decode_text;
use super::threads::Threads;
use super::{NamedProfile, Normalised, TooMuch, clean_text};
use crate::formats::room::Room;
use crate::stack_table::LocationId;

/// Reads one profile for each thread, or one if threads are not distinguished.
///
/// # Errors
/// [`FoldedError`] when no line can be read or there is too much.
pub fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, FoldedError> {
    TooMuch::check_bytes(bytes)?;
    let bytes = decode_text(bytes);
    let mut threads = Threads::new([("samples", "count")]).within(Room::of(bytes.len()));
    let (mut first_bad, mut bad) = (None, 0);
    for (number, line) in (1..).zip(bytes.split(|&b| b == b'\n').map(<[u8]>::trim_ascii)) {
        if line.is_empty() || line[0] == b'#' {
            continue;
        }
        let Some((owner, frames, value)) = split(line) else {
            first_bad.get_or_insert((number, line));
            bad += 1;
            continue;
        };
        let thread = threads.thread(owner, || String::from_utf8_lossy(owner).replace(';', " "))?;
        let builder = threads.builder(thread);
        let mut stack = locations(frames, builder);
        stack.reverse();
        builder.sample(stack, &[value], &[])?;
    }
    if threads.is_empty() {
        let (line, text) = first_bad.unwrap_or_default();
        let text = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        return Err(FoldedError::NoStacks { line, text });
    }
    threads.builder(0).notes.add(Normalised::BadLine, bad);
    Ok(threads.finish(0))
}

/// Process and thread, frames, and the number of a line. A line without frames is a thread that was seen before
/// it ran any Python.
fn split(line: &[u8]) -> Option<(&[u8], &[u8], i64)> {
    let space = line.iter().rposition(|&b| b == b' ');
    let (stack, value) = match space {
        Some(space) => (&line[..space], &line[space + 1..]),
        None => (&[][..], line),
    };
    let value = std::str::from_utf8(value).ok()?.parse().ok()?;
    let mut end = 0;
    while let Some(frame) = stack.get(end..).and_then(|rest| rest.split(|&b| b == b';').next())
        && is_owner(frame)
    {
        end += frame.len() + 1;
    }
    let owner = &stack[..end.saturating_sub(1).min(stack.len())];
    Some((owner, stack.get(end..).unwrap_or_default(), value))
}

/// A process or a thread.
fn is_owner(frame: &[u8]) -> bool {
    let digit_after =
        |start: &[u8]| frame.strip_prefix(start).is_some_and(|r| r.first().is_some_and(u8::is_ascii_digit));
    digit_after(b"thread (") || digit_after(b"process ")
}

/// Root first, as they stand there.
fn locations(frames: &[u8], builder: &mut ProfileBuilder) -> Vec<LocationId> {
    let mut stack = Vec::new();
    for frame in frames.split(|&b| b == b';').filter(|frame| !frame.is_empty()) {
        let (name, file, line) = place(frame).unwrap_or((frame, &[], 0));
        let name = clean_text(name, &mut builder.notes);
        let file = clean_text(file, &mut builder.notes);
        stack.push(builder.frame_at(&name, &file, line, 0));
    }
    stack
}

/// `price (shop.py:9)` in three; files of the interpreter's own have no line: `start (libc.so.6)`.
fn place(frame: &[u8]) -> Option<(&[u8], &[u8], i64)> {
    let inside = frame.strip_suffix(b")")?;
    let open = inside.windows(2).rposition(|w| w == b" (")?;
    let (name, place) = (&inside[..open], &inside[open + 2..]);
    let colon = place.iter().rposition(|&b| b == b':');
    let line = colon.and_then(|at| std::str::from_utf8(&place[at + 1..]).ok()?.parse::<i64>().ok());
    match (colon, line) {
        (Some(at), Some(line)) if !name.is_empty() => Some((name, &place[..at], line)),
        _ => None,
    }
}

/// Whether the first lines are stacks, and most of their frames of Python files with lines.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    let start = decode_text(&bytes[..bytes.len().min(256 << 10)]);
    let (mut known, mut all) = (0, 0);
    let whole = start.split(|&b| b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    for line in whole.take(5) {
        let Some((_, frames, _)) = split(line) else { return false };
        for frame in frames.split(|&b| b == b';').filter(|frame| !frame.is_empty()) {
            let python =
                |file: &[u8]| file.ends_with(b".py") || file.ends_with(b".pyx") || file.starts_with(b"<");
            all += 1;
            known += usize::from(place(frame).is_some_and(|(_, file, _)| python(file)));
        }
    }
    known > 0 && known * 2 >= all
}
