//! Shares: made, opened, managed; in the page's own types.

use super::send::{Body, ask, send};
use super::{ApiError, get};
use crate::browser::download;
use crate::state::share::{LocalSide, SanitizeReport, ShareForm, ShareSource, Visibility};
use crate::state::time_range::Span;
use crate::state::url_text::encode;
use flarepath_wire::access::TeamsResponse;
use flarepath_wire::shares::{
    ChangeShareRequest, CreateShareRequest, CreatedShare, RetentionResponse, Share, ShareAnnotation,
    SharePreview, ShareSource as WireSource, ShareView, SharesResponse, TransferShareRequest,
};
use flarepath_wire::snapshot::{SanitizeReport as WireReport, Snapshot, SnapshotKind, SnapshotSide, VERSION};
use gloo_net::http::Method;
use prost::Message;
use web_sys::AbortController;

mod opened;

pub(crate) use opened::{Frozen, FrozenKind, FrozenSide, NamedView, Opened, Remark, frozen, open};

const NS_PER_MS: i64 = 1_000_000;

/// A share to be.
#[derive(Clone, Debug)]
pub(crate) struct NewShare {
    /// What the person chose.
    pub(crate) form: ShareForm,
    /// Whether everything goes that may tell too much.
    pub(crate) strict: bool,
    /// What it is made of.
    pub(crate) asked: ShareSource,
    /// How it is seen.
    pub(crate) state: String,
}

/// A share that was just made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Made {
    /// What opens it.
    pub(crate) id: String,
    /// What it is managed by.
    pub(crate) row: String,
    /// What was taken out.
    pub(crate) cleaned: Option<SanitizeReport>,
}

/// A team to share with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Team {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
}

/// What is pasted into a postmortem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Snippet {
    /// For wikis and issue trackers.
    Markdown,
    /// For mails and documents.
    Html,
    /// For Confluence.
    Confluence,
}

impl Snippet {
    /// All, in the order of their buttons.
    pub(crate) const ALL: [Snippet; 3] = [Snippet::Markdown, Snippet::Html, Snippet::Confluence];

    /// On the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Snippet::Markdown => "Markdown",
            Snippet::Html => "HTML",
            Snippet::Confluence => "Confluence",
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Snippet::Markdown => "markdown",
            Snippet::Html => "html",
            Snippet::Confluence => "confluence",
        }
    }
}

fn request(share: NewShare) -> CreateShareRequest {
    let NewShare { form, strict, asked, state } = share;
    let source = |kind: &str, query: String, selection: String| {
        Some(WireSource { kind: kind.to_owned(), query, selection })
    };
    CreateShareRequest {
        title: form.title,
        note: form.note,
        visibility: form.visibility.as_str().to_owned(),
        team_id: form.team.filter(|_| form.visibility == Visibility::Team).unwrap_or_default(),
        expires_in: form.lifetime.days.map_or("never".to_owned(), |days| format!("{days}d")),
        strict,
        source: match asked {
            ShareSource::Explore(query) => source("explore", query, String::new()),
            ShareSource::Compare(query) => source("compare", query, String::new()),
            ShareSource::Heatmap(query, selected) => {
                source("heatmap", query, selected.into_iter().next_back().unwrap_or_default())
            }
            ShareSource::Local => None,
        },
        view: state,
        local: None,
    }
}

/// What goes and what stays.
pub(crate) async fn preview(share: NewShare, abort: AbortController) -> Result<SanitizeReport, ApiError> {
    let body = Body::json(&request(share))?;
    let answer: SharePreview = ask(Method::POST, "/api/v1/shares/preview", body, Some(&abort)).await?;
    Ok(said(answer.report.unwrap_or_default()))
}

/// Freezes what the server has.
pub(crate) async fn create(share: NewShare) -> Result<Made, ApiError> {
    made(Body::json(&request(share))?).await
}

