//! Many services at once, each compared since the time at which it seems to have changed, as an overview does. The time is chosen from
//! the same data, here for every service and not only for those that are suspected, and again at each refresh. Both choices have their
//! price: that of the time, and that of comparing again.

use super::program::{FUNCTIONS, Noise, Program, Random, SAMPLES, Time, zipf};
use super::{row, runs};
use crate::stats::{Replica, Rules, Side, Window, compare, discoveries, settled};
use crate::time_series::{least_step, round_step_secs};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// As the overview allows.
const Q: f64 = 0.05;
const SERVICES: u64 = 2000;
/// Unchanged services that may be shown as changed in any of the refreshes.
const MOST: usize = 2;
/// Pushes of 15 s.
const TIME: Time = Time { intervals: 560, block: 1, samples: SAMPLES / 4.0, window_secs: 15.0 };
const SECS: i64 = 15;
const HOUR: usize = 240;
const HALF_AN_HOUR: usize = 120;
const FIVE_MINUTES: usize = 20;
/// Refreshes, two minutes apart.
const ENDS: [usize; 11] = [480, 488, 496, 504, 512, 520, 528, 536, 544, 552, 560];
/// Pushes in half a minute: a beginning is looked for in half minutes.
const FINE: usize = 2;
/// Intervals of two minutes in an hour, and pushes in one.
const PLACES: f64 = 30.0;
const INTERVAL: usize = 8;

/// Some pushes of a service, so many in a window.
fn cut(all: &Side, time: Range<usize>, pushes: usize) -> Side {
    let of = |replica: &Replica| {
        let mut windows: Vec<Window> = Vec::new();
        for push in &replica.windows[time.clone()] {
            let at = push.at / pushes as i64;
            match windows.last_mut().filter(|last| last.at == at) {
                Some(last) => {
                    last.weight += push.weight;
                    last.total += push.total;
                    last.costs.iter_mut().zip(&push.costs).for_each(|(sum, cost)| *sum += cost);
                }
                None => windows.push(Window { at, ..push.clone() }),
            }
        }
        Replica { name: replica.name.clone(), windows }
    };
    let window_secs = TIME.window_secs * pushes as f64;
    Side { replicas: all.replicas.iter().map(of).collect(), window_secs }
}

/// The same in windows as wide as a verdict takes for so long a side.
fn in_windows(all: &Side, time: Range<usize>) -> Side {
    let secs = time.len() as i64 * SECS;
    let wanted = if secs >= 1800 { least_step(secs, 24).max(300) } else { least_step(secs, 10) };
    let width = match wanted {
        31..=60 => least_step(wanted, 15) * 15,
        61..300 => least_step(wanted, 30) * 30,
        _ => round_step_secs(wanted),
    };
    cut(all, time, (width / SECS) as usize).whole_windows()
}

fn evidence(all: &Side, before: Range<usize>, after: Range<usize>) -> f64 {
    let [before, after] = [before, after].map(|time| in_windows(all, time));
    compare(&before, &after, FUNCTIONS, &Rules::default()).map_or(1.0, |found| found.evidence())
}

/// What the refreshes before have found of a service.
#[derive(Default)]
struct Known {
    /// A comparison that found a change: since when, and the smallest p value so far.
    since: Option<(usize, f64)>,
    /// Comparisons since each interval.
    looks: BTreeMap<usize, f64>,
}

