//! Comparisons of many services at once, as an overview makes them: which of them still count among all.

use super::program::{FUNCTIONS, HOUR, Noise, Program, Random, zipf};
use super::{row, runs};
use crate::stats::discoveries;

/// Services of the fleet that the bound is about.
const SERVICES: u64 = 2000;
/// As the overview allows.
const Q: f64 = 0.05;
/// Unchanged services that may be shown as changed.
const MOST: usize = 2;

/// The p values of a fleet; `factor` is what function 0 of each service costs afterwards.
fn fleet(noise: Noise, replicas: usize, seed: u64, factor: impl Fn(u64) -> f64) -> Vec<f64> {
    let shares = zipf();
    let program = Program { shares: &shares, noise, noisy: FUNCTIONS, time: HOUR };
    let p = |service: u64| {
        let random = &mut Random(seed ^ (service << 20));
        let before = program.side(random, 1.0, replicas);
        let after = program.side(random, factor(service), replicas);
        program.compare([&before, &after]).evidence()
    };
    (0..runs().min(SERVICES)).map(p).collect()
}

fn flagged(p: &[f64]) -> usize {
    discoveries(p, Q).into_iter().filter(|is_one| *is_one).count()
}

#[test]
fn of_two_thousand_unchanged_services_at_most_two_are_flagged() {
    for (noise, seed) in [
        (Noise { cv: 0.15, phi: 0.0 }, 21),
        (Noise { cv: 0.15, phi: 0.6 }, 22),
        (Noise { cv: 0.3, phi: 0.6 }, 23),
    ] {
        let p = fleet(noise, 1, seed, |_| 1.0);
        let alone = p.iter().filter(|p| **p < 1.0).count();
        let name = format!("fleet, unchanged: cv {:.0} %, autocorrelation {}", noise.cv * 100.0, noise.phi);
        let found = format!("{} of {} services flagged ({alone} by themselves)", flagged(&p), p.len());
        row(&name, &found, Some(("≤ 2 of 2 000", flagged(&p) <= MOST)));
        assert!(flagged(&p) <= MOST, "{name}: {found}");
    }
}

/// One service in forty costs more, in its largest function.
#[test]
fn services_that_changed_stand_out_among_those_that_did_not() {
    let is_changed = |service: u64| service.is_multiple_of(40);
    let p = fleet(Noise { cv: 0.15, phi: 0.6 }, 4, 24, |service| if is_changed(service) { 2.0 } else { 1.0 });
    let found = discoveries(&p, Q);
    let of = |changed: bool| {
        (0..).zip(&found).filter(|(service, is_one)| **is_one && is_changed(*service) == changed).count()
    };
    let all = (0..p.len() as u64).filter(|service| is_changed(*service)).count();
    let text = format!("{} of {all} found, {} others flagged", of(true), of(false));
    row("fleet: one service in 40, its largest function costs twice as much, 4 replicas", &text, None);
    assert!(of(true) * 2 > all && of(false) <= MOST, "{text}");
}
