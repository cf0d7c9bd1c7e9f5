//! Profiles this server into its own store, so that the first page shows something real.
//!
//! [`Sampling::start`] arms the timer: 100 samples a second of CPU time, process-wide, from the first moment of
//! the process. A [`Recorder`] stores what was sampled as a background job, in windows of ten seconds, the first one five. A
//! process that sleeps is not sampled; its windows are stored all the same, empty, so that the timeline shows zero and not
//! "no data".
//!
//! The layers: `sampler` (addresses on stacks, from a signal handler), `symbols` (addresses → functions), `window` (both, one
//! window after the other), `report` (pure: a window → a profile), `recorder` (the job).
//!
//! The demo's processes are sampled by the crate `pyroscope` instead, as its users' are (docs/decisions/0023-two-samplers.md).

mod recorder;
mod report;
mod sampler;
mod symbols;
mod window;

pub(crate) use recorder::Recorder;
pub(crate) use window::Sampling;