/// The p value of the hour that ends there.
fn judged(all: &Side, end: usize, known: &mut Known) -> f64 {
    let start = end - HOUR;
    let earlier = start - HOUR..start;
    let chosen = || {
        let at = settled(&cut(all, earlier.clone(), FINE), &cut(all, start..end, FINE))?;
        usize::try_from(at).ok().map(|at| (at * FINE, 1.0)).filter(|(at, _)| *at > start)
    };
    let since = known.since.take().filter(|(at, _)| *at > start).or_else(chosen);
    if let Some((at, strongest)) = since.filter(|(at, _)| end - at >= FIVE_MINUTES) {
        let looks = known.looks.entry(at / INTERVAL).or_default();
        *looks += 1.0;
        let price = PLACES * *looks * (*looks + 1.0);
        let from = start.min(at - (end - at).max(HALF_AN_HOUR));
        let alone = evidence(all, from..at, at..end);
        let p = strongest.min(price * alone);
        if alone < 1.0 && p <= Q {
            known.since = Some((at, p));
            return p;
        }
    }
    evidence(all, earlier, start..end)
}

/// The services that are shown as changed at each refresh. `traffic`: what a service costs in a push, by its number.
fn shown(
    noise: Noise,
    replicas: usize,
    seed: u64,
    ends: &[usize],
    traffic: impl Fn(u64, usize) -> f64,
) -> Vec<BTreeSet<u64>> {
    let shares = zipf();
    // So that minutes have the autocorrelation of the noise.
    let noise = Noise { phi: noise.phi.powf(0.25), ..noise };
    let program = Program { shares: &shares, noise, noisy: FUNCTIONS, time: TIME };
    let mut p_values = vec![Vec::new(); ends.len()];
    for service in 0..runs().min(SERVICES) {
        let random = &mut Random(seed ^ (service << 20));
        let of = |n| program.replica(random, n, 1.0, |push| traffic(service, push));
        let all = Side { replicas: (0..replicas).map(of).collect(), window_secs: TIME.window_secs };
        let mut known = Known::default();
        for (end, p_values) in ends.iter().zip(&mut p_values) {
            p_values.push(judged(&all, *end, &mut known));
        }
    }
    let discovered = |p: &Vec<f64>| (0..).zip(discoveries(p, Q)).filter(|(_, is_one)| *is_one);
    p_values.iter().map(|p| discovered(p).map(|(service, _)| service).collect()).collect()
}

#[test]
fn unchanged_services_are_not_shown_although_the_time_is_chosen_from_their_data() {
    for (noise, seed) in [
        (Noise { cv: 0.15, phi: 0.0 }, 31),
        (Noise { cv: 0.15, phi: 0.6 }, 32),
        (Noise { cv: 0.3, phi: 0.6 }, 33),
    ] {
        let flagged: BTreeSet<u64> = shown(noise, 1, seed, &ENDS, |_, _| 1.0).into_iter().flatten().collect();
        let name = format!(
            "fleet, unchanged, compared since a chosen time: cv {:.0} %, autocorrelation {}",
            noise.cv * 100.0,
            noise.phi
        );
        let (services, refreshes) = (runs().min(SERVICES), ENDS.len());
        let found = format!("{} of {services} services flagged in {refreshes} refreshes", flagged.len());
        row(&name, &found, Some(("≤ 2 of 2 000", flagged.len() <= MOST)));
        assert!(flagged.len() <= MOST, "{name}: {found}");
    }
}

/// One service in forty costs 60 % more, from the middle of half a minute on.
#[test]
fn a_step_of_twenty_minutes_stands_out_among_services_that_did_not_change() {
    let is_changed = |service: u64| service.is_multiple_of(40);
    let traffic = |service: u64, push: usize| if is_changed(service) && push >= 399 { 1.6 } else { 1.0 };
    let found = shown(Noise { cv: 0.15, phi: 0.6 }, 4, 34, &[480], traffic);
    let of = |changed: bool| found[0].iter().filter(|service| is_changed(**service) == changed).count();
    let all = (0..runs().min(SERVICES)).filter(|service| is_changed(*service)).count();
    let text = format!("{} of {all} found, {} others flagged", of(true), of(false));
    row("fleet: one service in 40 costs 60 % more since twenty minutes, 4 replicas", &text, None);
    assert!(of(true) * 2 > all && of(false) <= MOST, "{text}");
}
