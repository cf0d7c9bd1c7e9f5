//! Text profiles: heap, contention, threads, and Go's `?debug=1` pages.

use super::LegacyPprofError;
use super::addresses::Addresses;
use super::mapped_files::MappedFiles;
use super::symbols::{Symbols, next_line};
use crate::formats::builder::ProfileBuilder;
use crate::formats::room::Room;
use crate::formats::text::{decode_text, hex_address};
use crate::formats::{Normalised, Notes, TooMuch, clean_text};
use crate::profile::{Profile, ValueType};
use crate::sample::{SampleLabel, SampleLabelValue};

/// What the first line says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Sampled every so many bytes; 0 if every allocation is there. Both pairs of numbers count.
    Heap { every: u64, both: bool },
    /// Growth of the heap, or its fragmentation.
    Growth,
    /// Anything that is counted.
    Count(String),
    /// Waiting for locks.
    Contention,
    /// One stack a thread.
    Threads,
}

impl Kind {
    /// Looks at the first line.
    pub(super) fn of(bytes: &[u8]) -> Option<Kind> {
        let (line, _) = next_line(&bytes[..bytes.len().min(1 << 10)]);
        let line = std::str::from_utf8(line).ok()?.trim_end();
        if let Some(rest) = line.strip_prefix("heap profile:") {
            return Self::heap(rest);
        }
        if line.starts_with("--- threadz ") {
            return Some(Kind::Threads);
        }
        let contention = ["--- contention", "--- mutex", "--- contentionz"];
        if let Some(head) = line.strip_suffix(':').or_else(|| line.split_once(" 1 ---").map(|(head, _)| head))
            && contention.contains(&head)
        {
            return Some(Kind::Contention);
        }
        let (name, total) = line.split_once(" profile: total ")?;
        let named =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b));
        (named && total.trim().parse::<u64>().is_ok()).then(|| Kind::Count(name.to_owned()))
    }

    fn heap(rest: &str) -> Option<Kind> {
        let (numbers, what) = rest.split_once('@')?;
        let numbers = heap_numbers(numbers)?;
        let (what, every) = what.trim().split_once('/').unwrap_or((what.trim(), "0"));
        let every: u64 = every.trim().parse().ok()?;
        Some(match what {
            "growth" | "growthz" | "fragmentationz" => Kind::Growth,
            // Go writes twice its rate, as old tools expected.
            "heap" => Kind::Heap { every: every / 2, both: true },
            "heap_v2" | "heapz_v2" => Kind::Heap { every, both: true },
            // Without a rate, both pairs are the same when only what is in use was counted.
            _ => Kind::Heap { every: 0, both: numbers[..2] != numbers[2..] },
        })
    }

    fn sample_types(&self) -> Vec<(&str, &str)> {
        let inuse = [("inuse_objects", "count"), ("inuse_space", "bytes")];
        match self {
            Kind::Heap { both: false, .. } => inuse.to_vec(),
            Kind::Heap { both: true, .. } => {
                [[("alloc_objects", "count"), ("alloc_space", "bytes")], inuse].concat()
            }
            Kind::Growth => vec![("objects", "count"), ("space", "bytes")],
            Kind::Count(name) => vec![(name, "count")],
            Kind::Contention => vec![("contentions", "count"), ("delay", "nanoseconds")],
            Kind::Threads => vec![("thread", "count")],
        }
    }

    fn expected(&self) -> &'static str {
        match self {
            Kind::Heap { .. } | Kind::Growth => "`1: 480 [1: 480] @ 0x47c5c5 0x41e4c5`",
            Kind::Count(_) => "`2 @ 0x47c5c5 0x41e4c5`",
            Kind::Contention => "`315549240 59 @ 0x47c5c5 0x41e4c5`",
            Kind::Threads => "`--- Thread 7ff794ab2700 (name: main/12) stack: ---` and addresses after it",
        }
    }
}

/// `n: b [n: b]`.
fn heap_numbers(text: &str) -> Option<[i64; 4]> {
    let mut numbers = text.split([':', '[', ']', ' ']).filter(|n| !n.is_empty()).map(str::parse::<i64>);
    let mut next = || numbers.next()?.ok();
    Some([next()?, next()?, next()?, next()?])
}

