//! Managing shares: list, change, revoke, replace the link, transfer.

use super::{NS_PER_MS, path_of};
use crate::api::change::{Change, delete, send};
use crate::api::send::{Body, fetch};
use crate::api::{ApiError, get};
use crate::state::share::{EVERYONE_SIGNED_IN, Visibility};
use crate::state::url_text::encode;
use flarepath_wire::shares::{ChangeShareRequest, CreatedShare, Share, SharesResponse, TransferShareRequest};
use gloo_net::http::Method;
use web_sys::AbortController;

/// A share in the list of shares.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Id to manage it by.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    /// Display name of what was frozen.
    pub(crate) kind: String,
    /// What it shows, in one line; empty if that is not known.
    pub(crate) verdict: String,
    /// Who may open it.
    pub(crate) visibility: Visibility,
    /// Of visibility `org`: whether everyone who signs in may open it, as before this required a role over everything.
    pub(crate) everyone_signed_in: bool,
    /// Id of the team, where its visibility is a team.
    pub(crate) team: String,
    /// Name of its owner.
    pub(crate) owner: String,
    pub(crate) created_ms: i64,
    /// `None` is never.
    pub(crate) expires_ms: Option<i64>,
    pub(crate) revoked_ms: Option<i64>,
    /// Number of times it was opened.
    pub(crate) views: u64,
    pub(crate) viewed_ms: Option<i64>,
    /// Version that a change applies to.
    pub(crate) version: i64,
    /// `active`, `expired`, `revoked` or `purged`.
    pub(crate) state: String,
    /// Sanitization policy.
    pub(crate) policy: String,
}

impl Row {
    /// Who may open it, in the words of the list.
    pub(crate) fn access(&self) -> &'static str {
        match self.visibility {
            Visibility::Org if self.everyone_signed_in => EVERYONE_SIGNED_IN,
            other => other.label(),
        }
    }
}

fn row(share: Share) -> Row {
    Row {
        id: share.id,
        title: share.title,
        note: share.note,
        kind: match share.kind.as_str() {
            "explore" => "flame graph",
            "compare" => "difference",
            "heatmap" => "heat map",
            _ => "local file",
        }
        .to_owned(),
        verdict: share.verdict,
        visibility: Visibility::parse(&share.visibility).unwrap_or_default(),
        everyone_signed_in: share.everyone_signed_in,
        team: share.team_id,
        owner: share.owner_name,
        created_ms: share.created_ns / NS_PER_MS,
        expires_ms: share.expires_ns.map(|ns| ns / NS_PER_MS),
        revoked_ms: share.revoked_ns.map(|ns| ns / NS_PER_MS),
        views: share.views,
        viewed_ms: share.viewed_ns.map(|ns| ns / NS_PER_MS),
        version: share.version,
        state: share.state,
        policy: share.policy,
    }
}

/// One page of shares, newest first.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    pub(crate) rows: Vec<Row>,
    /// Cursor of the next page; empty on the last.
    pub(crate) next: String,
}

/// Which shares to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The person's own.
    #[default]
    Mine,
    /// Those of all users.
    All,
    /// Those of all users that everyone who signs in can open, see [`Row::everyone_signed_in`].
    ForEveryone,
}

impl Whose {
    /// The query of the page and of the API.
    pub(crate) fn query(self) -> &'static str {
        match self {
            Whose::Mine => "all=false",
            Whose::All => "all=true",
            Whose::ForEveryone => "all=true&everyone=true",
        }
    }
}

/// A page of shares.
pub(crate) async fn listed(whose: Whose, before: String, abort: AbortController) -> Result<Listed, ApiError> {
    let before = if before.is_empty() { before } else { format!("&before={}", encode(&before)) };
    let path = format!("/api/v1/shares?{}{before}", whose.query());
    let answer: SharesResponse = get(&path, Some(&abort)).await?;
    Ok(Listed { rows: answer.shares.into_iter().map(row).collect(), next: answer.next })
}

/// A change of a share; `None` keeps a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShareChange {
    pub(crate) title: Option<String>,
    pub(crate) note: Option<String>,
    /// Who may open it, and the team.
    pub(crate) visibility: Option<(Visibility, Option<String>)>,
    /// Days until it expires; the inner `None` is never.
    pub(crate) days: Option<Option<u32>>,
    /// Confirms that more people may open it.
    pub(crate) confirmed: bool,
}

/// Changes a share.
pub(crate) fn change(of: &Row, change: ShareChange) -> Change<()> {
    let (visibility, team) = change.visibility.unzip();
    let request = ChangeShareRequest {
        version: of.version,
        title: change.title,
        note: change.note,
        visibility: visibility.map(|v| v.as_str().to_owned()),
        team_id: team.flatten(),
        expires_in: change.days.map(|days| days.map_or("never".to_owned(), |days| format!("{days}d"))),
        confirm: change.confirmed,
    };
    send(Method::PATCH, &path_of(&of.id), &request)
}

/// Revokes a share.
pub(crate) fn revoke(id: &str) -> Change<()> {
    delete(&path_of(id))
}

/// Replaces the link of a share; the old one stops working.
pub(crate) fn rotate_link(id: &str) -> Change<String> {
    let path = format!("{}/link", path_of(id));
    Box::pin(async move {
        let answer: CreatedShare = fetch(Method::POST, &path, Body::None, None).await?;
        Ok(answer.link_id)
    })
}

/// Transfers ownership of a share.
pub(crate) fn transfer(id: &str, to: String) -> Change<()> {
    send(Method::POST, &format!("{}/transfer", path_of(id)), &TransferShareRequest { to })
}
