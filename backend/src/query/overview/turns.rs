//! Whose turn it is to be judged. Pure.
//!
//! - A service whose cost moved just now, or that may have changed and had too little data: a minute after its last verdict.
//! - One whose cost moved in the range, or was found to have changed at a time in it, or with a new version: five minutes after.
//! - Every other: in rotation, those that have waited longest first, and not before a rest.
//!
//! Those whose cost moved just now come before the others, so that they are shown soon. Every fourth turn is one of the rotation, however
//! many are suspicious, so that every service gets a verdict: of 2 000 services and 60 turns a minute within 34 minutes if few are
//! suspicious, and within 134 minutes if all are.

use super::activity::{Activity, Presence};
use super::change_point::ChangePoint;
use super::judgement::{Found, Judgement};
use super::suspicion::Suspicion;
use flarepath_profile::unix_nanos::{MINUTE_NS, UnixNanos};
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::Arc;

/// Turns of the suspicious for one of the rotation.
const URGENT: usize = 3;
/// Runs are a minute apart, about.
const JUST_NOW_NS: i64 = MINUTE_NS / 2;
const MOVED_NS: i64 = 5 * MINUTE_NS;

/// The last attempt to judge a service.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) at: UnixNanos,
    /// The latest judgement that there is.
    pub(super) judgement: Option<Arc<Judgement>>,
    pub(super) is_failed: bool,
}

impl Attempt {
    /// The beginning of the change that was found, if it was compared from there on.
    pub(super) fn since(&self) -> Option<ChangePoint> {
        self.judgement.as_ref().and_then(|one| one.since)
    }
}

/// Whether it is time for another verdict on a suspicious service.
pub(super) fn is_urgent(activity: &Activity, last: Option<&Attempt>, now: UnixNanos) -> bool {
    let Some(last) = last else { return activity.suspicion != Suspicion::None };
    let had_too_little = last.judgement.as_ref().is_none_or(|one| one.found == Found::TooLittleData);
    let wait_ns = match activity.suspicion {
        Suspicion::None if last.since().is_none() => return false,
        Suspicion::Recent => JUST_NOW_NS,
        Suspicion::Moved if had_too_little => JUST_NOW_NS,
        Suspicion::None | Suspicion::Moved => MOVED_NS,
    };
    now.nanos_since(last.at) >= wait_ns
}

/// Services in the order of their turns. `rest_ns`: how long after a verdict the next one in rotation comes at the earliest.
pub(super) fn turns<'a>(
    activities: &'a [Arc<Activity>],
    last: impl Fn(&str) -> Option<&'a Attempt>,
    now: UnixNanos,
    rest_ns: i64,
) -> Vec<&'a Arc<Activity>> {
    let (mut urgent, mut rotation) = (Vec::new(), Vec::new());
    for activity in activities.iter().filter(|activity| activity.presence == Presence::Reporting) {
        let last = last(&activity.service);
        // Never judged: before all others.
        let at = last.map_or(UnixNanos::MIN, |last| last.at);
        match is_urgent(activity, last, now) {
            true => urgent.push((at, activity)),
            false if now.nanos_since(at) >= rest_ns => rotation.push((at, activity)),
            false => {}
        }
    }
    let [mut urgent, mut rotation] = [urgent, rotation].map(in_order);
    let mut all = Vec::with_capacity(urgent.len() + rotation.len());
    while !(urgent.is_empty() && rotation.is_empty()) {
        all.extend(urgent.drain(..URGENT.min(urgent.len())));
        all.extend(rotation.pop_front());
    }
    all
}

/// Those whose cost moved just now first, then those that have waited longest; of equal ones, the one with more cores.
fn in_order(mut waiting: Vec<(UnixNanos, &Arc<Activity>)>) -> VecDeque<&Arc<Activity>> {
    // Cores are never negative, so that their bits have their order.
    let cores = |activity: &Activity| Reverse(activity.cores.unwrap_or(0.0).to_bits());
    let is_older = |activity: &Activity| activity.suspicion != Suspicion::Recent;
    waiting.sort_by_key(|(at, activity)| (is_older(activity), *at, cores(activity)));
    waiting.into_iter().map(|(_, activity)| activity).collect()
}

