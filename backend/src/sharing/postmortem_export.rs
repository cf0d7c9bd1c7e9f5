//! Export of a stored share as a postmortem.

use super::evidence::Evidence;
use super::manage::summary;
use super::payload::{self, SanitizeReport, Snapshot, SnapshotKind};
use super::postmortem::{self, Facts, Instances, Movers, Retention, Side};
use super::{ShareError, ShareService};
use crate::db::shares::ShareRow;
use crate::problem::ProblemKind;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{Scale, diff};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::units::Unit;
use std::ops::Range;
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

impl FromStr for Format {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Format, ShareError> {
        match text {
            "markdown" => Ok(Format::Markdown),
            "html" => Ok(Format::Html),
            "confluence" => Ok(Format::Confluence),
            _ => Err(ShareError::invalid(
                ProblemKind::BadFormat,
                "`format`: expected markdown, html or confluence",
            )),
        }
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
    let bytes = super::open::bytes(service, share).await?;
    let picture = match format {
        Format::Html => service.records.share_picture(&share.id).await?,
        Format::Markdown | Format::Confluence => None,
    };
    let share = share.clone();
    service
        .work(move || {
            let hash = share.snapshot_hash.clone().unwrap_or_default();
            write(&share, &payload::decode(&bytes, &hash)?, format, &urls, picture.as_deref())
        })
        .await
}

/// Facts about one side, owned.
struct SideFacts {
    service: Option<String>,
    version: Option<String>,
    gaps: Option<Vec<Range<i64>>>,
    period_unit: Unit,
    total: i64,
}

fn write(
    share: &ShareRow,
    snapshot: &Snapshot,
    format: Format,
    urls: &Urls,
    picture: Option<&[u8]>,
) -> Result<String, ShareError> {
    let summary = summary(share);
    let evidence = Evidence::of_snapshot(snapshot.clone(), &summary.rows)?;
    let trees: Vec<&CallTree> = evidence.sides.iter().map(|side| &side.tree).collect();
    let sample_type = summary.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
    let unit = Unit::of(&sample_type, evidence.sides.last().map_or("", |side| &side.unit));
    let last = evidence.sides.len().saturating_sub(1);
    // Values of different units cannot be compared.
    let comparable = evidence.sides.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    let movers = movers(if comparable { &trees } else { trees.get(last..).unwrap_or_default() });
    let told: Vec<SideFacts> =
        (0..evidence.sides.len()).map(|i| side_facts(&evidence, i, i == last)).collect();
    let sides: Vec<Side<'_>> = evidence
        .sides
        .iter()
        .zip(&told)
        .enumerate()
        .map(|(i, (side, told))| {
            let facts = (i == last).then_some(&evidence.facts);
            Side {
                label: &side.label,
                service: told.service.as_deref(),
                version: told.version.as_deref(),
                selector: &side.selector,
                from_ns: Some(side.range_ns.0).filter(|ns| *ns != 0),
                until_ns: Some(side.range_ns.1).filter(|ns| *ns != 0),
                total: told.total,
                profiles: Some(side.profiles).filter(|n| *n != 0),
                samples: facts.map(|f| f.samples).filter(|n| *n != 0),
                period: facts.map(|f| f.sampling_period).filter(|p| *p != 0).map(|p| (p, &told.period_unit)),
                instances: facts.filter(|f| f.instances_covered != 0).map(|f| Instances {
                    covered: f.instances_covered,
                    known: Some(f.instances_known).filter(|n| *n != 0),
                }),
                gaps: told.gaps.as_deref(),
                retention: match facts {
                    Some(facts) if facts.kept_forever => Retention::Forever,
                    facts => facts.and_then(|f| f.retention_ns).map_or(Retention::Unknown, Retention::For),
                },
            }
        })
        .collect();
    let sanitised = sanitization(snapshot.report.as_ref());
    let address = format!("blake3:{}", share.snapshot_hash.as_deref().unwrap_or("purged"));
    let facts = Facts {
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
        created_ns: share.created_at,
        link_ends_ns: share.expires_at,
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

/// Stored facts are about the last side only; of a baseline, only what its selector says is known.
fn side_facts(evidence: &Evidence, index: usize, last: bool) -> SideFacts {
    let side = &evidence.sides[index];
    let facts = &evidence.facts;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let of_selector = || {
        let selector: Selector = side.selector.parse().ok()?;
        let found = selector.matchers.iter().find(|m| m.op == MatchOp::Equal && m.name == SERVICE_NAME);
        found.map(|m| m.value.clone())
    };
    SideFacts {
        service: if last { some(facts.service.clone()) } else { None }.or_else(of_selector),
        version: if last { some(facts.versions.join(", ")) } else { None },
        gaps: (last && evidence.kind != SnapshotKind::Local)
            .then(|| facts.gaps.iter().map(|gap| gap.from_ns..gap.until_ns).collect()),
        period_unit: Unit::parse(&facts.sampling_unit),
        total: side.tree.total(NodeId::ROOT),
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
