//! Postmortem reports: image, link and facts, complete enough to stand alone when the link has expired.
//!
//! [`Facts`] go in; [`markdown()`], [`html()`] or [`confluence()`] come out. The content is decided once, in `document`; each
//! format only writes it. Untrusted text is escaped for the format, and names are written as code, so that nothing turns into
//! links or mentions.
//!
//! Unknown facts are stated as not known, never omitted.

mod confluence;
mod document;
mod html;
mod markdown;
mod markup;
mod movers;
mod verdict;

pub(crate) use confluence::confluence;
pub(crate) use html::html;
pub(crate) use markdown::markdown;
pub(crate) use movers::{Mover, Movers};
pub(crate) use verdict::verdict;

use flarepath_profile::units::Unit;
use std::ops::Range;

/// Content of a postmortem. Times are nanoseconds since the epoch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// What the share is called.
    pub(crate) title: &'a str,
    /// The finding in one line, see [`verdict()`].
    pub(crate) verdict: &'a str,
    /// Absolute address of the share.
    pub(crate) link: &'a str,
    /// Absolute address of the picture; `None` leaves it out.
    pub(crate) picture: Option<&'a str>,
    /// What is shown: one side, or baseline and comparison.
    pub(crate) sides: &'a [Side<'a>],
    /// The profile type's name, as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.
    pub(crate) profile_type: &'a str,
    /// Unit of all values.
    pub(crate) unit: &'a Unit,
    /// The functions that matter most.
    pub(crate) movers: &'a Movers,
    /// What was removed from the data before it was frozen, in a few words.
    pub(crate) sanitised: &'a str,
    /// Content address of the snapshot, as `blake3:…`.
    pub(crate) snapshot: &'a str,
    /// Who made the share.
    pub(crate) creator: &'a str,
    /// When the share was made.
    pub(crate) created_ns: i64,
    /// When the link ends; `None`: it does not.
    pub(crate) link_ends_ns: Option<i64>,
}

/// The data of one side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Side<'a> {
    /// What the side is called, such as `baseline`.
    pub(crate) label: &'a str,
    /// The service.
    pub(crate) service: Option<&'a str>,
    /// Its version.
    pub(crate) version: Option<&'a str>,
    /// The whole selector.
    pub(crate) selector: &'a str,
    /// First moment; `None` for a file without times.
    pub(crate) from_ns: Option<i64>,
    /// First moment after.
    pub(crate) until_ns: Option<i64>,
    /// Sum of all values.
    pub(crate) total: i64,
    /// Profiles merged.
    pub(crate) profiles: Option<u64>,
    /// Samples in them.
    pub(crate) samples: Option<u64>,
    /// How far samples are apart, and the unit of that.
    pub(crate) period: Option<(i64, &'a Unit)>,
    /// Instances that sent profiles.
    pub(crate) instances: Option<Instances>,
    /// Periods without profiles; `None` if not determined.
    pub(crate) gaps: Option<&'a [Range<i64>]>,
    /// How long profiles were kept when the share was made.
    pub(crate) retention: Retention,
}

/// How many instances a side covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instances {
    /// Those with profiles in the window.
    pub(crate) covered: u64,
    /// Known running instances; `None` if not known.
    pub(crate) known: Option<u64>,
}

/// How long profiles are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Retention {
    /// Not known, as for local files and older snapshots.
    #[default]
    Unknown,
    /// Profiles are never deleted.
    Forever,
    /// Nanoseconds.
    For(i64),
}

#[cfg(test)]
mod tests;
