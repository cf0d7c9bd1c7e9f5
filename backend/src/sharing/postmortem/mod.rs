//! Postmortem reports: image, link and facts, complete enough to stand alone when the link has expired.
//!
//! [`Facts`] go in; [`markdown()`], [`html()`] or [`confluence()`] come out. The content is decided once, in `document` (with
//! `sides`, `costs` and their `table`s); each format only writes it. Untrusted text is escaped for the format, and names are written as code,
//! so that nothing turns into links or mentions.
//!
//! Of a comparison it says what the verdict says, in its words and with its numbers; other functions are listed by their cost
//! by covered second. Facts that are not known say why, and are never omitted.

mod confluence;
mod costs;
mod document;
mod html;
mod markdown;
mod markup;
mod sides;
mod table;

pub(crate) use confluence::confluence;
pub(crate) use html::html;
pub(crate) use markdown::markdown;

use super::basis::Per;
use super::functions::TopFunctions;
use super::payload::VerdictResponse;
use flarepath_profile::units::Unit;
use flarepath_profile::unix_nanos::UnixNanos;
use std::ops::Range;

/// Content of a postmortem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// Title of the share.
    pub(crate) title: &'a str,
    /// What it shows, in one line; see [`super::headline`].
    pub(crate) headline: &'a str,
    /// The verdict on a comparison, or on a profile against a baseline that is not one of the sides; its headline and sentences are used as they are.
    pub(crate) verdict: Option<&'a VerdictResponse>,
    /// Why a comparison has no verdict, in a sentence.
    pub(crate) without_verdict: Option<&'static str>,
    /// Absolute URL of the share.
    pub(crate) link: &'a str,
    /// Absolute URL of the preview image; `None` omits it.
    pub(crate) picture: Option<&'a str>,
    /// One side, or baseline and comparison.
    pub(crate) sides: &'a [Side<'a>],
    /// The profile type, such as `process_cpu:cpu:nanoseconds:cpu:nanoseconds`.
    pub(crate) profile_type: &'a str,
    /// The sample type, such as `cpu`.
    pub(crate) sample_type: &'a str,
    /// Unit of all values.
    pub(crate) unit: &'a Unit,
    /// The functions that matter most.
    pub(crate) top: &'a TopFunctions,
    /// Whether `top` is of both sides.
    pub(crate) is_comparison: bool,
    /// What values of both sides are divided by, if that is known.
    pub(crate) per: Option<[Per; 2]>,
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

/// A fact, or why it is not known.
pub(crate) type Known<T> = Result<T, &'static str>;

/// The data of one side.
#[derive(Clone, Debug)]
pub(crate) struct Side<'a> {
    /// Such as `baseline`.
    pub(crate) label: &'a str,
    pub(crate) service: Known<String>,
    pub(crate) versions: Known<String>,
    /// The whole selector.
    pub(crate) selector: Known<&'a str>,
    /// Start; `None` for a file without times.
    pub(crate) from: Option<UnixNanos>,
    /// End, exclusive.
    pub(crate) until: Option<UnixNanos>,
    /// Time that profiles cover, of all replicas together, nanoseconds.
    pub(crate) covered_ns: Known<i64>,
    /// Sum of all values.
    pub(crate) total: i64,
    /// What values are divided by.
    pub(crate) per: Option<Per>,
    /// Profiles merged.
    pub(crate) profiles: Known<u64>,
    /// Samples in them.
    pub(crate) samples: Known<u64>,
    /// How far apart samples are.
    pub(crate) period: Known<Period>,
    /// Names and versions of profiler, SDK and runtime.
    pub(crate) profilers: Known<String>,
    /// Sample types with their units.
    pub(crate) sample_types: Known<String>,
    /// Instances that sent profiles.
    pub(crate) instances: Known<Instances>,
    /// Periods without profiles.
    pub(crate) gaps: Known<Vec<Range<UnixNanos>>>,
    /// Retention of profiles when the share was created.
    pub(crate) retention: Known<Retention>,
    /// The store that the profiles were read from, such as `prod (pyroscope 2.2.1)`.
    pub(crate) store: Known<String>,
}

/// Distance of two samples.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Period {
    /// In `unit`.
    pub(crate) value: i64,
    pub(crate) unit: Unit,
    /// Whether it is the time of all samples by their number, as no profiler states it.
    pub(crate) is_derived: bool,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retention {
    /// Profiles are never deleted.
    Forever,
    /// Nanoseconds.
    For(i64),
}

#[cfg(test)]
mod tests;