/// Freezes what this browser has: sends it.
pub(crate) async fn upload(share: NewShare, parts: Vec<LocalSide>) -> Result<Made, ApiError> {
    let side = |part: &LocalSide| SnapshotSide {
        label: part.label.clone(),
        unit: part.unit.clone(),
        profile_type: part.profile_type.clone(),
        profiles: part.profiles,
        tree: Some((&*part.tree).into()),
        ..SnapshotSide::default()
    };
    let local = Snapshot {
        version: VERSION,
        kind: SnapshotKind::Local.into(),
        sides: parts.iter().map(side).collect(),
        ..Snapshot::default()
    };
    let whole = CreateShareRequest { local: Some(local), ..request(share) };
    let bytes = download::gzip(&whole.encode_to_vec()).await.map_err(ApiError::here)?;
    made(Body::Protobuf(bytes)).await
}

async fn made(body: Body) -> Result<Made, ApiError> {
    let answer: CreatedShare = ask(Method::POST, "/api/v1/shares", body, None).await?;
    Ok(Made {
        id: answer.link_id,
        row: answer.share.map(|share| share.id).unwrap_or_default(),
        cleaned: answer.report.map(said),
    })
}

pub(super) fn said(report: WireReport) -> SanitizeReport {
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

/// When the first of the data of a range is dropped, in milliseconds since the epoch; `None` is never.
pub(crate) async fn dropped_at(span: Span, abort: AbortController) -> Result<Option<i64>, ApiError> {
    let path = format!("/api/v1/retention?from={}&until={}", span.from_ms, span.until_ms);
    let answer: RetentionResponse = get(&path, Some(&abort)).await?;
    Ok(answer.first_dropped_ns.map(|ns| ns / NS_PER_MS))
}

/// The teams that can be shared with.
pub(crate) async fn teams(abort: AbortController) -> Result<Vec<Team>, ApiError> {
    let answer: TeamsResponse = get("/api/v1/teams", Some(&abort)).await?;
    Ok(answer.teams.into_iter().map(|team| Team { id: team.id, name: team.name }).collect())
}

/// What is pasted into a postmortem. `link` is the address of the share, which the server may not know.
pub(crate) async fn postmortem(made: &Made, snippet: Snippet, link: &str) -> Result<String, ApiError> {
    let (row, id, format) = (encode(&made.row), encode(&made.id), snippet.as_str());
    let path = format!("/api/v1/shares/{row}/postmortem?format={format}&link={id}");
    let response = send(Method::GET, &path, "text/plain, */*", Body::None, None).await?;
    let text = response.text().await.map_err(|_| ApiError::unreachable())?;
    Ok(with_link(text, snippet, &made.id, link))
}

/// The text with the link in it: a server that was not told its own address leaves it out.
fn with_link(text: String, snippet: Snippet, id: &str, link: &str) -> String {
    if text.contains(id) {
        return text;
    }
    match snippet {
        Snippet::Markdown => format!("{}\n\nSnapshot: <{link}>\n", text.trim_end()),
        Snippet::Html | Snippet::Confluence => {
            format!("{}\n<p>Snapshot: <a href=\"{link}\">{link}</a></p>\n", text.trim_end())
        }
    }
}

/// Where a share is as pprof.
pub(crate) fn pprof_path(id: &str) -> String {
    format!("/api/v1/shares/open/{}/pprof", encode(id))
}

/// A share in the list of those that one manages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// What it is managed by.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// What is said about it.
    pub(crate) note: String,
    /// What was frozen, in words.
    pub(crate) kind: String,
    /// The finding in one line.
    pub(crate) verdict: String,
    /// Who may open it.
    pub(crate) visibility: Visibility,
    /// Which team.
    pub(crate) team: String,
    /// Who it belongs to.
    pub(crate) owner: String,
    /// When it was made.
    pub(crate) created_ms: i64,
    /// When it ends.
    pub(crate) expires_ms: Option<i64>,
    /// How often it was opened.
    pub(crate) views: u64,
    /// When it was opened last.
    pub(crate) viewed_ms: Option<i64>,
    /// Version that a change is made to.
    pub(crate) version: i64,
    /// `active`, `expired`, `revoked` or `purged`.
    pub(crate) state: String,
    /// The rules it was sanitised by.
    pub(crate) policy: String,
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
        team: share.team_id,
        owner: share.owner_name,
        created_ms: share.created_ns / NS_PER_MS,
        expires_ms: share.expires_ns.map(|ns| ns / NS_PER_MS),
        views: share.views,
        viewed_ms: share.viewed_ns.map(|ns| ns / NS_PER_MS),
        version: share.version,
        state: share.state,
        policy: share.policy,
    }
}

