//! Export of a stored share as a postmortem.

use super::evidence::Evidence;
use super::manage::summary;
use super::open::with_snapshot;
use super::payload::{Facts, SanitizeReport, Snapshot, SnapshotKind};
use super::postmortem::{self, Instances, Movers, Retention, Side};
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{Scale, diff};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::units::Unit;
use flarepath_profile::unix_nanos::UnixNanos;
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
    let picture = match format {
        Format::Html => service.records.share_picture(&share.id).await?,
        Format::Markdown | Format::Confluence => None,
    };
    let row = share.clone();
    let text = move |snapshot| write(&row, snapshot, format, &urls, picture.as_deref());
    with_snapshot(service, share, text).await
}

fn write(
    share: &ShareRow,
    snapshot: Snapshot,
    format: Format,
    urls: &Urls,
    picture: Option<&[u8]>,
) -> Result<String, ShareError> {
    let summary = summary(share);
    let sanitised = sanitization(snapshot.report.as_ref());
    let evidence = Evidence::of_snapshot(snapshot, &summary.rows)?;
    let trees: Vec<&CallTree> = evidence.sides.iter().map(|side| &side.tree).collect();
    let sample_type = summary.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
    let unit = Unit::of(&sample_type, evidence.sides.last().map_or("", |side| &side.unit));
    let last = evidence.sides.len().saturating_sub(1);
    // Values of different units cannot be compared.
    let comparable = evidence.sides.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    let movers = movers(if comparable { &trees } else { trees.get(last..).unwrap_or_default() });
    let sides: Vec<Side<'_>> = (0..evidence.sides.len()).map(|index| side(&evidence, index)).collect();
    let address = format!("blake3:{}", share.snapshot_hash.as_deref().unwrap_or("purged"));
    let facts = postmortem::Facts {
        title: &share.title,
        verdict: &summary.verdict,
        link: &urls.link,
        picture: urls.picture.as_deref(),
        sides: &sides,
        profile_type: &summary.profile_type,
        unit: &unit,
        movers: &movers,
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

fn movers(trees: &[&CallTree]) -> Movers {
    match trees {
        [baseline, comparison] => {
            let both = diff(baseline, comparison);
            Movers::of_diff(&both, &Scale::share(both.total(NodeId::ROOT)))
        }
        [tree] => Movers::of_tree(tree),
        _ => Movers::of_tree(&CallTree::empty()),
    }
}

/// A side of the evidence. Stored facts are about the last one only; of a baseline, only what its selector says is known.
fn side(evidence: &Evidence, index: usize) -> Side<'_> {
    let side = &evidence.sides[index];
    let facts = (index + 1 == evidence.sides.len()).then_some(&evidence.facts);
    let known = |at: &UnixNanos| *at != UnixNanos(0);
    let service = facts.map(|f| f.service.clone()).filter(|service| !service.is_empty());
    let gaps = |f: &Facts| f.gaps.iter().map(|gap| UnixNanos(gap.from_ns)..UnixNanos(gap.until_ns)).collect();
    Side {
        label: &side.label,
        service: service.or_else(|| service_of(&side.selector)),
        version: facts.map(|f| f.versions.join(", ")).filter(|versions| !versions.is_empty()),
        selector: &side.selector,
        from: Some(side.range.0).filter(known),
        until: Some(side.range.1).filter(known),
        total: side.tree.total(NodeId::ROOT),
        profiles: Some(side.profiles).filter(|n| *n != 0),
        samples: facts.map(|f| f.samples).filter(|n| *n != 0),
        period: facts
            .filter(|f| f.sampling_period != 0)
            .map(|f| (f.sampling_period, Unit::parse(&f.sampling_unit))),
        instances: facts.filter(|f| f.instances_covered != 0).map(|f| Instances {
            covered: f.instances_covered,
            known: Some(f.instances_known).filter(|n| *n != 0),
        }),
        gaps: facts.filter(|_| evidence.kind != SnapshotKind::Local).map(gaps),
        retention: match facts {
            Some(facts) if facts.kept_forever => Retention::Forever,
            facts => facts.and_then(|f| f.retention_ns).map_or(Retention::Unknown, Retention::For),
        },
    }
}

/// The service that a selector names.
fn service_of(selector: &str) -> Option<String> {
    let selector: Selector = selector.parse().ok()?;
    let found = selector.matchers.into_iter().find(|m| m.op == MatchOp::Equal && m.name == SERVICE_NAME);
    found.map(|matcher| matcher.value)
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
