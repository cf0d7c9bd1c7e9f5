//! A profile file that a person opens: read in a worker of its own, never sent anywhere.
//!
//! The page posts [`protocol::Ask`]s, the worker answers with [`protocol::Answer`]s. The page never sees the
//! bytes of the file; the worker keeps the decoded profiles and builds one call tree at a time, on request.
//! [`opened`] says what is in a file, [`desk`] is the worker's side without the browser, [`job`] the page's.

pub(crate) mod chart;
pub(crate) mod export;
pub(crate) mod job;
pub(crate) mod offsets;
pub(crate) mod opened;
pub(crate) mod protocol;
pub(crate) mod salvage;
pub(crate) mod unzstd;
pub(crate) mod worker;
