//! Shares: evidence frozen into links that still open when the profiles are gone.
//!
//! A share is two things. The **payload** ([`payload`]) is immutable: the sanitised trees and the facts about them, addressed by the
//! hash of its bytes. The **envelope** is a row of our records that may change: title, note, who may open it, until when.
//!
//! Where a link is pasted, [`head`] and [`preview`] say what it shows; [`postmortem`] writes a text that stands alone.
//!
//! The way of a share: [`evidence`] (what was found) → [`create`]: sanitised and frozen by [`snapshot`], with [`facts`] and a
//! `picture` → [`payload`] (bytes) and an envelope in the records → [`open`], by a [`link`] → [`manage`]. Who may do what is
//! said in [`policy`] and nowhere else. [`Desk`] holds it together.

pub(crate) mod create;
mod desk;
mod error;
pub(crate) mod evidence;
pub(crate) mod expiry;
pub(crate) mod facts;
pub(crate) mod head;
pub(crate) mod link;
pub mod manage;
pub(crate) mod open;
pub(crate) mod payload;
mod picture;
pub mod policy;
pub(crate) mod postmortem;
pub(crate) mod pprof;
pub(crate) mod preview;
pub(crate) mod remarks;
pub(crate) mod snapshot;
mod upkeep;
pub(crate) mod view_state;
mod wording;
pub(crate) mod write_up;

pub(crate) use desk::Desk;
pub use error::ShareError;
pub use policy::Visibility;
