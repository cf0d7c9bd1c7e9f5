//! Shares: links to frozen evidence that still open when the profiles are gone.
//!
//! A share has two parts. The **payload** ([`payload`]) is immutable: sanitized call trees and the facts about them, addressed
//! by the hash of its bytes. The **envelope** is a mutable row in the records: title, note, visibility, expiry.
//!
//! Where a link is pasted, [`head`] and [`preview`] describe it, with the line of [`headline`]; [`postmortem`] writes a
//! self-contained report. Whatever compares two sides does so by [`basis`], never by raw totals.
//!
//! Life of a share: [`evidence`], or [`local_file`] → [`create`]: sanitized and frozen by [`snapshot`], with [`facts`] and a preview image →
//! [`payload`] (bytes) and an envelope in the records → [`open`], by a [`link`] or by its manager → [`manage`], [`mod@change`] → [`purge`].
//! All access rules are in [`policy`]. The functions take a [`ShareService`]: records, clock, configuration and a bound on
//! concurrent work.

pub mod annotations;
pub(crate) mod audience;
mod audit_entry;
mod basis;
pub mod change;
mod cost_words;
pub(crate) mod create;
pub(crate) mod description;
mod error;
pub(crate) mod evidence;
pub(crate) mod expiry;
pub(crate) mod facts;
mod functions;
#[cfg(test)]
mod golden;
pub(crate) mod head;
mod headline;
pub(crate) mod link;
mod local_file;
pub mod manage;
pub mod open;
mod own_functions;
pub(crate) mod payload;
pub(crate) mod picture;
pub mod policy;
pub(crate) mod postmortem;
pub(crate) mod postmortem_export;
pub(crate) mod pprof;
pub(crate) mod preview;
mod preview_image;
pub mod purge;
pub(crate) mod renewal;
mod sampling_facts;
mod service;
mod side_facts;
pub(crate) mod snapshot;
pub(crate) mod stored_snapshot;
pub(crate) mod summary;
mod text;
pub(crate) mod title;
pub(crate) mod verdict;
pub(crate) mod view_state;
mod write;

pub use error::ShareError;
pub use policy::Visibility;
pub use service::ShareService;
