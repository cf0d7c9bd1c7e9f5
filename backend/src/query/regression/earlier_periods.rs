//! Earlier periods as baselines: the period before, and the same period a day and a week earlier.
//!
//! Of those with enough data the first baseline is the one with the same replicas as the range, or else any; of these the one that is
//! nearest in traffic. Requests are not known, so that traffic is the total by the time that has data. The others confirm it: a change must
//! be one against each of them.

use super::baseline::{BUCKETS, shifted};
use crate::auth::Principal;
use crate::query::step::usual_step_ns;
use crate::query::{Querier, QueryError, Question};
use crate::store::{SeriesInfo, TotalsSeries, replica_labels};
use flarepath_profile::labels::Labels;
use flarepath_profile::profile_type::ProfileType;
use flarepath_profile::unix_nanos::{DAY_NS, MINUTE_NS};
use futures::future::try_join_all;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Buckets with data, of a minute or more, that an earlier time needs to be a baseline.
const LEAST_BUCKETS: usize = 5;
/// Distances in traffic that differ by no more are alike: noise does not choose a baseline. In natural logarithms, about 10 %.
const ALIKE: f64 = 0.1;

/// When an earlier period was, and what is said of it.
#[derive(Clone, Copy)]
struct Period {
    by_ns: i64,
    name: &'static str,
    /// `less than 5 min of data …`
    at: &'static str,
    /// `no data …`
    missing: &'static str,
}

/// A day and a week earlier, if the range is shorter.
const DAYS: [Period; 2] = [
    Period {
        by_ns: DAY_NS,
        name: "the same period a day earlier",
        at: "a day earlier",
        missing: "a day earlier to confirm it",
    },
    Period {
        by_ns: 7 * DAY_NS,
        name: "the same period a week earlier",
        at: "a week earlier",
        missing: "a week earlier to confirm it",
    },
];

/// What ran in a period.
#[derive(Clone, Debug, Default, PartialEq)]
struct Activity {
    /// Service and name of each replica.
    replicas: BTreeSet<(String, String)>,
    /// Buckets with data.
    buckets: usize,
    /// The mean total of a minute with data.
    traffic: f64,
}

impl Activity {
    fn of(
        series: &[SeriesInfo],
        profile_type: &ProfileType,
        totals: &[TotalsSeries],
        step_ns: i64,
    ) -> Activity {
        let labels = || series.iter().filter(|s| s.profile_types.contains(profile_type)).map(|s| &*s.labels);
        let telling = replica_labels(labels());
        let replica = |labels: &Labels| {
            let name = telling.get(labels.service()).and_then(|label| labels.get(label));
            (labels.service().to_owned(), name.unwrap_or_default().to_owned())
        };
        let points = || totals.iter().flat_map(|group| &group.points);
        let buckets = points().map(|(at, _)| at.0).collect::<BTreeSet<i64>>().len();
        let total: f64 = points().map(|(_, value)| *value as f64).sum();
        let minutes = buckets as f64 * step_ns as f64 / MINUTE_NS as f64;
        let traffic = if buckets > 0 { total / minutes } else { 0.0 };
        Activity { replicas: labels().map(replica).collect(), buckets, traffic }
    }

    /// How far apart two periods are in traffic, as the logarithm of their ratio.
    fn distance(&self, other: &Activity) -> f64 {
        match (self.traffic, other.traffic) {
            (a, b) if a > 0.0 && b > 0.0 => (a / b).ln().abs(),
            (a, b) if a <= 0.0 && b <= 0.0 => 0.0,
            _ => f64::INFINITY,
        }
    }
}

/// The place of the first baseline among some periods, which are in the order in which they are taken if they are alike.
fn best(of: &Activity, periods: &[&Activity]) -> usize {
    let is_same = |place: &usize| periods[*place].replicas == of.replicas;
    let same: Vec<usize> = (0..periods.len()).filter(is_same).collect();
    let candidates = if same.is_empty() { (0..periods.len()).collect() } else { same };
    let distance = |place: usize| periods[place].distance(of);
    let nearest = candidates.iter().map(|place| distance(*place)).fold(f64::INFINITY, f64::min);
    candidates.into_iter().find(|place| distance(*place) <= nearest + ALIKE).unwrap_or(0)
}

/// Why a later one of the periods is the first baseline.
fn why(of: &Activity, (chosen, name): (&Activity, &str), (first, first_name): (&Activity, &str)) -> String {
    match chosen.replicas == of.replicas && first.replicas != of.replicas {
        true => format!("{name} has the same replicas as this range, unlike {first_name}"),
        false => {
            format!("the total of {name} is nearer to that of this range than the total of {first_name}")
        }
    }
}

