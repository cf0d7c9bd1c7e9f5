//! Samples of threads, from either format of Austin.

use super::AustinError;
use crate::formats::NamedProfile;
use crate::formats::builder::ProfileBuilder;
use crate::formats::threads::Threads;
use crate::stack_table::LocationId;
use std::hash::Hash;

/// What the numbers of a sample mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Wall,
    Cpu,
    Memory,
    Full,
}

impl Mode {
    pub(super) fn parse(text: &str) -> Result<Self, AustinError> {
        match text {
            "wall" => Ok(Mode::Wall),
            "cpu" => Ok(Mode::Cpu),
            "memory" => Ok(Mode::Memory),
            "full" => Ok(Mode::Full),
            other => Err(AustinError::Mode(other.chars().take(40).collect())),
        }
    }

    fn sample_types(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Mode::Wall => &[("samples", "count"), ("wall", "nanoseconds")],
            Mode::Cpu => &[("samples", "count"), ("cpu", "nanoseconds")],
            Mode::Memory => &[("samples", "count"), ("memory", "bytes")],
            Mode::Full => {
                &[("samples", "count"), ("wall", "nanoseconds"), ("cpu", "nanoseconds"), ("memory", "bytes")]
            }
        }
    }
}

/// The numbers of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Metrics {
    pub(super) micros: i64,
    pub(super) idle: bool,
    pub(super) bytes: i64,
}

/// Samples being collected.
pub(super) struct Samples<K> {
    pub(super) threads: Threads<K>,
    mode: Mode,
    /// Of each thread, nanoseconds from the start to its last sample.
    clocks: Vec<u64>,
    /// The latest of them: where a thread begins that is met later.
    now: u64,
}

impl<K: Eq + Hash> Samples<K> {
    pub(super) fn new(mode: Mode) -> Self {
        let types = mode.sample_types().iter().copied();
        Samples { threads: Threads::new(types), mode, clocks: Vec::new(), now: 0 }
    }

    /// The number of a thread.
    pub(super) fn thread(&mut self, key: K, name: impl FnOnce() -> String) -> Result<usize, AustinError> {
        let thread = self.threads.thread(key, name)?;
        if self.clocks.len() <= thread {
            self.clocks.push(self.now);
        }
        Ok(thread)
    }

    /// The profile of a thread.
    pub(super) fn builder(&mut self, thread: usize) -> &mut ProfileBuilder {
        self.threads.builder(thread)
    }

    /// Adds a sample, which began when the one before it ended.
    pub(super) fn add(
        &mut self,
        thread: usize,
        leaf_first: impl IntoIterator<Item = LocationId>,
        metrics: Metrics,
    ) -> Result<(), AustinError> {
        let nanos = metrics.micros.saturating_mul(1000);
        let busy = if metrics.idle { 0 } else { nanos };
        let (mode, start) = (self.mode, self.clocks[thread]);
        if mode != Mode::Memory {
            self.clocks[thread] = start.saturating_add(u64::try_from(nanos).unwrap_or(0));
            self.now = self.now.max(self.clocks[thread]);
        }
        let builder = self.threads.builder(thread);
        let stack = builder.stack(leaf_first)?;
        let time = (mode != Mode::Memory).then(|| start.max(1));
        match mode {
            Mode::Wall | Mode::Cpu => builder.sample_at(time, stack, &[1, nanos], &[])?,
            Mode::Memory => builder.sample_at(time, stack, &[1, metrics.bytes], &[])?,
            Mode::Full => builder.sample_at(time, stack, &[1, nanos, busy, metrics.bytes], &[])?,
        }
        Ok(())
    }

    /// One profile a thread; `interval` is in microseconds.
    pub(super) fn finish(mut self, interval: i64) -> Result<Vec<NamedProfile>, AustinError> {
        let duration = i64::try_from(self.now).unwrap_or(i64::MAX);
        for builder in self.threads.builders() {
            let profile = builder.profile();
            profile.default_sample_type = profile.sample_types[1].kind;
            profile.period_type = profile.sample_types[1];
            profile.period = if self.mode == Mode::Memory { 0 } else { interval.saturating_mul(1000) };
            profile.duration_nanos = duration;
        }
        let profiles = self.threads.finish(1);
        if profiles.is_empty() { Err(AustinError::NoSamples) } else { Ok(profiles) }
    }
}
