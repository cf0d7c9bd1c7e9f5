//! Power: how often a change is found, and how often it could be found at best.

use super::program::{HOUR, Noise, Program, Random, SAMPLES, Time, zipf};
use super::{RUNS, row, runs};
use crate::stats::student_t::{quantile_above, two_sided_p};
use crate::stats::{Direction, Rules};

/// Points that a test may stay below the best one.
const FROM_BOUND: f64 = 10.0;
/// What must be found at least, in percent, on 12 blocks a side of four replicas whose noise is autocorrelated.
const LEAST: f64 = 75.0;

/// Sides of a row: blocks and replicas.
#[derive(Clone, Copy)]
struct Size {
    blocks: usize,
    replicas: usize,
}

impl Size {
    fn time(self) -> Time {
        Time { intervals: self.blocks * HOUR.block, ..HOUR }
    }
}

/// How often a function of 5 % that grew by 20 % is found, and how often it could be if all variances were known, in percent.
fn power(noise: Noise, size: Size, seed: u64) -> [f64; 2] {
    let mut shares = vec![0.05];
    shares.extend(zipf());
    let program = Program { shares: &shares, noise, noisy: 1, time: size.time() };
    let (mut found, mut tests) = (0, 0);
    for run in 0..runs() {
        let random = &mut Random(seed ^ (run << 20));
        let sides = [program.side(random, 1.0, size.replicas), program.side(random, 1.2, size.replicas)];
        let one = program.compare([&sides[0], &sides[1]]);
        found += u64::from(one.functions[0].direction == Some(Direction::Grew));
        tests += one.tests;
    }
    let n = runs() as f64;
    [found as f64 / n * 100.0, bound(noise, size, tests as f64 / n)]
}

/// The power of a z test of the rate at the same false discovery rate, in percent: no test finds more.
fn bound(noise: Noise, size: Size, tests: f64) -> f64 {
    let Noise { cv, phi } = noise;
    let minutes = (size.time().intervals * size.replicas) as f64;
    let variance = |factor: f64| {
        cv * cv * factor * factor * (1.0 + phi) / (1.0 - phi) / minutes + factor / (0.05 * SAMPLES * minutes)
    };
    let distance = 0.2 / (variance(1.0) + variance(1.2)).sqrt();
    let critical = quantile_above(Rules::default().q / tests / 2.0, f64::MAX);
    let tail = two_sided_p(distance - critical, f64::MAX) / 2.0;
    100.0 * if distance > critical { 1.0 - tail } else { tail }
}

#[test]
fn a_fifth_more_of_a_function_is_found_in_an_hour() {
    let chance = 200.0 * (0.25 / runs() as f64).sqrt();
    let size = |blocks, replicas| Size { blocks, replicas };
    let table = [
        (0.0, size(12, 1), 6),
        (0.6, size(12, 1), 7),
        (0.6, size(12, 4), 8),
        (0.0, size(12, 4), 11),
        (0.0, size(24, 1), 12),
        (0.6, size(24, 1), 13),
        (0.6, size(24, 4), 14),
    ];
    // The rest takes longer than a test should.
    let rows = if runs() > RUNS { table.len() } else { 3 };
    let mut too_few = Vec::new();
    for (phi, size, seed) in table.into_iter().take(rows) {
        let noise = Noise { cv: 0.15, phi };
        let [power, best] = power(noise, size, seed);
        // Autocorrelated noise of one replica hides such a change in every other hour, whatever the test.
        let must_find = size.replicas == 4 && size.blocks == 12 && phi > 0.0;
        let least = (best - FROM_BOUND).max(if must_find { LEAST } else { 0.0 });
        let Size { blocks, replicas } = size;
        let name = format!(
            "+20 % of a function of 5 %: {blocks} blocks a side of {replicas} replica(s), cv 15 %, autocorrelation {phi}"
        );
        let target = format!("≥ {least:.1} % ({best:.1} % with known variances)");
        row(&name, &format!("found in {power:.1} %"), Some((target.as_str(), power >= least)));
        if power < least - chance {
            too_few.push(format!("{name}: {power} %, {target}"));
        }
    }
    assert!(too_few.is_empty(), "{too_few:#?}");
}
