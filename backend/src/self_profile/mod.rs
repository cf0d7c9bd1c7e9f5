//! Profiles this server into its own store, so that the first page shows something real.
//!
//! [`Sampling::start`] arms the timer: 100 samples a second of CPU time, process-wide, from the first moment of
//! the process. A [`Recorder`] stores what was sampled as a background job, in windows of ten seconds, the first one five. A
//! process that sleeps is not sampled; its windows are stored all the same, empty, so that the timeline shows zero and not
//! "no data".
//!
//! The layers: `window` (the sampler: takes one window), `report` (pure: a window → a profile), `recorder` (the job).
//!
//! The sampler is the pprof-rs one inside the crate `pyroscope`: the crate `pprof` itself defines the same signal
//! handler symbol, so a binary that also holds the SDK, as ours does for its demo, cannot link both. While a
//! window's symbols are looked up no samples are taken: that work is not in the picture.

mod recorder;
mod report;
mod window;

pub(crate) use recorder::Recorder;
pub(crate) use window::Sampling;
