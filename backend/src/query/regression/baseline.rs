//! Chooses the baselines of a comparison.
//!
//! In this order: the version before, if another appeared in the range; the period before. The same period a day and a week
//! earlier confirm a period, if they have data: a change must be one against each of them.

use super::relation::relation;
use super::versions::{Pair, pair, versions};
use crate::auth::Principal;
use crate::query::step::usual_step_ns;
use crate::query::{Querier, QueryError, Question};
use crate::store::TimeRange;
use flarepath_profile::labels::{Meaning, pick};
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::selector::{MatchOp, Matcher};
use flarepath_profile::unix_nanos::UnixNanos;
use flarepath_profile::verdict::Relation;

const MINUTE_NS: i64 = 60_000_000_000;
const DAY_NS: i64 = 1440 * MINUTE_NS;
/// How far back versions are looked for at least.
const LEAST_LOOK_BACK_NS: i64 = 60 * MINUTE_NS;
/// Buckets that the time of versions is cut into.
const BUCKETS: i64 = 600;

/// The baselines asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Baselines {
    /// To be chosen from the data.
    Auto,
    /// This one.
    Given(Question),
}

/// What is compared.
pub(super) struct Chosen {
    pub(super) comparison: Question,
    /// At least one.
    pub(super) baselines: Vec<Question>,
    pub(super) relation: Relation,
    pub(super) notes: Vec<String>,
}

impl Querier {
    pub(super) async fn baselines(
        &self,
        who: &Principal,
        comparison: &Question,
        wanted: &Baselines,
        profile_type: &ProfileType,
    ) -> Result<Chosen, QueryError> {
        if let Baselines::Given(baseline) = wanted {
            return Ok(Chosen {
                comparison: comparison.clone(),
                baselines: vec![baseline.clone()],
                relation: relation(baseline, comparison),
                notes: Vec::new(),
            });
        }
        let (found, label, new_version) = self.version_pair(who, comparison, profile_type).await?;
        let mut notes = Vec::new();
        match found {
            Pair::Found { before, after, note } => {
                notes.extend(note);
                let range = looking_back(comparison.range);
                let with = |value: &str, range| Question { range, ..narrowed(comparison, &label, value) };
                return Ok(Chosen {
                    comparison: with(&after, comparison.range),
                    baselines: vec![with(&before, range)],
                    relation: Relation::Versions { before, after },
                    notes,
                });
            }
            Pair::Unusable(why) => notes.push(format!("not compared with another version: {why}")),
            Pair::Single => {}
        }
        let mut baselines = vec![shifted(comparison, comparison.range.length_ns())];
        for (shift, name) in [(DAY_NS, "a day earlier"), (7 * DAY_NS, "a week earlier")] {
            let earlier = shifted(comparison, shift);
            if comparison.range.length_ns() >= shift {
                continue;
            }
            match self.has_data(who, &earlier, profile_type).await? {
                true => baselines.push(earlier),
                false => notes.push(format!("no data {name} to confirm it")),
            }
        }
        let relation = match relation(&baselines[0], comparison) {
            Relation::Times { baseline, .. } => Relation::Times { baseline, new_version },
            other => other,
        };
        Ok(Chosen { comparison: comparison.clone(), baselines, relation, notes })
    }

    /// The versions to compare, their label, and a version that appeared in the range, with the time.
    async fn version_pair(
        &self,
        who: &Principal,
        comparison: &Question,
        profile_type: &ProfileType,
    ) -> Result<(Pair, String, Option<(String, String)>), QueryError> {
        let series = self.series(who, comparison).await?;
        let names = series.iter().flat_map(|s| s.labels.iter().map(|(name, _)| name));
        let Some(label) = pick(names, &[Meaning::Version]).map(str::to_owned) else {
            return Ok((Pair::Single, String::new(), None));
        };
        let pinned = |m: &&Matcher| m.name == label;
        let wanted = comparison.selector.matchers.iter().find(pinned);
        let wanted = wanted.filter(|m| m.op == MatchOp::Equal).map(|m| m.value.clone());
        let mut question = Question { range: looking_back(comparison.range), ..comparison.clone() };
        if wanted.is_some() {
            question.selector.matchers.retain(|m| m.name != label);
        }
        let step_ns = usual_step_ns(question.range, BUCKETS).max(MINUTE_NS);
        let totals = self.totals(who, &question, profile_type, step_ns, std::slice::from_ref(&label)).await?;
        let all = versions(&totals, &label, step_ns);
        let TimeRange { start, end } = comparison.range;
        let newest = all.last().filter(|v| all.len() > 1 && v.first >= start.0);
        let new_version = newest.map(|v| (v.name.clone(), text(UnixNanos(v.first))));
        Ok((pair(&all, wanted.as_deref(), start.0, end.0, step_ns), label, new_version))
    }

    async fn has_data(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<bool, QueryError> {
        let series = self.series(who, question).await?;
        Ok(series.iter().any(|s| s.profile_types.contains(profile_type)))
    }
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
    let secs = at.0.div_euclid(1_000_000_000);
    jiff::Timestamp::from_second(secs).map_or_else(|_| String::new(), |at| at.to_string())
}
