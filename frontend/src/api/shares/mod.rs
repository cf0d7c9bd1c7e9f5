//! Client of `/api/v1/shares`, in the page's own types.

mod annotations;
mod create;
mod envelope;
mod fact_texts;
mod manage;
mod opened;
mod postmortem;

pub(crate) use annotations::{annotate, delete_annotation, keep_view};
pub(crate) use create::{CreatedShare, NewShare, create, data_expires_at, preview, teams, upload};
pub(crate) use envelope::{Annotation, NamedView, Opened, open};
pub(crate) use manage::{Listed, Row, ShareChange, Whose, change, listed, revoke, rotate_link, transfer};
pub(crate) use opened::{DataKind, SideData, SnapshotData, snapshot};
pub(crate) use postmortem::{Snippet, postmortem};

use crate::state::share_view::ShareKey;
use crate::state::url_text::encode;

const NS_PER_MS: i64 = 1_000_000;

/// Path of a share as pprof.
pub(crate) fn pprof_path(key: &ShareKey) -> String {
    format!("{}/pprof", opened_path(key))
}

/// Path of the picture of a share, for those who may manage it.
pub(crate) fn picture_path(row: &str) -> String {
    format!("{}/picture", path_of(row))
}

/// What the parts of an opened share are below.
fn opened_path(key: &ShareKey) -> String {
    match key {
        ShareKey::Link(link) => format!("/api/v1/shares/open/{}", encode(link)),
        ShareKey::Record(row) => path_of(row),
    }
}

fn path_of(row: &str) -> String {
    format!("/api/v1/shares/{}", encode(row))
}
