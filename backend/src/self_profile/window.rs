//! The sampler: arms the process-wide timer and takes its samples, one window after the other.

#![expect(clippy::disallowed_methods, reason = "the sampler stamps profiles with the system's time")]

use super::report::{FREQUENCY_HZ, Frame, Stack, Window};
use crate::allocator;
use pyroscope::PyroscopeError;
use pyroscope::backend::{BackendConfig, BackendImpl, BackendReady, PprofConfig, pprof_backend};
use pyroscope::backend::{Report, ReportData, StackFrame};
use std::time::{SystemTime, UNIX_EPOCH};

/// The timer cannot be armed, or its samples cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("this process cannot be sampled: {0}")]
pub(crate) struct CannotSample(#[from] PyroscopeError);

/// A running sampler. Only one can exist in a process.
pub(crate) struct Sampling {
    sampler: BackendImpl<BackendReady>,
    since: SystemTime,
}

impl Sampling {
    /// Arms the timer; what runs from now on is sampled.
    ///
    /// # Errors
    /// When the system refuses, or when sampling is already on.
    pub(crate) fn start() -> Result<Sampling, CannotSample> {
        let config = PprofConfig { sample_rate: FREQUENCY_HZ };
        let sampler = pprof_backend(config, BackendConfig::default()).initialize()?;
        give_memory_back(); // starting looks symbols up too, once
        Ok(Sampling { sampler, since: SystemTime::now() })
    }

    /// Ends this window and begins the next.
    pub(super) fn take(&mut self) -> Result<Window, CannotSample> {
        let until = SystemTime::now();
        let batch = self.sampler.report()?;
        give_memory_back();
        let stacks = match batch.data {
            ReportData::Reports(reports) => reports.iter().flat_map(stacks_of).collect(),
            ReportData::RawPprof(_) => Vec::new(), // other samplers of the crate
        };
        let since = std::mem::replace(&mut self.since, SystemTime::now());
        Ok(Window {
            time_nanos: since.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64),
            // None when the clock was set back in between: length unknown.
            duration_nanos: until.duration_since(since).map_or(0, |d| d.as_nanos() as i64),
            stacks,
        })
    }
}

/// Looking symbols up takes many times the memory of its answers, which is kept otherwise: by the cache of symbols, and
/// by the C library's allocator (35 MB for good, measured).
fn give_memory_back() {
    backtrace::clear_symbol_cache();
    allocator::give_back();
}

fn stacks_of(report: &Report) -> impl Iterator<Item = Stack> {
    report.iter().map(|(trace, count)| Stack {
        frames: trace.iter().map(frame).collect(),
        count: i64::try_from(*count).unwrap_or(i64::MAX),
    })
}

fn frame(frame: &StackFrame) -> Frame {
    Frame {
        name: frame.name.clone().unwrap_or_default(),
        // The crate puts the whole path where its name says relative.
        file: frame.relative_path.clone().unwrap_or_default(),
        line: frame.line.unwrap_or(0),
    }
}