/// Some of the shares, newest first, and where they go on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listed {
    /// The shares.
    pub(crate) rows: Vec<Row>,
    /// What the next ones are asked by; empty at the end.
    pub(crate) next: String,
}

/// My shares, or everyone's.
pub(crate) async fn listed(all: bool, before: String, abort: AbortController) -> Result<Listed, ApiError> {
    let before = if before.is_empty() { before } else { format!("&before={}", encode(&before)) };
    let answer: SharesResponse = get(&format!("/api/v1/shares?all={all}{before}"), Some(&abort)).await?;
    Ok(Listed { rows: answer.shares.into_iter().map(row).collect(), next: answer.next })
}

/// A change of a share; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// What to call it.
    pub(crate) title: Option<String>,
    /// What to say about it.
    pub(crate) note: Option<String>,
    /// Who may open it; with the team.
    pub(crate) visibility: Option<(Visibility, Option<String>)>,
    /// For how many days from now on; the inner `None` is until it is revoked.
    pub(crate) days: Option<Option<u32>>,
    /// That more people may open it is meant so.
    pub(crate) confirmed: bool,
}

/// Changes a share.
pub(crate) async fn change(of: &Row, change: Change) -> Result<Row, ApiError> {
    let (visibility, team) = change.visibility.unzip();
    let body = Body::json(&ChangeShareRequest {
        version: of.version,
        title: change.title,
        note: change.note,
        visibility: visibility.map(|v| v.as_str().to_owned()),
        team_id: team.flatten(),
        expires_in: change.days.map(|days| days.map_or("never".to_owned(), |days| format!("{days}d"))),
        confirm: change.confirmed,
    })?;
    Ok(row(ask(Method::PATCH, &path_of(&of.id), body, None).await?))
}

/// Ends a share now.
pub(crate) async fn revoke(id: &str) -> Result<(), ApiError> {
    send(Method::DELETE, &path_of(id), ANY, Body::None, None).await.map(drop)
}

/// What opens a share from now on; what opened it before does not any more.
pub(crate) async fn relink(id: &str) -> Result<String, ApiError> {
    let answer: CreatedShare = ask(Method::POST, &format!("{}/link", path_of(id)), Body::None, None).await?;
    Ok(answer.link_id)
}

/// Gives a share to someone else.
pub(crate) async fn transfer(id: &str, to: String) -> Result<(), ApiError> {
    let body = Body::json(&TransferShareRequest { to })?;
    send(Method::POST, &format!("{}/transfer", path_of(id)), ANY, body, None).await.map(drop)
}

/// Keeps a view under a number and a name.
pub(crate) async fn keep_view(row: &str, view: NamedView) -> Result<(), ApiError> {
    let NamedView { number, name, state } = view;
    let body = Body::json(&ShareView { number, name, state })?;
    send(Method::PUT, &format!("{}/views/{number}", path_of(row)), ANY, body, None).await.map(drop)
}

/// Adds a remark.
pub(crate) async fn remark(row: &str, path: Vec<String>, text: String) -> Result<(), ApiError> {
    let body = Body::json(&ShareAnnotation { path, text, ..ShareAnnotation::default() })?;
    send(Method::POST, &format!("{}/annotations", path_of(row)), ANY, body, None).await.map(drop)
}

/// Takes a remark away.
pub(crate) async fn unremark(row: &str, id: &str) -> Result<(), ApiError> {
    let path = format!("{}/annotations/{}", path_of(row), encode(id));
    send(Method::DELETE, &path, ANY, Body::None, None).await.map(drop)
}

fn path_of(row: &str) -> String {
    format!("/api/v1/shares/{}", encode(row))
}

const ANY: &str = "application/x-protobuf, */*";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postmortem_has_the_link_once() {
        let link = "http://127.0.0.1:4280/s/abc";
        let told = format!("[it]({link})");
        assert_eq!(with_link(told.clone(), Snippet::Markdown, "abc", link), told);
        assert!(with_link("text".into(), Snippet::Markdown, "abc", link).contains(&format!("<{link}>")));
        assert!(
            with_link("<p>text</p>".into(), Snippet::Html, "abc", link).contains(&format!("href=\"{link}\""))
        );
    }
}
