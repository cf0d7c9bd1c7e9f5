//! Shares: their audience, their lifetime, the data they freeze, and what sanitization removes from it.

mod form;
mod report;
mod source;
mod team;
mod visibility;

pub(crate) use form::{Lifetime, ShareForm};
pub(crate) use report::{SanitizeReport, SharePreview};
pub(crate) use source::{LocalSide, ShareSource};
pub(crate) use team::ShareTeam;
pub(crate) use visibility::{EVERYONE_SIGNED_IN, Visibility};
