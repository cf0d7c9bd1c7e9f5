//! Ingestion of profiles, from any client in any protocol.
//!
//! Steps of a request, all but the last off the async threads ([`crate::work`]):
//!
//! 1. [`inflate`]: decompress within limits.
//! 2. [`push`], [`legacy`], [`otlp`], [`upload`]: parse the protocol: profiles and their labels.
//! 3. [`flarepath_profile::formats`]: bytes → `Profile`.
//! 4. [`batch`]: time ([`sample_time`]), labels ([`series_labels`]), one part for each set of sample labels
//!    ([`label_split`], [`subset`]), whether the sender may add to that series ([`Allowed`]), and whether its quotas admit the
//!    profile ([`quota`]). Rejected profiles are recorded with the reason; the others continue.
//! 5. [`crate::store::ProfileWriter::append_within`]: write to disk. Only then does the request complete.
//!
//! Nothing here depends on HTTP, which maps [`IngestError`] to a status.

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
pub(crate) mod quota;
mod receive;
mod rejection;
pub(crate) mod sample_time;
pub(crate) mod series_labels;
pub(crate) mod subset;
pub(crate) mod upload;

pub(crate) use error::IngestError;
pub(crate) use receive::receive;

use allowed::Allowed;