/// Reads the profile.
pub(super) fn read(bytes: &[u8], symbols: Symbols<'_>) -> Result<(Profile, Notes), LegacyPprofError> {
    let bytes = decode_text(bytes);
    let Some(kind) = Kind::of(&bytes) else {
        let (line, _) = next_line(&bytes);
        let found = String::from_utf8_lossy(&line[..line.len().min(80)]).into_owned();
        return Err(LegacyPprofError::Unknown(found));
    };
    let mut builder = ProfileBuilder::new(&kind.sample_types()).within(Room::of(bytes.len()));
    let files = MappedFiles::read(&bytes, &mut builder);
    let mut go = Symbols::default();
    let (_, body) = next_line(&bytes);
    Lines(body).for_each(|line| go.add_comment(line));
    let hides_ends = !go.is_empty();
    let symbols = if hides_ends { go } else { symbols };
    let addresses = Addresses { symbols, files, hides_ends };
    let mut reading = Reading { kind, addresses, builder, rate: Rate::default(), thread: None };
    let mut bad = None;
    for (number, line) in (2..).zip(Lines(body)) {
        match reading.line(line)? {
            Taken::End => break,
            Taken::Bad => {
                bad.get_or_insert((number, line));
                reading.builder.notes.add(Normalised::BadLine, 1);
            }
            Taken::Yes => {}
        }
    }
    reading.end_thread()?;
    if reading.builder.samples() == 0 {
        let (line, text) = bad.unwrap_or_default();
        let text = String::from_utf8_lossy(&text[..text.len().min(80)]).into_owned();
        return Err(LegacyPprofError::NoStacks { expected: reading.kind.expected(), line, text });
    }
    Ok(reading.finish())
}

/// Lines of text.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let (line, rest) = next_line(self.0);
        self.0 = rest;
        Some(line)
    }
}

/// Of a contention profile: what its numbers mean.
struct Rate {
    cycles_per_second: f64,
    every: i64,
}

impl Default for Rate {
    /// Without a word about it, the numbers are nanoseconds.
    fn default() -> Self {
        Rate { cycles_per_second: 1e9, every: 1 }
    }
}

enum Taken {
    Yes,
    Bad,
    /// The mapped files begin.
    End,
}

struct Reading<'a> {
    kind: Kind,
    addresses: Addresses<'a>,
    builder: ProfileBuilder,
    rate: Rate,
    /// Name and addresses of the thread being read.
    thread: Option<(String, Vec<u64>)>,
}

