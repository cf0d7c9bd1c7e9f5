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
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;

/// Content of a postmortem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// Title of the share.
    pub(crate) title: &'a str,
    /// One-line verdict, see [`verdict()`].
    pub(crate) verdict: &'a str,
    /// Absolute URL of the share.
    pub(crate) link: &'a str,
    /// Absolute URL of the preview image; `None` omits it.
    pub(crate) picture: Option<&'a str>,
    /// One side, or baseline and comparison.
    pub(crate) sides: &'a [Side<'a>],
    /// The profile type, such as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.
    pub(crate) profile_type: &'a str,
    /// Unit of all values.
    pub(crate) unit: &'a Unit,
    /// The top functions.
    pub(crate) movers: &'a Movers,
    /// Summary of the sanitization.
    pub(crate) sanitised: &'a str,
    /// Content address of the snapshot, such as `blake3:…`.
    pub(crate) snapshot: &'a str,
    /// Name of the owner.
    pub(crate) creator: &'a str,
    /// Creation time of the share.
    pub(crate) created_at: UnixNanos,
    /// Expiry of the link; `None` for never.
    pub(crate) link_ends_at: Option<UnixNanos>,
}

/// The data of one side.
#[derive(Clone, Debug)]
pub(crate) struct Side<'a> {
    /// Such as `baseline`.
    pub(crate) label: &'a str,
    /// The service.
    pub(crate) service: Option<String>,
    /// Its version.
    pub(crate) version: Option<String>,
    /// The whole selector.
    pub(crate) selector: &'a str,
    /// Start; `None` for a file without times.
    pub(crate) from: Option<UnixNanos>,
    /// End, exclusive.
    pub(crate) until: Option<UnixNanos>,
    /// Sum of all values.
    pub(crate) total: i64,
    /// Profiles merged.
    pub(crate) profiles: Option<u64>,
    /// Samples in them.
    pub(crate) samples: Option<u64>,
    /// Sampling period, and its unit.
    pub(crate) period: Option<(i64, Unit)>,
    /// Instances that sent profiles.
    pub(crate) instances: Option<Instances>,
    /// Periods without profiles; `None` if not determined.
    pub(crate) gaps: Option<Vec<Range<UnixNanos>>>,
    /// Retention of profiles when the share was created.
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

/// Retention of profiles.
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