impl Querier {
    /// Earlier periods with enough data, the best one first. If none has, the first that has any, which the verdict then says; or else
    /// the period before.
    pub(super) async fn earlier(
        &self,
        who: &Principal,
        comparison: &Question,
        profile_type: &ProfileType,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Question>, QueryError> {
        let length = comparison.range.length_ns();
        let before = Period {
            by_ns: length,
            name: "the period before",
            at: "in the period before",
            missing: "in the period before",
        };
        let whens: Vec<Period> =
            std::iter::once(before).chain(DAYS.into_iter().filter(|when| when.by_ns > length)).collect();
        let questions: Vec<Question> = whens.iter().map(|when| shifted(comparison, when.by_ns)).collect();
        let ran = try_join_all(questions.iter().map(|earlier| self.ran(who, earlier, profile_type))).await?;
        let (mut enough, mut little, mut lacking) = (Vec::new(), Vec::new(), Vec::new());
        for ((when, earlier), ran) in whens.iter().zip(questions).zip(ran) {
            match ran.buckets {
                0 => lacking.push(format!("no data {}", when.missing)),
                buckets if buckets < LEAST_BUCKETS => {
                    lacking.push(format!("less than 5 min of data {}", when.at));
                    little.push(earlier);
                }
                _ => enough.push((*when, earlier, ran)),
            }
        }
        if enough.is_empty() && little.is_empty() {
            notes.push("no earlier data to compare with".to_owned());
            return Ok(vec![shifted(comparison, length)]);
        }
        notes.extend(lacking);
        if enough.len() > 1 {
            let of = self.ran(who, comparison, profile_type).await?;
            let place = best(&of, &enough.iter().map(|(.., ran)| ran).collect::<Vec<_>>());
            if place > 0 {
                let of_place = |place: usize| (&enough[place].2, enough[place].0.name);
                notes.push(why(&of, of_place(place), of_place(0)));
                enough[..=place].rotate_right(1);
            }
        }
        little.truncate(1);
        Ok(if enough.is_empty() {
            little
        } else {
            enough.into_iter().map(|(_, earlier, _)| earlier).collect()
        })
    }

    /// The same period a day and a week earlier, if it has enough data.
    pub(super) async fn days_earlier(
        &self,
        who: &Principal,
        comparison: &Question,
        profile_type: &ProfileType,
    ) -> Result<Vec<Question>, QueryError> {
        let length = comparison.range.length_ns();
        let whens = DAYS.into_iter().filter(|when| when.by_ns > length);
        let questions: Vec<Question> = whens.map(|when| shifted(comparison, when.by_ns)).collect();
        let ran = try_join_all(questions.iter().map(|earlier| self.ran(who, earlier, profile_type))).await?;
        let enough = questions.into_iter().zip(ran).filter(|(_, ran)| ran.buckets >= LEAST_BUCKETS);
        Ok(enough.map(|(earlier, _)| earlier).collect())
    }

    /// Two reads, of which the second is left out where there is nothing of the type.
    async fn ran(
        &self,
        who: &Principal,
        question: &Question,
        profile_type: &ProfileType,
    ) -> Result<Activity, QueryError> {
        let series = self.series(who, question).await?;
        if !series.iter().any(|s| s.profile_types.contains(profile_type)) {
            return Ok(Activity::default());
        }
        let step_ns = usual_step_ns(question.range, BUCKETS).max(MINUTE_NS);
        let totals: Arc<Vec<TotalsSeries>> = self.totals(who, question, profile_type, step_ns, &[]).await?;
        Ok(Activity::of(&series, profile_type, &totals, step_ns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(replicas: &[&str], traffic: f64) -> Activity {
        let replicas = replicas.iter().map(|name| ("shop".to_owned(), (*name).to_owned())).collect();
        Activity { replicas, buckets: 60, traffic }
    }

    fn chosen(of: &Activity, periods: &[Activity]) -> usize {
        best(of, &periods.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_period_with_the_nearest_traffic_is_the_baseline() {
        let of = ran(&["a", "b"], 100.0);
        let at = |traffic| ran(&["a", "b"], traffic);
        assert_eq!(chosen(&of, &[at(50.0), at(98.0), at(101.0)]), 1, "alike: the earlier in order");
        assert_eq!(chosen(&of, &[at(96.0), at(100.0)]), 0, "noise does not choose");
        assert_eq!(chosen(&of, &[at(0.0), at(300.0), at(140.0)]), 2);
        assert_eq!(chosen(&ran(&["a", "b"], 0.0), &[at(5.0), at(7.0)]), 0, "without traffic none is nearer");
    }

    #[test]
    fn the_same_replicas_come_before_the_traffic() {
        let of = ran(&["a", "b"], 100.0);
        let periods = [ran(&["a", "old"], 100.0), ran(&["a", "b"], 300.0), ran(&["a", "b"], 150.0)];
        assert_eq!(chosen(&of, &periods), 2);
        assert_eq!(chosen(&of, &[ran(&["c"], 20.0), ran(&["d"], 90.0)]), 1, "none has them");
    }
}
