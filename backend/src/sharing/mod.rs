//! Shares: evidence frozen into links that still open when the profiles are gone.
//!
//! A share is two things. The **payload** ([`payload`]) is immutable: the sanitised trees and the facts about them, addressed by the
//! hash of its bytes. The **envelope** is a row of our records that may change: title, note, who may open it, until when.

pub mod payload;
