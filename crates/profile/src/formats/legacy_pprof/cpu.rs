//! Binary CPU profiles of gperftools.

use super::LegacyPprofError;
use super::addresses::Addresses;
use super::mapped_files::MappedFiles;
use super::symbols::Symbols;
use crate::formats::builder::ProfileBuilder;
use crate::formats::room::Room;
use crate::formats::{Normalised, Notes};
use crate::limits::MAX_STACK_DEPTH;
use crate::profile::Profile;

/// How the words are written.
#[derive(Clone, Copy)]
struct Words {
    size: usize,
    little: bool,
}

impl Words {
    /// The word at byte `at`.
    fn get(self, bytes: &[u8], at: usize) -> Option<u64> {
        let word = bytes.get(at..at.checked_add(self.size)?)?;
        let value = |word: u64, b: &u8| word << 8 | u64::from(*b);
        Some(if self.little { word.iter().rev().fold(0, value) } else { word.iter().fold(0, value) })
    }

    /// Tries the four ways to write 0, 3, 0.
    fn of(bytes: &[u8]) -> Option<Self> {
        let ways = [(8, true), (4, true), (8, false), (4, false)];
        ways.into_iter().map(|(size, little)| Words { size, little }).find(|words| {
            let word = |i: usize| words.get(bytes, i * words.size);
            [word(0), word(1), word(2), word(4)] == [Some(0), Some(3), Some(0), Some(0)]
                && word(3).is_some_and(|period| (1..=60_000_000).contains(&period))
        })
    }
}

/// Whether the header is there.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    Words::of(bytes).is_some()
}

/// Reads stacks, and the mapped files after them.
pub(super) fn read(bytes: &[u8], symbols: Symbols<'_>) -> Result<(Profile, Notes), LegacyPprofError> {
    let words = Words::of(bytes).ok_or(LegacyPprofError::Cpu { at: 0, problem: "no header" })?;
    let size = words.size;
    let period = words.get(bytes, 3 * size).unwrap_or(0) as i64 * 1000;
    // google-pprof writes 1 when it copies a profile, whatever it was: only counts are known then.
    let timed = period > 1000;
    let both = [("samples", "count"), ("cpu", "nanoseconds")];
    let mut builder = ProfileBuilder::new(&both[..1 + usize::from(timed)]).within(Room::of(bytes.len()));
    let (stacks, end) = stacks(bytes, words, &mut builder.notes);
    let files = MappedFiles::read(&bytes[end.min(bytes.len())..], &mut builder);
    let addresses = Addresses { symbols, files, hides_ends: false };
    let mut stack = Vec::new();
    for (times, at, depth) in stacks {
        let times = i64::try_from(times).unwrap_or(i64::MAX);
        stack.clear();
        stack.extend((0..depth).filter_map(|i| words.get(bytes, at + i * size)));
        let locations = addresses.stack(&stack, false, &mut builder);
        let values = [times, times.saturating_mul(period)];
        builder.sample(locations, &values[..1 + usize::from(timed)], &[])?;
    }
    if timed {
        let profile = builder.profile();
        profile.period_type = profile.sample_types[1];
        profile.period = period;
    }
    Ok(builder.finish())
}

/// How often, at which byte and how deep each stack is; and where they end. A file that was cut off has those that
/// are whole.
fn stacks(bytes: &[u8], words: Words, notes: &mut Notes) -> (Vec<(u64, usize, usize)>, usize) {
    let size = words.size;
    let mut at = 5 * size;
    let mut stacks = Vec::new();
    loop {
        let head = (words.get(bytes, at), words.get(bytes, at + size));
        let (Some(times), Some(depth)) = head else { break };
        let left = (bytes.len() - at) / size - 2;
        let Some(depth) = usize::try_from(depth).ok().filter(|depth| *depth <= left) else { break };
        let first = words.get(bytes, at + 2 * size);
        if times == 0 && depth == 1 && first == Some(0) {
            return (stacks, at + 3 * size);
        }
        stacks.push((times, at + 2 * size, depth.min(MAX_STACK_DEPTH)));
        at += (2 + depth) * size;
    }
    // google-pprof ends without the mark.
    notes.add(Normalised::CutOff, u64::from(at != bytes.len()));
    (stacks, bytes.len())
}
