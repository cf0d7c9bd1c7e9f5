//! Profiles coming in, from any client in any protocol.
//!
//! The way of one request, all of it off the async threads up to the last step ([`crate::work`]):
//!
//! 1. [`inflate`]: decompress, within bounds.
//! 2. [`push`], [`legacy`], [`otlp`], [`upload`]: the protocol: which profiles, with which labels.
//! 3. [`flarepath_profile::formats`]: bytes → `Profile`.
//! 4. [`batch`]: time ([`sample_time`]), labels ([`series_labels`]), one part for each set of sample labels
//!    ([`label_split`], [`subset`]), and whether the sender may add to that series ([`Allowed`]). What cannot be taken is remembered with its reason; the rest goes on.
//! 5. [`crate::store::ProfileWriter::append`]: on disk. Only then is the request answered.
//!
//! Nothing here knows HTTP; statuses are chosen by [`crate::http`] from [`IngestError`].

mod allowed;
pub(crate) mod app_name;
pub(crate) mod attime;
pub(crate) mod batch;
mod error;
pub(crate) mod form;
pub(crate) mod inflate;
mod jfr_body;
pub(crate) mod label_split;
pub(crate) mod legacy;
pub(crate) mod otlp;
mod pprof_body;
pub(crate) mod profile_kind;
pub(crate) mod push;
mod push_message;
mod receive;
pub(crate) mod sample_time;
pub(crate) mod series_labels;
pub(crate) mod subset;
pub(crate) mod upload;

pub(crate) use allowed::Allowed;
pub(crate) use error::IngestError;
pub(crate) use receive::receive;
