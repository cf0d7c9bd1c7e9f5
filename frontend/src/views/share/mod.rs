//! The share dialog: a live link, which queries the server again, or a snapshot, which stays as it is.
//!
//! [`share_source`] derives from an address what a snapshot freezes, [`dialog_state`] holds the form and the result, the
//! other files show them, and [`copy_as`] copies them as text. Data that only this browser holds is prepared by [`local_sides`], and sent when the snapshot is
//! created, never before.

mod copy_as;
pub(crate) mod created_share;
pub(crate) mod dialog;
pub(crate) mod dialog_state;
pub(crate) mod form_fields;
mod local_sides;
mod offline_page;
pub(crate) mod sanitize_preview;
mod share_source;
pub(crate) mod snapshot_facts;
