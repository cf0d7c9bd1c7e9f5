//! Chooses the baselines of a comparison.
//!
//! In this order: the version before, if another appeared in the range; the period before; the same period a day or a week earlier. Of
//! the periods, those after the first confirm it: a change must be one against each of them.

use super::relation::relation;
use super::versions::{Pair, pair, telling_label, versions};
use crate::auth::Principal;
use crate::query::step::usual_step_ns;
use crate::query::{Querier, QueryError, Question};
use crate::store::TimeRange;
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::unix_nanos::{DAY_NS, MINUTE_NS, UnixNanos};
use flarepath_profile::verdict::Relation;
use std::collections::BTreeSet;

/// How far back versions are looked for at least.
const LEAST_LOOK_BACK_NS: i64 = 60 * MINUTE_NS;
/// Buckets that the time of versions is cut into: minutes in two days.
const BUCKETS: i64 = 2880;

/// Buckets with data, of a minute or more, that an earlier time needs to be a baseline.
const LEAST_BUCKETS: usize = 5;

/// How much data an earlier time has.
enum Data {
    None,
    /// Less than a verdict needs.
    Little,
    Enough,
}

/// The baselines asked for.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Baselines {
    /// To be chosen from the data.
    Auto,
    /// This one, and its profile type.
    Given(Question, ProfileType),
}

/// What is compared.
pub(super) struct Chosen {
    pub(super) comparison: Question,
    /// At least one.
    pub(super) baselines: Vec<Question>,
    pub(super) baseline_type: ProfileType,
    pub(super) relation: Relation,
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
        Some(format!("version {name} first appeared at {}", text(*at)))
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
        if let Baselines::Given(baseline, baseline_type) = wanted {
            let notes = self.notes_on_given(who, comparison, baseline, profile_type).await?;
            return Ok(Chosen {
                comparison: comparison.clone(),
                baselines: vec![baseline.clone()],
                baseline_type: baseline_type.clone(),
                relation: relation(baseline, comparison),
                notes,
            });
        }
        let found = self.version_pair(who, comparison, profile_type).await?;
        let mut notes = Vec::new();
        match found.pair.clone() {
            Pair::Found { before, after, mut notes } => {
                notes.extend(found.appeared(&after));
                let label = &found.label;
                let range = looking_back(comparison.range);
                let with = |value: &str, range| Question { range, ..narrowed(comparison, label, value) };
                return Ok(Chosen {
                    comparison: with(&after, comparison.range),
                    baselines: vec![with(&before, range)],
                    baseline_type: profile_type.clone(),
                    relation: Relation::Versions { before, after },
                    notes,
                });
            }
            Pair::Unusable(why) => notes.push(format!("not compared with another version: {why}")),
            Pair::Single => {}
        }
        let baselines = self.earlier(who, comparison, profile_type, &mut notes).await?;
        let new = found.new;
        if let [.., (last, _)] = &new[..]
            && new.len() > 1
        {
            notes.push(format!("{} versions appeared in the range, the last of them {last}", new.len()));
        }
        let relation = match (relation(&baselines[0], comparison), &new[..]) {
            (Relation::Times { baseline, .. }, [(name, at)]) => {
                Relation::Times { baseline, new_version: Some((name.clone(), text(*at))) }
            }
            (other, _) => other,
        };
        let (comparison, baseline_type) = (comparison.clone(), profile_type.clone());
        Ok(Chosen { comparison, baselines, baseline_type, relation, notes })
    }

    /// What to know about a baseline that the caller chose.
    async fn notes_on_given(
        &self,
        who: &Principal,
        comparison: &Question,
        baseline: &Question,
        profile_type: &ProfileType,
    ) -> Result<Vec<String>, QueryError> {
        let mut notes = Vec::new();
        if let Relation::Versions { after, .. } = relation(baseline, comparison) {
            notes.extend(self.version_pair(who, comparison, profile_type).await?.appeared(&after));
        }
        notes.extend(overlap(baseline, comparison));
        Ok(notes)
    }

    /// Earlier times with enough data: the period before, or the same period a day or a week earlier, each confirmed by those after it.
    /// If none has, the first that has any, which the verdict then says; or else the period before.
    async fn earlier(
        &self,
        who: &Principal,
        comparison: &Question,
        profile_type: &ProfileType,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Question>, QueryError> {
        let length = comparison.range.length_ns();
        let days = [(DAY_NS, "a day earlier"), (7 * DAY_NS, "a week earlier")];
        let days = days.into_iter().filter(|(shift, _)| *shift > length);
        let days = days.map(|(shift, when)| (shift, when, " to confirm it"));
        let (mut found, mut little, mut lacking) = (Vec::new(), Vec::new(), Vec::new());
        for (shift, when, purpose) in std::iter::once((length, "in the period before", "")).chain(days) {
            let earlier = shifted(comparison, shift);
            match self.data(who, &earlier, profile_type).await? {
                Data::Enough => found.push(earlier),
                Data::Little => {
                    lacking.push(format!("less than 5 min of data {when}"));
                    little.push(earlier);
                }
                Data::None => lacking.push(format!("no data {when}{purpose}")),
            }
        }
        if found.is_empty() && little.is_empty() {
            notes.push("no earlier data to compare with".to_owned());
            return Ok(vec![shifted(comparison, length)]);
        }
        notes.extend(lacking);
        little.truncate(1);
        Ok(if found.is_empty() { little } else { found })
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
        let new = all.iter().filter(|version| all.len() > 1 && version.first >= range.start);
        let new = new.map(|version| (version.name.clone(), version.first)).collect();
        let wanted = wanted.map(|matcher| matcher.value);
        Ok(VersionsFound { pair: pair(&all, wanted.as_deref(), range, step_ns), label, new })
    }

    async fn data(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Data, QueryError> {
        let series = self.series(who, question).await?;
        if !series.iter().any(|s| s.profile_types.contains(profile_type)) {
            return Ok(Data::None);
        }
        let step_ns = usual_step_ns(question.range, BUCKETS).max(MINUTE_NS);
        let totals = self.totals(who, question, profile_type, step_ns, &[]).await?;
        let starts = totals.iter().flat_map(|group| &group.points).map(|(at, _)| at.0);
        let buckets = starts.collect::<BTreeSet<i64>>().len();
        Ok(if buckets >= LEAST_BUCKETS { Data::Enough } else { Data::Little })
    }
}

/// The labels that hold a version, the most telling first.
fn version_labels(mut names: BTreeSet<&str>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(name) = pick(names.iter().copied(), &[Meaning::Version]) {
        found.push(name.to_owned());
        names.remove(name);
    }
    found
}

/// What both sides hold cannot differ.
fn overlap(baseline: &Question, comparison: &Question) -> Option<String> {
    let (a, b) = (baseline.range, comparison.range);
    let shared = a.end.min(b.end).nanos_since(a.start.max(b.start));
    let is_one = baseline.selector == comparison.selector && a != b;
    (is_one && shared > 0)
        .then(|| "the two ranges overlap: profiles that are in both make them more alike".to_owned())
}

/// The range with as much time before it, an hour at least.
fn looking_back(range: TimeRange) -> TimeRange {
    let back = range.length_ns().max(LEAST_LOOK_BACK_NS);
    TimeRange { start: UnixNanos(range.start.0.saturating_sub(back)), ..range }
}

fn shifted(question: &Question, by_ns: i64) -> Question {
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

/// RFC 3339, to the second.
fn text(at: UnixNanos) -> String {
    let secs = at.as_secs();
    jiff::Timestamp::from_second(secs).map_or_else(|_| String::new(), |at| at.to_string())
}
