//! Chooses the baselines of a comparison.
//!
//! In this order: the version before, if another appeared in the range or shortly before it; else one of the [`super::earlier_periods`], which the others confirm.

use super::plan::Widths;
use super::relation::{name_of_time_until, relation, text};
use super::versions::{
    Pair, Version, looking_back, new_since, pair, telling_label, version_labels, versions,
};
use crate::auth::Principal;
use crate::query::step::usual_step_ns;
use crate::query::{Querier, QueryError, Question};
use crate::store::TimeRange;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use flarepath_profile::verdict::Relation;
use std::collections::BTreeSet;

/// Buckets that the time of versions is cut into: minutes in two days.
pub(super) const BUCKETS: i64 = 2880;

/// The baselines asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Baselines {
    /// To be chosen from the data.
    Auto,
    /// This one, and its profile type.
    Given(Question, ProfileType),
    /// This one, of the same profile type, which ends where a change seems to begin. The same period a day and a week earlier confirm it.
    Since(Box<Question>),
}

impl Baselines {
    /// The widths that windows may have.
    pub(super) fn widths(&self) -> Widths {
        match self {
            Baselines::Auto | Baselines::Given(..) => Widths::Round,
            Baselines::Since(_) => Widths::Finer,
        }
    }
}

/// What is compared.
pub(super) struct Chosen {
    pub(super) comparison: Question,
    /// At least one.
    pub(super) baselines: Vec<Question>,
    pub(super) baseline_type: ProfileType,
    pub(super) relation: Relation,
    /// Versions that appeared in the range, each with the time, ascending.
    pub(super) new_versions: Vec<(String, UnixNanos)>,
    pub(super) notes: Vec<String>,
}

/// What the data tells about versions.
#[derive(Default)]
struct VersionsFound {
    pair: Pair,
    /// Name of their label.
    label: String,
    /// Those that appeared in the range, each with the time.
    new: Vec<(String, UnixNanos)>,
}

impl VersionsFound {
    /// When a version appeared, if that was in the range.
    fn appeared(&self, version: &str) -> Option<String> {
        let (name, at) = self.new.iter().find(|(name, _)| name == version)?;
        Some(appeared(name, *at))
    }

    /// That several versions appeared in the range.
    fn many(&self) -> Option<String> {
        let [_, .., (last, _)] = &self.new[..] else { return None };
        Some(format!("{} versions appeared in the range, the last of them {last}", self.new.len()))
    }

    /// The relation of two times with the version that appeared in the range, if it is only one.
    fn with_new(&self, relation: Relation) -> Relation {
        match (relation, &self.new[..]) {
            (Relation::Times { baseline, .. }, [(name, at)]) => {
                Relation::Times { baseline, new_version: Some((name.clone(), text(*at))) }
            }
            (other, _) => other,
        }
    }
}

impl Querier {
    pub(super) async fn baselines(
        &self,
        who: &Principal,
        comparison: &Question,
        wanted: &Baselines,
        profile_type: &ProfileType,
    ) -> Result<Chosen, QueryError> {
        match wanted {
            Baselines::Auto => {}
            Baselines::Given(baseline, baseline_type) => {
                return self.given(who, comparison, (baseline, baseline_type), profile_type).await;
            }
            Baselines::Since(baseline) => return self.since(who, comparison, baseline, profile_type).await,
        }
        let found = self.version_pair(who, comparison, profile_type).await?;
        let mut notes = Vec::new();
        match found.pair.clone() {
            Pair::Found { before, after, since, mut notes } => {
                if since >= new_since(comparison.range) {
                    notes.push(appeared(&after, since));
                }
                let label = &found.label;
                let range = looking_back(comparison.range);
                let with = |value: &str, range| Question { range, ..narrowed(comparison, label, value) };
                return Ok(Chosen {
                    comparison: with(&after, comparison.range),
                    baselines: vec![with(&before, range)],
                    baseline_type: profile_type.clone(),
                    relation: Relation::Versions { before, after },
                    new_versions: found.new,
                    notes,
                });
            }
            Pair::Unusable(why) => notes.push(format!("not compared with another version: {why}")),
            Pair::Single => {}
        }
        let baselines = self.earlier(who, comparison, profile_type, &mut notes).await?;
        notes.extend(found.many());
        let relation = found.with_new(relation(&baselines[0], comparison));
        let (comparison, baseline_type) = (comparison.clone(), profile_type.clone());
        Ok(Chosen { comparison, baselines, baseline_type, relation, new_versions: found.new, notes })
    }

