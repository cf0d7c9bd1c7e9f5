//! Texts for a postmortem: the picture, the link, and the facts, so that the text still says everything when the link is dead.
//!
//! [`Facts`] go in; [`markdown()`], [`html()`] or [`confluence()`] come out. What is said is decided once, in `document`; each
//! target only knows how to write it. Whatever comes from profiles or from people is escaped for the target, and names
//! are written as code, where nothing turns into links or mentions.
//!
//! What is not known is said to be not known; it is never left out.

mod confluence;
mod document;
mod html;
mod markdown;
mod markup;
mod movers;
mod verdict;

pub use confluence::confluence;
pub use html::html;
pub use markdown::markdown;
pub use movers::{Mover, Movers};
pub use verdict::verdict;

use flarepath_profile::units::Unit;
use std::ops::Range;

/// All that a postmortem says. Times are nanoseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// What the share is called.
    pub title: &'a str,
    /// The finding in one line, see [`verdict()`].
    pub verdict: &'a str,
    /// Absolute address of the share.
    pub link: &'a str,
    /// Absolute address of the picture; `None` leaves it out.
    pub picture: Option<&'a str>,
    /// What is shown: one side, or baseline and comparison.
    pub sides: &'a [Side<'a>],
    /// The profile type's name, as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.
    pub profile_type: &'a str,
    /// Unit of all values.
    pub unit: &'a Unit,
    /// The functions that matter most.
    pub movers: &'a Movers,
    /// What was removed from the data before it was frozen, in a few words.
    pub sanitised: &'a str,
    /// Content address of the snapshot, as `blake3:…`.
    pub snapshot: &'a str,
    /// Who made the share.
    pub creator: &'a str,
    /// When the share was made.
    pub created_ns: i64,
    /// When the link ends; `None`: it does not.
    pub link_ends_ns: Option<i64>,
}

/// The data of one side.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What the side is called, such as `baseline`.
    pub label: &'a str,
    /// The service.
    pub service: Option<&'a str>,
    /// Its version.
    pub version: Option<&'a str>,
    /// The whole selector.
    pub selector: &'a str,
    /// First moment; `None` for a file without times.
    pub from_ns: Option<i64>,
    /// First moment after.
    pub until_ns: Option<i64>,
    /// Sum of all values.
    pub total: i64,
    /// Profiles merged.
    pub profiles: Option<u64>,
    /// Samples in them.
    pub samples: Option<u64>,
    /// How far samples are apart, and the unit of that.
    pub period: Option<(i64, &'a Unit)>,
    /// Instances that sent profiles.
    pub instances: Option<Instances>,
    /// Times without any profile; `None` when nobody looked.
    pub gaps: Option<&'a [Range<i64>]>,
    /// How long profiles were kept when the share was made.
    pub retention: Retention,
}

/// How many instances a side covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instances {
    /// Those with profiles in the window.
    pub covered: u64,
    /// Those that were known to run; `None` when nobody knows.
    pub known: Option<u64>,
}

/// How long profiles are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retention {
    /// Another storage decides.
    #[default]
    Unknown,
    /// For ever.
    Forever,
    /// For so many nanoseconds.
    For(i64),
}

#[cfg(test)]
mod tests;
