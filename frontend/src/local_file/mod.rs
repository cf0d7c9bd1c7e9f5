//! A profile file that a person opens: read in a worker of its own, never sent anywhere.
//!
//! The page posts [`protocol::Ask`]s, the worker answers with [`protocol::Answer`]s. The page never sees the
//! bytes of the file; the worker keeps the decoded profiles and builds one call tree at a time, on request.
//! [`opened`] says what is in a file, [`desk`] is the worker's side without the browser, [`job`] the page's.

pub mod chart;
pub mod desk;
pub mod export;
pub mod job;
pub mod offsets;
pub mod opened;
pub mod protocol;
pub mod salvage;
pub mod unzstd;
