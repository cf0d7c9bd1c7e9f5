//! Local profile files: read in a web worker, never sent anywhere.
//!
//! Page and worker exchange the messages of [`protocol`]. The page never sees the bytes of the file; the worker keeps the
//! decoded profiles and builds one call tree at a time, on request. [`opened`] describes a file, [`worker`] is the worker
//! without the browser, [`job`] the progress that the page shows.

pub(crate) mod chart;
pub(crate) mod export;
pub(crate) mod in_time;
pub(crate) mod job;
pub(crate) mod limits;
pub(crate) mod offsets;
pub(crate) mod opened;
pub(crate) mod protocol;
pub(crate) mod salvage;
pub(crate) mod unzstd;
pub(crate) mod worker;