    /// A baseline that the caller chose, and what to know about it.
    async fn given(
        &self,
        who: &Principal,
        comparison: &Question,
        (baseline, baseline_type): (&Question, &ProfileType),
        profile_type: &ProfileType,
    ) -> Result<Chosen, QueryError> {
        let relation = relation(baseline, comparison);
        let found = match relation {
            Relation::Versions { .. } | Relation::Times { .. } => {
                self.version_pair(who, comparison, profile_type).await?
            }
            Relation::Values { .. } | Relation::Selections => VersionsFound::default(),
        };
        let mut notes: Vec<String> = match &relation {
            Relation::Versions { after, .. } => found.appeared(after),
            _ => found.many(),
        }
        .into_iter()
        .collect();
        notes.extend(overlap(baseline, comparison));
        Ok(Chosen {
            comparison: comparison.clone(),
            baselines: vec![baseline.clone()],
            baseline_type: baseline_type.clone(),
            relation: found.with_new(relation),
            new_versions: found.new,
            notes,
        })
    }

    /// The time before a change, and earlier days that confirm it: what comes each day at this time is none.
    async fn since(
        &self,
        who: &Principal,
        comparison: &Question,
        baseline: &Question,
        profile_type: &ProfileType,
    ) -> Result<Chosen, QueryError> {
        let mut chosen = self.given(who, comparison, (baseline, profile_type), profile_type).await?;
        if let Relation::Times { baseline: name, .. } = &mut chosen.relation {
            *name = name_of_time_until(baseline.range);
        }
        chosen.baselines.extend(self.days_earlier(who, comparison, profile_type).await?);
        Ok(chosen)
    }

    /// The versions to compare.
    async fn version_pair(
        &self,
        who: &Principal,
        comparison: &Question,
        profile_type: &ProfileType,
    ) -> Result<VersionsFound, QueryError> {
        let series = self.series(who, comparison).await?;
        let names: BTreeSet<&str> =
            series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name)).collect();
        let labels = version_labels(names);
        let Some(first) = labels.first() else { return Ok(VersionsFound::default()) };
        let pinned = |m: &&Matcher| m.op == MatchOp::Equal && labels.contains(&m.name);
        let wanted = comparison.selector.matchers.iter().find(pinned).cloned();
        let mut question = Question { range: looking_back(comparison.range), ..comparison.clone() };
        if let Some(wanted) = &wanted {
            question.selector.matchers.retain(|m| m.name != wanted.name);
        }
        let step_ns = usual_step_ns(question.range, BUCKETS).max(MINUTE_NS);
        let totals = self.totals(who, &question, profile_type, step_ns, &labels).await?;
        let label = match &wanted {
            Some(wanted) => wanted.name.clone(),
            None => telling_label(&totals, &labels).unwrap_or(first).to_owned(),
        };
        let all = versions(&totals, &label, step_ns);
        let range = comparison.range;
        let wanted = wanted.map(|matcher| matcher.value);
        // Of others than the wanted one, nothing is in the comparison.
        let is_new = |version: &&Version| {
            let is_compared = wanted.as_ref().is_none_or(|wanted| *wanted == version.name);
            all.len() > 1 && version.first >= range.start && is_compared
        };
        let new = all.iter().filter(is_new).map(|version| (version.name.clone(), version.first)).collect();
        Ok(VersionsFound { pair: pair(&all, wanted.as_deref(), range, step_ns), label, new })
    }
}

fn appeared(version: &str, at: UnixNanos) -> String {
    format!("version {version} first appeared at {}", text(at))
}

/// What both sides hold cannot differ.
fn overlap(baseline: &Question, comparison: &Question) -> Option<String> {
    let (a, b) = (baseline.range, comparison.range);
    let shared = a.end.min(b.end).nanos_since(a.start.max(b.start));
    let is_one = baseline.selector == comparison.selector && a != b;
    (is_one && shared > 0)
        .then(|| "the two ranges overlap: profiles that are in both make them more alike".to_owned())
}

pub(super) fn shifted(question: &Question, by_ns: i64) -> Question {
    let earlier = |at: UnixNanos| UnixNanos(at.0.saturating_sub(by_ns));
    let TimeRange { start, end } = question.range;
    Question { range: TimeRange { start: earlier(start), end: earlier(end) }, ..question.clone() }
}

/// The question about one value of a label.
fn narrowed(question: &Question, label: &str, value: &str) -> Question {
    let mut narrow = question.clone();
    narrow.selector.matchers.retain(|m| m.name != label || m.op != MatchOp::Equal);
    let (name, value) = (label.to_owned(), value.to_owned());
    narrow.selector.matchers.push(Matcher { name, op: MatchOp::Equal, value });
    narrow
}
