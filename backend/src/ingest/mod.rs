//! Profiles coming in, from any client in any protocol.
//!
//! The way of one request, all of it off the async threads up to the last step (see `work`):
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
pub mod app_name;
pub mod attime;
pub mod batch;
mod error;
pub mod form;
pub mod inflate;
mod jfr_body;
pub mod label_split;
pub mod legacy;
pub mod otlp;
mod pprof_body;
pub mod profile_kind;
pub mod push;
mod push_message;
mod receive;
pub mod sample_time;
pub mod series_labels;
pub mod subset;
pub mod upload;
mod work;

pub use allowed::Allowed;
pub use error::IngestError;
pub use receive::receive;
