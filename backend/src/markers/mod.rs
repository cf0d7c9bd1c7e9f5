//! Markers: what happened to a service, and when. A deployment, a change of configuration or of a feature flag, a change of scale, an
//! incident.
//!
//! - [`draft`]: checks what was sent. [`change`]: posts and deletes, with audit entries. [`prune`]: deletes what is too old.
//! - [`coverage`]: which markers a caller may change. [`visibility`]: which it sees.
//! - [`list`]: what was posted, in pages ([`position`]), with deployments that [`inferred`] finds in the versions of the profiles.
//!   [`latest`]: the last one of each of some services.
//!
//! A marker is about one service, or about those of its series that a selector selects. It is seen by those who see profiles of one of
//! these series, and changed by those whose role covers all of them, as it is the same for everyone.

pub(crate) mod change;
mod coverage;
pub(crate) mod draft;
mod error;
mod inferred;
pub(crate) mod latest;
pub(crate) mod list;
pub(crate) mod position;
pub mod prune;
mod selection;
mod visibility;

pub(crate) use error::MarkerError;

use crate::db::id::MarkerId;
use crate::db::markers::MarkerRow;
use flarepath_profile::unix_nanos::UnixNanos;

/// What may have happened.
pub(crate) const KINDS: [&str; 5] = [DEPLOY, "config", "flag", "scale", "incident"];
/// A new version.
pub(crate) const DEPLOY: &str = "deploy";

/// Origin of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A request.
    Posted,
    /// A version label that is new.
    Inferred,
    /// Both; the time is that of the request.
    Both,
}

impl Source {
    /// The name in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Source::Posted => "posted",
            Source::Inferred => "inferred",
            Source::Both => "both",
        }
    }
}

/// A marker, as a caller sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Absent if it was inferred.
    pub(crate) id: Option<MarkerId>,
    /// One of [`KINDS`].
    pub(crate) kind: String,
    pub(crate) at: UnixNanos,
    pub(crate) service: String,
    /// Narrows the service; empty for all of it.
    pub(crate) selector: String,
    pub(crate) version: String,
    pub(crate) text: String,
    pub(crate) url: String,
    pub(crate) source: Source,
    /// Empty if it was inferred.
    pub(crate) created_by: String,
    /// Whether the caller may delete it.
    pub(crate) deletable: bool,
}

impl Marker {
    fn posted(row: MarkerRow, source: Source, deletable: bool) -> Marker {
        Marker {
            id: Some(row.id),
            kind: row.kind,
            at: row.at,
            service: row.service,
            selector: row.selector,
            version: row.version,
            text: row.text,
            url: row.url,
            source,
            created_by: row.created_by,
            deletable,
        }
    }
}
