//! Shares: evidence frozen into links that still open when the profiles are gone.
//!
//! A share is two things. The **payload** ([`payload`]) is immutable: the sanitised trees and the facts about them, addressed by the
//! hash of its bytes. The **envelope** is a row of our records that may change: title, note, who may open it, until when.
//!
//! Where a link is pasted, [`head`] and [`preview`] say what it shows; [`postmortem`] writes a text that stands alone.

pub mod head;
pub mod payload;
pub mod postmortem;
pub mod preview;
mod wording;
