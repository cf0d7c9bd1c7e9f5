//! Client of `/api/v1/shares`, in the page's own types.

mod annotations;
mod create;
mod manage;
mod opened;
mod postmortem;

pub(crate) use annotations::{annotate, delete_annotation, keep_view};
pub(crate) use create::{CreatedShare, NewShare, create, data_expires_at, preview, teams, upload};
pub(crate) use manage::{Listed, Row, ShareChange, Whose, change, listed, revoke, rotate_link, transfer};
pub(crate) use opened::{Annotation, DataKind, NamedView, Opened, SideData, SnapshotData, open, snapshot};
pub(crate) use postmortem::{Snippet, postmortem};

use crate::state::url_text::encode;

const NS_PER_MS: i64 = 1_000_000;

/// Path of a share as pprof.
pub(crate) fn pprof_path(id: &str) -> String {
    format!("/api/v1/shares/open/{}/pprof", encode(id))
}

fn path_of(row: &str) -> String {
    format!("/api/v1/shares/{}", encode(row))
}