impl Reading<'_> {
    fn line(&mut self, line: &[u8]) -> Result<Taken, TooMuch> {
        let line = line.trim_ascii();
        if line.is_empty() || line[0] == b'#' {
            return Ok(Taken::Yes);
        }
        if [&b"MAPPED_LIBRARIES"[..], b"--- Memory map", b"Mapped libraries"]
            .iter()
            .any(|m| line.starts_with(m))
        {
            return Ok(Taken::End);
        }
        let Ok(line) = std::str::from_utf8(line) else { return Ok(Taken::Bad) };
        if self.kind == Kind::Threads {
            return self.thread_line(line);
        }
        if self.kind == Kind::Contention && self.rate_line(line) {
            return Ok(Taken::Yes);
        }
        let Some((numbers, stack)) = line.split_once('@') else { return Ok(Taken::Bad) };
        let addresses: Option<Vec<u64>> =
            stack.split_whitespace().map(|word| hex_address(word.as_bytes())).collect();
        let (Some(values), Some(addresses)) = (self.values(numbers.trim()), addresses) else {
            return Ok(Taken::Bad);
        };
        let locations = self.addresses.stack(&addresses, true, &mut self.builder);
        self.builder.sample(locations, &values, &[])?;
        Ok(Taken::Yes)
    }

    /// The numbers before the `@`.
    fn values(&self, text: &str) -> Option<Vec<i64>> {
        match &self.kind {
            Kind::Heap { every, both } => {
                let [inuse, inuse_bytes, alloc, alloc_bytes] = heap_numbers(text)?;
                let inuse = scale_up(inuse, inuse_bytes, *every);
                let alloc = scale_up(alloc, alloc_bytes, *every);
                Some(if *both { [alloc, inuse].concat() } else { inuse.to_vec() })
            }
            Kind::Growth => Some(heap_numbers(text)?[..2].to_vec()),
            Kind::Count(_) => Some(vec![text.parse().ok()?]),
            Kind::Contention => {
                let (cycles, times) = text.split_once(' ')?;
                let (cycles, times): (i64, i64) = (cycles.parse().ok()?, times.trim().parse().ok()?);
                let nanos = cycles as f64 * self.rate.every as f64 * 1e9 / self.rate.cycles_per_second;
                Some(vec![times.saturating_mul(self.rate.every), nanos.round() as i64])
            }
            Kind::Threads => None,
        }
    }

    /// `cycles/second = 2445423703`, `sampling period = 1`, and others that do not matter.
    fn rate_line(&mut self, line: &str) -> bool {
        let Some((name, value)) = line.split_once('=') else { return false };
        let value = value.trim().parse::<f64>().ok().filter(|value| *value >= 1.0 && value.is_finite());
        match (name.trim(), value) {
            ("cycles/second", Some(value)) => self.rate.cycles_per_second = value,
            ("sampling period", Some(value)) => self.rate.every = value as i64,
            _ => {}
        }
        true
    }

    fn thread_line(&mut self, line: &str) -> Result<Taken, TooMuch> {
        if let Some(rest) = line.strip_prefix("--- Thread ") {
            self.end_thread()?;
            let name = rest.split_once("(name: ").and_then(|(_, name)| name.split_once(')'));
            let name = name.map_or(rest.split_whitespace().next().unwrap_or(""), |(name, _)| name);
            self.thread = Some((name.to_owned(), Vec::new()));
            return Ok(Taken::Yes);
        }
        let Some((_, addresses)) = &mut self.thread else { return Ok(Taken::Bad) };
        let words = line.strip_prefix("PC:").unwrap_or(line).split_whitespace();
        let mut taken = Taken::Yes;
        for word in words {
            match hex_address(word.trim_end_matches(':').as_bytes()) {
                Some(address) => addresses.push(address),
                None => taken = Taken::Bad,
            }
        }
        Ok(taken)
    }

    /// Adds the thread that was being read.
    fn end_thread(&mut self) -> Result<(), TooMuch> {
        let Some((name, addresses)) = self.thread.take() else { return Ok(()) };
        if addresses.is_empty() {
            return Ok(());
        }
        let name = clean_text(name.as_bytes(), &mut self.builder.notes).into_owned();
        let strings = &mut self.builder.profile().strings;
        let label = SampleLabel {
            key: strings.intern("thread"),
            value: SampleLabelValue::Text(strings.intern(&name)),
        };
        let locations = self.addresses.stack(&addresses, true, &mut self.builder);
        self.builder.sample(locations, &[1], &[label])
    }

    fn finish(mut self) -> (Profile, Notes) {
        let every = match self.kind {
            Kind::Heap { every, .. } => Some(("space", "bytes", i64::try_from(every).unwrap_or(0))),
            Kind::Contention => Some(("contentions", "count", self.rate.every)),
            _ => None,
        };
        if let Some((kind, unit, every)) = every {
            let profile = self.builder.profile();
            let (kind, unit) = (profile.strings.intern(kind), profile.strings.intern(unit));
            profile.period_type = ValueType { kind, unit };
            profile.period = every;
        }
        self.builder.finish()
    }
}

/// What a sample of allocations stands for. An allocation of `s` bytes is sampled with the probability
/// `1 − e^(−s / every)`, so the average size of those seen says how many there were.
fn scale_up(objects: i64, bytes: i64, every: u64) -> [i64; 2] {
    if every <= 1 || objects <= 0 || bytes <= 0 {
        return [objects, bytes];
    }
    let size = bytes as f64 / objects as f64;
    let scale = 1.0 / (1.0 - (-size / every as f64).exp());
    [(objects as f64 * scale).round() as i64, (bytes as f64 * scale).round() as i64]
}
