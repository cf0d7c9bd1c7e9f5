//! Sharing what is on screen: a live link, which asks anew, or a snapshot, which stays.
//!
//! [`asked`] reads from an address what is to be frozen, [`desk`] holds what the person chooses and what came of it, the
//! other files show it. What only this browser holds is made ready by [`upload`], and leaves it only by the last press.

pub(crate) mod asked;
pub(crate) mod choices;
pub(crate) mod cleaned;
pub(crate) mod desk;
pub(crate) mod dialog;
pub(crate) mod made;
mod offline_page;
pub(crate) mod upload;
