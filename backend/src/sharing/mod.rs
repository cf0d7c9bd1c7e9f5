//! Shares: links to frozen evidence that still open when the profiles are gone.
//!
//! A share has two parts. The **payload** ([`payload`]) is immutable: sanitized call trees and the facts about them, addressed
//! by the hash of its bytes. The **envelope** is a mutable row in the records: title, note, visibility, expiry.
//!
//! Where a link is pasted, [`head`] and [`preview`] describe it; [`postmortem`] writes a self-contained report.
//!
//! Life of a share: [`evidence`] → [`create`]: sanitized and frozen by [`snapshot`], with [`facts`] and a preview image →
//! [`payload`] (bytes) and an envelope in the records → [`open`], by a [`link`] → [`manage`], [`mod@change`] → [`purge`].
//! All access rules are in [`policy`]. The functions take a [`ShareService`]: records, clock, configuration and a bound on
//! concurrent work.

pub mod annotations;
pub(crate) mod audience;
pub mod change;
pub(crate) mod create;
mod error;
pub(crate) mod evidence;
pub(crate) mod expiry;
pub(crate) mod facts;
pub(crate) mod head;
pub(crate) mod link;
pub mod manage;
pub mod open;
pub(crate) mod payload;
pub mod policy;
pub(crate) mod postmortem;
pub(crate) mod postmortem_export;
pub(crate) mod pprof;
pub(crate) mod preview;
mod preview_image;
pub mod purge;
mod service;
pub(crate) mod snapshot;
mod text;
pub(crate) mod view_state;

pub use error::ShareError;
pub use policy::Visibility;
pub use service::ShareService;
