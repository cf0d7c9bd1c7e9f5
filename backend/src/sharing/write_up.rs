//! A text for a postmortem from a stored share.

use super::evidence::Evidence;
use super::manage::summary;
use super::payload::{self, SanitizeReport, Snapshot, SnapshotKind};
use super::postmortem::{self, Facts, Instances, Movers, Retention, Side};
use super::{Desk, ShareError};
use crate::db::shares::ShareRow;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{Scale, diff};
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Selector};
use flarepath_profile::units::Unit;
use std::ops::Range;
use std::str::FromStr;

/// What the text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// GitHub and others.
    Markdown,
    /// A fragment of HTML.
    Html,
    /// Confluence's storage format.
    Confluence,
}

impl FromStr for Target {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Target, ShareError> {
        match text {
            "markdown" => Ok(Target::Markdown),
            "html" => Ok(Target::Html),
            "confluence" => Ok(Target::Confluence),
            _ => Err(ShareError::invalid("bad-format", "`format`: expected markdown, html or confluence")),
        }
    }
}

/// Absolute addresses, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Addresses {
    /// Of the share; empty if unknown.
    pub(crate) link: String,
    /// Of its picture.
    pub(crate) picture: Option<String>,
}

impl Desk {
    /// The text.
    ///
    /// # Errors
    /// [`ShareError::NotFound`] when the snapshot is purged.
    pub(crate) async fn write_up(
        &self,
        share: &ShareRow,
        target: Target,
        addresses: Addresses,
    ) -> Result<String, ShareError> {
        let bytes = self.bytes(share).await?;
        let picture = match target {
            Target::Html => self.records.share_picture(&share.id).await?,
            Target::Markdown | Target::Confluence => None,
        };
        let share = share.clone();
        self.work(move || {
            let hash = share.snapshot_hash.clone().unwrap_or_default();
            write(&share, &payload::decode(&bytes, &hash)?, target, &addresses, picture.as_deref())
        })
        .await
    }
}

/// What is said of one side, owned.
struct Told {
    service: Option<String>,
    version: Option<String>,
    gaps: Option<Vec<Range<i64>>>,
    period_unit: Unit,
    total: i64,
}

fn write(
    share: &ShareRow,
    snapshot: &Snapshot,
    target: Target,
    addresses: &Addresses,
    picture: Option<&[u8]>,
) -> Result<String, ShareError> {
    let summary = summary(share);
    let evidence = Evidence::of_snapshot(snapshot.clone(), &summary.rows)?;
    let trees: Vec<&CallTree> = evidence.sides.iter().map(|side| &side.tree).collect();
    let sample_type = summary.profile_type.parse::<ProfileType>().map(|t| t.sample_type).unwrap_or_default();
    let unit = Unit::of(&sample_type, evidence.sides.last().map_or("", |side| &side.unit));
    let last = evidence.sides.len().saturating_sub(1);
    // Values of two units can't be held against each other.
    let comparable = evidence.sides.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    let movers = movers(if comparable { &trees } else { trees.get(last..).unwrap_or_default() });
    let told: Vec<Told> = (0..evidence.sides.len()).map(|i| tell(&evidence, i, i == last)).collect();
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
                retention: match facts.and_then(|f| f.retention_ns) {
                    Some(ns) => Retention::For(ns),
                    None => Retention::Unknown,
                },
            }
        })
        .collect();
    let sanitised = sanitised(snapshot.report.as_ref());
    let address = format!("blake3:{}", share.snapshot_hash.as_deref().unwrap_or("purged"));
    let facts = Facts {
        title: &share.title,
        verdict: &summary.verdict,
        link: &addresses.link,
        picture: addresses.picture.as_deref(),
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
    Ok(match target {
        Target::Markdown => postmortem::markdown(&facts),
        Target::Html => postmortem::html(&facts, picture),
        Target::Confluence => postmortem::confluence(&facts),
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

/// Facts are of the last side only; of a baseline what its selector says.
fn tell(evidence: &Evidence, index: usize, last: bool) -> Told {
    let side = &evidence.sides[index];
    let facts = &evidence.facts;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let of_selector = || {
        let selector: Selector = side.selector.parse().ok()?;
        let found = selector.matchers.iter().find(|m| m.op == MatchOp::Equal && m.name == SERVICE_NAME);
        found.map(|m| m.value.clone())
    };
    Told {
        service: if last { some(facts.service.clone()) } else { None }.or_else(of_selector),
        version: if last { some(facts.versions.join(", ")) } else { None },
        gaps: (last && evidence.kind != SnapshotKind::Local)
            .then(|| facts.gaps.iter().map(|gap| gap.from_ns..gap.until_ns).collect()),
        period_unit: Unit::parse(&facts.sampling_unit),
        total: side.tree.total(NodeId::ROOT),
    }
}

/// What was removed, in a few words.
fn sanitised(report: Option<&SanitizeReport>) -> String {
    let Some(report) = report else { return "not known".to_owned() };
    let mut parts: Vec<String> =
        report.lines.iter().map(|line| format!("{} × {}", line.count, line.rule)).collect();
    if !report.labels_dropped.is_empty() {
        parts.push(format!("{} labels", report.labels_dropped.len()));
    }
    if !report.labels_hashed.is_empty() {
        parts.push(format!("{} labels made hashes", report.labels_hashed.len()));
    }
    if report.nodes_merged > 0 {
        parts.push(format!("{} small nodes merged", report.nodes_merged));
    }
    let what = if parts.is_empty() { "nothing was found".to_owned() } else { parts.join(", ") };
    format!("{} rules, version {}: {what}", report.policy, report.policy_version)
}
