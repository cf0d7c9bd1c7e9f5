//! The envelope of an opened share, which may change.

use super::{NS_PER_MS, opened_path};
use crate::api::{ApiError, get};
use crate::state::share::Visibility;
use crate::state::share_view::ShareKey;
use flarepath_wire::shares::ShareEnvelope;

/// The envelope of a share: everything but the data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opened {
    /// Id to manage it by; empty without the permission.
    pub(crate) row: String,
    pub(crate) title: String,
    pub(crate) note: String,
    /// What it shows, in one line; empty if that is not known.
    pub(crate) verdict: String,
    pub(crate) visibility: Visibility,
    pub(crate) created_ms: i64,
    /// `None` is never.
    pub(crate) expires_ms: Option<i64>,
    /// Name of its owner; empty unless signed in.
    pub(crate) owner: String,
    /// The view that it was shared with, as query parameters.
    pub(crate) state: String,
    pub(crate) views: Vec<NamedView>,
    /// Annotations, oldest first.
    pub(crate) annotations: Vec<Annotation>,
    /// Hash of the snapshot.
    pub(crate) hash: String,
}

impl Opened {
    /// The state of a named view, or of the shared one; `None` if there is no such view.
    pub(crate) fn state_of(&self, number: Option<u32>) -> Option<String> {
        match number {
            None => Some(self.state.clone()),
            Some(number) => self.views.iter().find(|v| v.number == number).map(|v| v.state.clone()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedView {
    /// From 1 on.
    pub(crate) number: u32,
    /// Such as `Fig. 1`.
    pub(crate) name: String,
    /// Query parameters.
    pub(crate) state: String,
}

/// An annotation of a place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation {
    pub(crate) id: String,
    /// Function names from below the root; empty for the whole profile.
    pub(crate) path: Vec<String>,
    pub(crate) text: String,
    /// Name of its author; empty unless signed in.
    pub(crate) author: String,
    pub(crate) created_ms: i64,
}

/// Loads the envelope of a share.
pub(crate) async fn open(key: &ShareKey) -> Result<Opened, ApiError> {
    let path = format!("{}/envelope", opened_path(key));
    let envelope: ShareEnvelope = get(&path, None).await?;
    let views = envelope.views.into_iter();
    let annotations = envelope.annotations.into_iter();
    Ok(Opened {
        row: envelope.id,
        title: envelope.title,
        note: envelope.note,
        verdict: envelope.verdict,
        visibility: Visibility::parse(&envelope.visibility).unwrap_or_default(),
        created_ms: envelope.created_ns / NS_PER_MS,
        expires_ms: envelope.expires_ns.map(|ns| ns / NS_PER_MS),
        owner: envelope.owner_name,
        state: envelope.view,
        views: views.map(|v| NamedView { number: v.number, name: v.name, state: v.state }).collect(),
        annotations: annotations
            .map(|a| Annotation {
                id: a.id,
                path: a.path,
                text: a.text,
                author: a.author,
                created_ms: a.created_ns / NS_PER_MS,
            })
            .collect(),
        hash: envelope.snapshot,
    })
}
