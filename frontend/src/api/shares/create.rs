//! Creating shares: the preview of sanitization, snapshots of stored data, uploads of local data.

use super::NS_PER_MS;
use crate::api::request::retention_path;
use crate::api::send::{Body, fetch};
use crate::api::{ApiError, get};
use crate::browser::download;
use crate::local_file::in_time::InTime;
use crate::state::share::{
    LocalSide, SanitizeReport, ShareForm, SharePreview, ShareSource, ShareTeam, Visibility,
};
use crate::state::time_range::Span;
use flarepath_wire::access::TeamsResponse;
use flarepath_wire::chart::FlameChart;
use flarepath_wire::offsets::OffsetCells;
use flarepath_wire::people::MeResponse;
use flarepath_wire::shares::{
    CreateShareRequest, CreatedShare as CreatedShareResponse, RetentionResponse,
    SharePreview as PreviewResponse, ShareSource as WireSource,
};
use flarepath_wire::snapshot::{SanitizeReport as WireReport, Snapshot, SnapshotKind, SnapshotSide, VERSION};
use gloo_net::http::Method;
use prost::Message;
use web_sys::AbortController;

/// A share to create.
#[derive(Clone, Debug)]
pub(crate) struct NewShare {
    /// The fields of the dialog.
    pub(crate) form: ShareForm,
    /// Whether the strict policy applies.
    pub(crate) strict: bool,
    /// The data to freeze.
    pub(crate) source: ShareSource,
    /// The view it opens with, as query parameters.
    pub(crate) state: String,
}

/// A share that was just created.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CreatedShare {
    /// Id in its link; shown once.
    pub(crate) id: String,
    /// Id to manage it by.
    pub(crate) row: String,
    /// What sanitization removed.
    pub(crate) report: Option<SanitizeReport>,
    /// Whether anyone with the link can open it.
    pub(crate) is_public: bool,
    /// Whether the server knows its own public address (`public_url`).
    pub(crate) has_address: bool,
}

fn request(share: NewShare) -> CreateShareRequest {
    let NewShare { form, strict, source, state } = share;
    let stored = |kind: &str, query: String, [selection, second_selection]: [String; 2]| {
        Some(WireSource { kind: kind.to_owned(), query, selection, second_selection })
    };
    let none = || [String::new(), String::new()];
    CreateShareRequest {
        title: form.title,
        note: form.note,
        visibility: form.visibility.as_str().to_owned(),
        team_id: form.team.filter(|_| form.visibility == Visibility::Team).unwrap_or_default(),
        expires_in: form.lifetime.days.map_or("never".to_owned(), |days| format!("{days}d")),
        strict,
        source: match source {
            ShareSource::Explore(query) => stored("explore", query, none()),
            ShareSource::Compare(query) => stored("compare", query, none()),
            ShareSource::Heatmap(query, selected) => {
                let mut selected = selected.into_iter();
                stored("heatmap", query, none().map(|empty| selected.next().unwrap_or(empty)))
            }
            ShareSource::Local => None,
        },
        view: state,
        local: None,
    }
}

/// What sanitization would remove and keep, and the title.
pub(crate) async fn preview(share: NewShare, abort: AbortController) -> Result<SharePreview, ApiError> {
    let body = Body::json(&request(share))?;
    let answer: PreviewResponse = fetch(Method::POST, "/api/v1/shares/preview", body, Some(&abort)).await?;
    let report = report_of(answer.report.unwrap_or_default());
    Ok(SharePreview { report, title: Some(answer.title) })
}

/// Freezes data of the store.
pub(crate) async fn create(share: NewShare) -> Result<CreatedShare, ApiError> {
    post(Body::json(&request(share))?).await
}

/// Uploads and freezes what only this browser holds.
pub(crate) async fn upload(
    share: NewShare,
    parts: &[LocalSide],
    in_time: Option<InTime>,
) -> Result<CreatedShare, ApiError> {
    let side = |part: &LocalSide| SnapshotSide {
        label: part.label.clone(),
        unit: part.unit.clone(),
        profile_type: part.profile_type.clone(),
        profiles: part.profiles,
        covered_ns: part.covered_ns,
        tree: Some((&*part.tree).into()),
        ..SnapshotSide::default()
    };
    let (chart, offsets) = match in_time {
        Some(InTime::Chart(chart, lane)) => (Some(FlameChart::of(&chart, &lane.name)), None),
        Some(InTime::Offsets(cells)) => (None, Some(OffsetCells::clone(&cells))),
        None => (None, None),
    };
    let local = Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: parts.iter().map(side).collect(),
        chart,
        offsets,
        ..Snapshot::default()
    };
    let message = CreateShareRequest { local: Some(local), ..request(share) };
    let bytes = download::gzip(&message.encode_to_vec()).await.map_err(ApiError::here)?;
    post(Body::Protobuf(bytes)).await
}

async fn post(body: Body) -> Result<CreatedShare, ApiError> {
    let answer: CreatedShareResponse = fetch(Method::POST, "/api/v1/shares", body, None).await?;
    let share = answer.share.unwrap_or_default();
    Ok(CreatedShare {
        id: answer.link_id,
        row: share.id,
        report: answer.report.map(report_of),
        is_public: share.visibility == Visibility::Link.as_str(),
        has_address: !answer.address.is_empty(),
    })
}

pub(super) fn report_of(report: WireReport) -> SanitizeReport {
    SanitizeReport {
        policy: report.policy,
        removed: report.lines.into_iter().map(|line| (line.rule, line.count, line.examples)).collect(),
        merged: report.nodes_merged,
        functions: report.functions,
        notable: report.notable_names,
        kept: report.labels_kept,
        hashed: report.labels_hashed,
        dropped: report.labels_dropped,
    }
}

/// When the first data of a range expires, in milliseconds since the epoch; `None` is never.
pub(crate) async fn data_expires_at(
    store: Option<String>,
    span: Span,
    abort: AbortController,
) -> Result<Option<i64>, ApiError> {
    let answer: RetentionResponse = get(&retention_path(store.as_deref(), span), Some(&abort)).await?;
    Ok(answer.first_dropped_ns.map(|ns| ns / NS_PER_MS))
}

/// The teams that shares can be limited to, by name: the person's own, or all of them for those who manage shares and people.
pub(crate) async fn teams(abort: AbortController) -> Result<Vec<ShareTeam>, ApiError> {
    let me: MeResponse = get("/api/v1/me", Some(&abort)).await?;
    let may = |permission: &str| me.permissions.iter().any(|p| p == permission);
    if !(may("shares:manage") && may("people:manage")) {
        let own = me.teams.into_iter().map(|team| ShareTeam { id: team.id, name: team.name, own: true });
        return Ok(own.collect());
    }
    let answer: TeamsResponse = get("/api/v1/teams", Some(&abort)).await?;
    let own = |id: &str| me.teams.iter().any(|team| team.id == id);
    let teams = answer.teams.into_iter();
    Ok(teams.map(|team| ShareTeam { own: own(&team.id), id: team.id, name: team.name }).collect())
}
