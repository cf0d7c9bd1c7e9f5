//! Reader of Austin's text format.

use super::AustinError;
use super::samples::{Metrics, Mode, Samples};
use crate::formats::builder::ProfileBuilder;
use crate::formats::{NamedProfile, Normalised, clean_text};
use crate::stack_table::LocationId;

/// Process and thread, and what follows: `P12;T0:13` and `;file:function:line…`.
pub(super) struct Thread<'a> {
    /// Both as they are written.
    key: &'a [u8],
    process: &'a [u8],
    thread: &'a [u8],
    frames: &'a [u8],
    metrics: &'a [u8],
}

impl<'a> Thread<'a> {
    /// Takes a line apart; none if it is no sample.
    pub(super) fn split(line: &'a [u8]) -> Option<Self> {
        let line = line.trim_ascii_end();
        let space = line.iter().rposition(|&b| b == b' ')?;
        let (stack, metrics) = (&line[..space], &line[space + 1..]);
        let process = stack.strip_prefix(b"P")?;
        let semicolon = process.iter().position(|&b| b == b';')?;
        let (process, rest) = process.split_at(semicolon);
        let thread = rest.strip_prefix(b";T")?;
        let (thread, frames) =
            thread.split_at(thread.iter().position(|&b| b == b';').unwrap_or(thread.len()));
        let number = |b: &u8| b.is_ascii_hexdigit() || *b == b':' || *b == b'x';
        let valid =
            !process.is_empty() && process.iter().all(u8::is_ascii_digit) && thread.iter().all(number);
        let key = &stack[..stack.len() - frames.len()];
        valid.then_some(Thread { key, process, thread, frames, metrics })
    }

    fn name(&self) -> String {
        let (process, thread) = (String::from_utf8_lossy(self.process), String::from_utf8_lossy(self.thread));
        format!("process {process} thread {}", thread.strip_prefix("0:").unwrap_or(&thread))
    }
}

/// Reads the text; lines that make no sense are omitted and counted.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<NamedProfile>, AustinError> {
    let (mut mode, mut interval, mut bad) = (Mode::Wall, 0, 0);
    let mut samples: Option<Samples<&[u8]>> = None;
    for line in bytes.split(|&b| b == b'\n').map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty()) {
        if let Some(comment) = line.strip_prefix(b"#") {
            match (metadata(comment), &samples) {
                (Some(("mode", value)), None) => mode = Mode::parse(value)?,
                (Some(("interval", value)), _) => interval = value.parse().unwrap_or(0),
                _ => {}
            }
            continue;
        }
        let parsed = Thread::split(line).and_then(|thread| Some((metrics(thread.metrics, mode)?, thread)));
        let Some((metrics, parsed)) = parsed else {
            bad += 1;
            continue;
        };
        let samples = samples.get_or_insert_with(|| Samples::new(mode));
        let thread = samples.thread(parsed.key, || parsed.name())?;
        let mut stack = frames(parsed.frames, samples.builder(thread));
        stack.reverse();
        samples.add(thread, stack, metrics)?;
    }
    let mut samples = samples.ok_or(AustinError::NoSamples)?;
    samples.builder(0).notes.add(Normalised::BadLine, bad);
    samples.finish(interval)
}

/// `mode: wall` in two.
fn metadata(comment: &[u8]) -> Option<(&str, &str)> {
    let (name, value) = std::str::from_utf8(comment).ok()?.split_once(':')?;
    Some((name.trim(), value.trim()))
}

fn metrics(text: &[u8], mode: Mode) -> Option<Metrics> {
    let text = std::str::from_utf8(text).ok()?;
    if mode == Mode::Full {
        let mut parts = text.split(',').map(str::parse::<i64>);
        let mut next = || parts.next()?.ok();
        return Some(Metrics { micros: next()?, idle: next()? != 0, bytes: next()? });
    }
    let value = text.parse().ok()?;
    Some(match mode {
        Mode::Memory => Metrics { bytes: value, ..Metrics::default() },
        _ => Metrics { micros: value, ..Metrics::default() },
    })
}

/// Root first, as they stand there: `file:function:line`, where files may hold colons; or marks such as `:GC:`.
fn frames(text: &[u8], builder: &mut ProfileBuilder) -> Vec<LocationId> {
    let mut stack = Vec::new();
    for frame in text.split(|&b| b == b';').filter(|frame| !frame.is_empty()) {
        let mut parts = frame.rsplitn(3, |&b| b == b':');
        let line = parts.next().and_then(|line| std::str::from_utf8(line).ok()?.parse::<i64>().ok());
        let location = match (line, parts.next(), parts.next()) {
            (Some(line), Some(function), Some(file)) => {
                let name = clean_text(function, &mut builder.notes);
                let file = clean_text(file, &mut builder.notes);
                builder.frame_at(&name, &file, line, 0)
            }
            _ => {
                let mark = frame.strip_prefix(b":").and_then(|mark| mark.strip_suffix(b":"));
                let name = clean_text(mark.unwrap_or(frame), &mut builder.notes);
                builder.frame(&name)
            }
        };
        stack.push(location);
    }
    stack
}
