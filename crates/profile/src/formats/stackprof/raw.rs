//! `raw`: the list of samples.

use super::{File, StackprofError, Weight};
use crate::formats::builder::ProfileBuilder;
use crate::limits::MAX_STACK_DEPTH;
use crate::stack_table::LocationId;
use rustc_hash::FxHashMap;

/// Reads `length, frame … frame, times` over and over.
pub(super) fn read(
    file: &File,
    weight: &Weight,
    frames: &FxHashMap<&str, LocationId>,
    builder: &mut ProfileBuilder,
) -> Result<(), StackprofError> {
    let by_number: FxHashMap<u64, LocationId> =
        frames.iter().filter_map(|(id, location)| Some((id.parse().ok()?, *location))).collect();
    let (mut at, mut sample) = (0, 0);
    let mut clock = Clock::new(file);
    while at < file.raw.len() {
        let broken = |at: usize, problem: String| StackprofError::Raw { at, problem };
        let length = usize::try_from(file.raw[at]).ok().filter(|n| *n < file.raw.len() - at - 1);
        let length = length.ok_or_else(|| {
            broken(at, format!("a stack of {} frames does not fit into the list", file.raw[at]))
        })?;
        let ids = &file.raw[at + 1..at + 1 + length];
        let mut stack = Vec::with_capacity(length.min(MAX_STACK_DEPTH));
        for (i, id) in ids.iter().enumerate().rev() {
            let frame = by_number.get(id);
            stack.push(*frame.ok_or_else(|| broken(at + 1 + i, format!("frame {id} does not exist")))?);
        }
        let times = file.raw[at + 1 + length];
        let stack = builder.stack(stack)?;
        if file.raw_timestamp_deltas.is_empty() {
            let times = i64::try_from(times).unwrap_or(i64::MAX);
            builder.sample_at(None, stack, &[times, times.saturating_mul(weight.each)], &[])?;
        } else {
            for _ in 0..times {
                let Some((time, delta)) = clock.tick(sample) else {
                    let problem = format!("sample {sample} has no entry in `raw_timestamp_deltas`");
                    return Err(broken(at + 1 + length, problem));
                };
                let value = if weight.timed { delta } else { weight.each };
                builder.sample_at(Some(time), stack, &[1, value], &[])?;
                sample += 1;
            }
        }
        at += length + 2;
    }
    builder.profile().duration_nanos = clock.passed;
    Ok(())
}

/// When samples were taken, in nanoseconds on the monotonic clock, or from the start when that is not there.
struct Clock<'a> {
    deltas: &'a [i64],
    times: &'a [i64],
    passed: i64,
}

impl<'a> Clock<'a> {
    fn new(file: &'a File) -> Self {
        Clock { deltas: &file.raw_timestamp_deltas, times: &file.raw_sample_timestamps, passed: 0 }
    }

    /// Time of a sample, and how long it was since the one before.
    fn tick(&mut self, sample: usize) -> Option<(u64, i64)> {
        let delta = self.deltas.get(sample)?.max(&0).saturating_mul(1000);
        self.passed = self.passed.saturating_add(delta);
        let time = self.times.get(sample).map_or(self.passed, |time| time.saturating_mul(1000));
        Some((u64::try_from(time).unwrap_or(0).max(1), delta))
    }
}