#[cfg(test)]
mod tests {
    use super::super::row::made_up::{activity, judgement};
    use super::*;
    use std::collections::HashMap;

    const NOW: UnixNanos = UnixNanos(100 * MINUTE_NS);

    fn suspicious(service: &str, cores: f64, suspicion: Suspicion) -> Arc<Activity> {
        Arc::new(Activity { suspicion, ..activity(service, cores) })
    }

    fn judged(minutes_ago: i64, found: Found) -> Attempt {
        let judgement = Some(Arc::new(judgement(found, 0.0, 1.0)));
        Attempt { at: UnixNanos(NOW.0 - minutes_ago * MINUTE_NS), judgement, is_failed: false }
    }

    fn order(activities: &[Arc<Activity>], last: &HashMap<&str, Attempt>) -> Vec<String> {
        let found = turns(activities, |service| last.get(service), NOW, 2 * MINUTE_NS);
        found.into_iter().map(|activity| activity.service.clone()).collect()
    }

    #[test]
    fn suspicious_services_come_first_and_every_fourth_turn_is_of_the_rotation() {
        let mut all: Vec<Arc<Activity>> =
            (0..5).map(|n| suspicious(&format!("s{n}"), f64::from(n), Suspicion::Moved)).collect();
        all.extend([suspicious("calm", 1.0, Suspicion::None), suspicious("large", 9.0, Suspicion::None)]);
        let expected = ["s4", "s3", "s2", "large", "s1", "s0", "calm"];
        assert_eq!(order(&all, &HashMap::new()), expected);
    }

    #[test]
    fn services_rest_after_a_verdict_as_long_as_their_suspicion_says() {
        let all = [
            suspicious("recent", 1.0, Suspicion::Recent),
            suspicious("moved", 1.0, Suspicion::Moved),
            suspicious("short", 1.0, Suspicion::Moved),
            suspicious("calm", 1.0, Suspicion::None),
        ];
        let last = |minutes: i64| {
            let mut last = HashMap::new();
            for (service, found) in [
                ("recent", Found::Unchanged),
                ("moved", Found::Unchanged),
                ("short", Found::TooLittleData),
                ("calm", Found::Unchanged),
            ] {
                last.insert(service, judged(minutes, found));
            }
            last
        };
        assert_eq!(order(&all, &last(0)), [""; 0]);
        assert_eq!(order(&all, &last(1)), ["recent", "short"]);
        assert_eq!(order(&all, &last(5)), ["recent", "moved", "short", "calm"]);
    }

    #[test]
    fn a_change_that_was_found_is_judged_again_without_suspicion() {
        let all = [suspicious("found", 1.0, Suspicion::None), suspicious("recent", 1.0, Suspicion::Recent)];
        let since = Some(ChangePoint { at: NOW, places: 30, looks: 1, evidence: 1e-9 });
        let found = Judgement { since, ..judgement(Found::Regressed, 1.0, 1e-9) };
        let at = UnixNanos(NOW.0 - 5 * MINUTE_NS);
        let attempt = Attempt { at, judgement: Some(Arc::new(found)), is_failed: false };
        assert!(is_urgent(&all[0], Some(&attempt), NOW) && !is_urgent(&all[0], Some(&attempt), at));
        let last = HashMap::from([("found", attempt), ("recent", judged(1, Found::Unchanged))]);
        assert_eq!(order(&all, &last), ["recent", "found"]);
    }

    #[test]
    fn silent_services_have_no_turn() {
        let gone = Activity { presence: Presence::WentSilent, ..activity("gone", 1.0) };
        assert_eq!(order(&[Arc::new(gone)], &HashMap::new()), [""; 0]);
    }
}
