//! Export of a stored share as a postmortem.

use super::basis::{Per, sample_type, unit_of};
use super::description::{summary, title};
use super::functions::TopFunctions;
use super::payload::{self, SanitizeReport, Snapshot, SnapshotKind};
use super::picture::picture;
use super::postmortem::{self, Side};
use super::renewal::renewed;
use super::side_facts::side;
use super::stored_snapshot::with_snapshot;
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::call_tree::CallTree;
use flarepath_profile::diff::diff;
use std::str::FromStr;

/// The output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Markdown,
    /// An HTML fragment.
    Html,
    /// Confluence's storage format.
    Confluence,
}

impl Format {
    /// All by name, the default first.
    pub(crate) const NAMED: [(&str, Format); 3] =
        [("markdown", Format::Markdown), ("html", Format::Html), ("confluence", Format::Confluence)];
}

impl FromStr for Format {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Format, ShareError> {
        let named = Format::NAMED.into_iter().find(|(name, _)| *name == text);
        named.map(|(_, format)| format).ok_or_else(|| {
            ShareError::invalid(ProblemKind::BadFormat, "`format`: expected markdown, html or confluence")
        })
    }
}

/// Absolute URLs, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Urls {
    /// URL of the share; empty if unknown.
    pub(crate) link: String,
    /// URL of its preview image.
    pub(crate) picture: Option<String>,
}

/// A share as a postmortem.
///
/// # Errors
/// [`ShareError::NotFound`] if the snapshot is purged.
pub(crate) async fn export(
    service: &ShareService,
    share: &ShareRow,
    format: Format,
    urls: Urls,
) -> Result<String, ShareError> {
    let share = renewed(service, share.clone()).await;
    let picture = match format {
        // Embedded, so that it needs neither a public address nor access to the share.
        Format::Html => Some(picture(service, &share).await?),
        Format::Markdown | Format::Confluence => None,
    };
    let row = share.clone();
    let text = move |snapshot| write(&row, &snapshot, format, &urls, picture.as_deref());
    with_snapshot(service, &share, text).await
}

pub(super) fn write(
    share: &ShareRow,
    snapshot: &Snapshot,
    format: Format,
    urls: &Urls,
    picture: Option<&[u8]>,
) -> Result<String, ShareError> {
    let summary = summary(share);
    let sanitised = sanitization(snapshot.report.as_ref());
    let trees = snapshot.sides.iter().filter(|side| side.tree.is_some()).map(payload::tree);
    let trees = trees.collect::<Result<Vec<CallTree>, _>>()?;
    let main = snapshot.sides.last().cloned().unwrap_or_default();
    // Values of different units cannot be compared.
    let is_comparison = trees.len() == 2 && snapshot.sides[0].unit == main.unit;
    let per = if is_comparison { Per::of_both(snapshot) } else { None };
    let top = match &trees[..] {
        [baseline, comparison] if is_comparison => {
            TopFunctions::of_diff(&diff(baseline, comparison), per.map(Per::ranking).as_ref())
        }
        [.., tree] => TopFunctions::of_tree(tree),
        [] => TopFunctions::default(),
    };
    let sides: Vec<Side<'_>> = (0..snapshot.sides.len()).map(|index| side(snapshot, index)).collect();
    let address = format!("blake3:{}", share.snapshot_hash.as_deref().unwrap_or("purged"));
    let facts = postmortem::Facts {
        title: &title(share),
        headline: &summary.verdict,
        verdict: snapshot.verdict.as_ref(),
        without_verdict: without_verdict(snapshot, is_comparison),
        link: &urls.link,
        picture: urls.picture.as_deref(),
        sides: &sides,
        profile_type: &summary.profile_type,
        sample_type: &sample_type(&main),
        unit: &unit_of(&main),
        top: &top,
        is_comparison,
        per,
        sanitised: &sanitised,
        snapshot: &address,
        creator: &share.owner_name,
        created_at: share.created_at,
        link_ends_at: share.expires_at,
    };
    Ok(match format {
        Format::Markdown => postmortem::markdown(&facts),
        Format::Html => postmortem::html(&facts, picture),
        Format::Confluence => postmortem::confluence(&facts),
    })
}

/// Why a comparison has no verdict.
fn without_verdict(snapshot: &Snapshot, is_comparison: bool) -> Option<&'static str> {
    match (snapshot.kind(), snapshot.version) {
        _ if !is_comparison || snapshot.verdict.is_some() => None,
        (_, 1) => Some(
            "No verdict: version 1 of snapshots did not record how much time the profiles cover, and without it the sides cannot \
             be compared.",
        ),
        (SnapshotKind::Local, _) => {
            Some("No verdict: there is none on files, only on profiles that were sent to this server.")
        }
        _ => Some("No verdict: there is none on two selections of a heat map."),
    }
}

/// Summary of the sanitization.
fn sanitization(report: Option<&SanitizeReport>) -> String {
    let Some(report) = report else { return "not known".to_owned() };
    let mut parts: Vec<String> =
        report.lines.iter().map(|line| format!("{} × {}", line.count, line.rule)).collect();
    if !report.labels_dropped.is_empty() {
        parts.push(format!("{} labels", report.labels_dropped.len()));
    }
    if !report.labels_hashed.is_empty() {
        parts.push(format!("{} labels hashed", report.labels_hashed.len()));
    }
    if report.nodes_merged > 0 {
        parts.push(format!("{} small nodes merged", report.nodes_merged));
    }
    let what = if parts.is_empty() { "nothing removed".to_owned() } else { parts.join(", ") };
    format!("{} policy, version {}: {what}", report.policy, report.policy_version)
}
