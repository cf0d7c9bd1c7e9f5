//! Screening: reads what all services of a question did, without any call tree.
//!
//! Two lists of series (of the range and of the period before it) and, for each main profile type, the starts and totals of all
//! profiles of both. Cost and memory grow with profiles and not with services: [`crate::query::breakdown`] bounds the starts that are kept.

use super::activity::{Activity, Seen};
use super::intervals::Intervals;
use super::main_type::main_type;
use super::measured::{Measured, measured};
use super::versions::Versions;
use crate::auth::Principal;
use crate::query::{Querier, QueryError, Question};
use crate::store::{SeriesInfo, TimeRange};
use crate::work::ANSWERS;
use flarepath_profile::labels::SERVICE_NAME;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::UnixNanos;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Services of a screening at most, by name.
const MOST_SERVICES: usize = 20_000;
/// Main profile types that are read at most, those of the most services. Services of others have no numbers, only verdicts.
const MOST_TYPES: usize = 8;

/// What all services did.
#[derive(Debug)]
pub(crate) struct Screening {
    pub(crate) range: TimeRange,
    /// Width of an interval of the sparklines.
    pub(crate) step_ns: i64,
    /// By name.
    pub(crate) services: Vec<Arc<Activity>>,
    /// How many services are missing.
    pub(crate) left_out: usize,
}

/// Services by their series.
struct Found {
    seen: Vec<Seen>,
    left_out: usize,
    series: Arc<Vec<SeriesInfo>>,
}

impl Querier {
    /// What the services of a question did, within the caller's bounds.
    pub(super) async fn screening(
        &self,
        who: &Principal,
        question: &Question,
    ) -> Result<Screening, QueryError> {
        self.require(|offered| offered.profile_totals, "totals of single profiles")?;
        let intervals = Intervals::of(question.range);
        let earlier = Question { range: intervals.before(), ..question.clone() };
        let (range, before) = tokio::try_join!(self.series(who, question), self.series(who, &earlier))?;
        let found = ANSWERS.run(move || Found::of(&range, &before)).await?;
        let whole = self.restricted(who, &Question { range: intervals.whole(), ..question.clone() })?;
        let mut of_services: HashMap<String, Measured> = HashMap::new();
        for (profile_type, names) in found.by_type() {
            let cells = self.cells(who, &whole, &profile_type, SERVICE_NAME, found.series.clone()).await?;
            of_services.extend(ANSWERS.run(move || measured(&cells, &names, intervals)).await?);
        }
        let activities = move || {
            let activity = |seen: Seen| {
                let measured = of_services.get(&seen.name);
                Arc::new(Activity::of(seen, measured, intervals))
            };
            found.seen.into_iter().map(activity).collect()
        };
        let left_out = found.left_out;
        let services = ANSWERS.run(activities).await?;
        Ok(Screening { range: question.range, step_ns: intervals.step_ns, services, left_out })
    }
}

impl Found {
    fn of(range: &[SeriesInfo], before: &[SeriesInfo]) -> Found {
        let mut by_name: BTreeMap<&str, [Vec<&SeriesInfo>; 2]> = BTreeMap::new();
        for (side, series) in [range, before].into_iter().enumerate() {
            for info in series {
                by_name.entry(info.labels.service()).or_default()[side].push(info);
            }
        }
        let left_out = by_name.len().saturating_sub(MOST_SERVICES);
        let kept = by_name.into_iter().take(MOST_SERVICES);
        let seen = kept.filter_map(|(name, [range, before])| seen(name, &range, &before)).collect();
        let series = Arc::new(range.iter().chain(before).cloned().collect());
        Found { seen, left_out, series }
    }

    /// The names of the services of each main type, the most frequent types first.
    fn by_type(&self) -> Vec<(ProfileType, HashSet<String>)> {
        let mut names: BTreeMap<&ProfileType, HashSet<String>> = BTreeMap::new();
        for Seen { name, profile_type, .. } in &self.seen {
            names.entry(profile_type).or_default().insert(name.clone());
        }
        let mut all: Vec<_> =
            names.into_iter().map(|(profile_type, names)| (profile_type.clone(), names)).collect();
        all.sort_by_key(|(_, names)| Reverse(names.len()));
        all.truncate(MOST_TYPES);
        all
    }
}

/// A service by its series in the range and in the period before; `None` if they have no type.
fn seen(name: &str, range: &[&SeriesInfo], before: &[&SeriesInfo]) -> Option<Seen> {
    let present = if range.is_empty() { before } else { range };
    let types = present.iter().flat_map(|info| info.profile_types.iter());
    Some(Seen {
        name: name.to_owned(),
        profile_type: main_type(types)?.clone(),
        versions: Versions::of(range, before),
        newest: present.iter().map(|info| info.newest).max().unwrap_or(UnixNanos::MIN),
        is_new: before.is_empty(),
    })
}
