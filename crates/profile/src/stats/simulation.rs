//! False alarms and power, simulated with fixed seeds.
//!
//! One replica (four where it says so), 60 windows of a minute a side in blocks of five, a program of functions with Zipf shares,
//! 1 000 samples a minute. A false alarm is any function or the total called changed in one comparison of unchanged data.

use super::side::{Replica, Side, Window};
use super::student_t::{quantile_above, two_sided_p};
use super::{Comparison, Direction, Rules, compare};

/// Comparisons a test makes. With `FLAREPATH_SIMULATIONS=2500` at compile time they are enough for the table in docs/statistics.md.
const RUNS: u64 = 120;
const FUNCTIONS: usize = 24;
const SAMPLES: f64 = 1000.0;
const MINUTES: usize = 60;

/// SplitMix64 (Steele, Lea and Flood 2014), and normal deviates by Box and Muller.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    fn count(&mut self, mean: f64) -> f64 {
        (mean + mean.sqrt() * self.normal()).round().max(0.0)
    }
}

#[derive(Clone, Copy)]
struct Noise {
    cv: f64,
    phi: f64,
}

/// A service: shares of functions, their noise, and a factor of each for the whole side.
struct Program<'a> {
    shares: &'a [f64],
    noise: Noise,
    /// Functions that the noise is of; the others have that of sampling only.
    noisy: usize,
    time: Time,
}

/// How a side is cut: intervals, how many make a window, and samples in each.
#[derive(Clone, Copy)]
struct Time {
    intervals: usize,
    block: usize,
    samples: f64,
    window_secs: f64,
}

/// An hour in blocks of five minutes.
const HOUR: Time = Time { intervals: MINUTES, block: 5, samples: SAMPLES, window_secs: 300.0 };
/// Eight minutes of pushes of 15 s, in windows of a minute.
const PUSHES: Time = Time { intervals: 32, block: 4, samples: SAMPLES / 4.0, window_secs: 60.0 };

impl Program<'_> {
    /// A replica that costs `level` times the usual, with `factor` on function 0 and traffic by minute.
    fn replica(
        &self,
        random: &mut Random,
        name: usize,
        factor: f64,
        traffic: impl Fn(usize) -> f64,
    ) -> Replica {
        let mut state: Vec<f64> = self.shares.iter().map(|_| random.normal()).collect();
        let Noise { cv, phi } = self.noise;
        let mut windows: Vec<Window> = Vec::new();
        let Time { intervals, block, samples, .. } = self.time;
        for minute in 0..intervals {
            let mut costs: Vec<f64> = Vec::new();
            for (i, share) in self.shares.iter().enumerate() {
                state[i] = phi * state[i] + (1.0 - phi * phi).sqrt() * random.normal();
                let noise = if i < self.noisy { (1.0 + cv * state[i]).max(0.0) } else { 1.0 };
                let factor = if i == 0 { factor } else { 1.0 };
                costs.push(random.count(share * samples * noise * factor * traffic(minute)));
            }
            let rest = 1.0 - self.shares.iter().sum::<f64>();
            let total = costs.iter().sum::<f64>() + random.count(rest.max(0.0) * samples * traffic(minute));
            if minute % block == 0 {
                let costs = vec![0.0; costs.len()];
                windows.push(Window { at: (minute / block) as i64, weight: 0.0, total: 0.0, costs });
            }
            let window = windows.last_mut().unwrap();
            window.weight += 60.0;
            window.total += total;
            window.costs.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost);
        }
        Replica { name: name.to_string(), windows }
    }

    fn side(&self, random: &mut Random, factor: f64, replicas: usize) -> Side {
        Side {
            replicas: (0..replicas).map(|n| self.replica(random, n, factor, |_| 1.0)).collect(),
            window_secs: self.time.window_secs,
        }
    }

    fn compare(&self, sides: [&Side; 2]) -> Comparison {
        compare(sides[0], sides[1], self.shares.len(), &Rules::default()).unwrap()
    }
}

/// Zipf shares of half of the time; the rest is in functions too small to count.
fn zipf() -> Vec<f64> {
    let sum: f64 = (1..=300).map(|k| 1.0 / f64::from(k)).sum();
    (1..=FUNCTIONS).map(|k| 1.0 / k as f64 / sum).collect()
}

fn is_alarm(found: &Comparison) -> bool {
    found.total.direction.is_some() || found.functions.iter().any(|f| f.direction.is_some())
}

fn alarms(noise: Noise, time: Time, seed: u64) -> u64 {
    let shares = zipf();
    let program = Program { shares: &shares, noise, noisy: FUNCTIONS, time };
    let alarm = |run: u64| {
        let random = &mut Random(seed ^ (run << 20));
        let sides = [program.side(random, 1.0, 1), program.side(random, 1.0, 1)];
        is_alarm(&program.compare([&sides[0], &sides[1]]))
    };
    (0..runs()).filter(|run| alarm(*run)).count() as u64
}

fn runs() -> u64 {
    option_env!("FLAREPATH_SIMULATIONS").and_then(|n| n.parse().ok()).unwrap_or(RUNS)
}

/// At most one in a hundred, and what chance may add to it.
fn check(alarms: u64, name: &str) {
    let most = runs() as f64 * 0.01;
    eprintln!("{name}: {alarms} false alarms in {} comparisons", runs());
    assert!((alarms as f64) <= most + 2.0 * most.sqrt(), "{name}: {alarms} of {}", runs());
}

#[test]
fn unchanged_data_is_not_called_changed() {
    check(alarms(Noise { cv: 0.0, phi: 0.0 }, HOUR, 1), "sampling noise");
    check(alarms(Noise { cv: 0.15, phi: 0.0 }, HOUR, 2), "cv 15 %");
    check(alarms(Noise { cv: 0.15, phi: 0.6 }, HOUR, 3), "cv 15 %, autocorrelation 0.6");
}

#[test]
fn a_few_pushes_are_not_called_changed() {
    // As noisy as an hour whose minutes have an autocorrelation of 0.6.
    let noise = Noise { cv: 0.15, phi: 0.88 };
    check(alarms(Noise { cv: 0.15, phi: 0.0 }, PUSHES, 9), "pushes, cv 15 %");
    check(alarms(noise, PUSHES, 10), "pushes, cv 15 %, autocorrelation 0.88");
}

#[test]
fn the_time_of_day_is_not_called_a_change() {
    let shares = zipf();
    let program =
        Program { shares: &shares, noise: Noise { cv: 0.05, phi: 0.3 }, noisy: FUNCTIONS, time: HOUR };
    let alarm = |run: u64| {
        let random = &mut Random(4 ^ (run << 20));
        let phase = random.uniform() * std::f64::consts::TAU;
        let mut at = |hour: f64| {
            let traffic = |minute: usize| {
                let time = (hour + minute as f64 / 60.0) / 24.0 * std::f64::consts::TAU;
                1.0 + 0.4 * (time + phase).sin()
            };
            Side { replicas: vec![program.replica(random, 0, 1.0, traffic)], window_secs: HOUR.window_secs }
        };
        let (before, after, yesterday) = (at(0.0), at(1.0), at(1.0));
        let mut found = program.compare([&before, &after]);
        found.confirm(&program.compare([&yesterday, &after]), &Rules::default());
        is_alarm(&found)
    };
    check((0..runs()).filter(|run| alarm(*run)).count() as u64, "diurnal");
}

#[test]
fn one_odd_replica_is_not_called_a_change() {
    let shares = zipf();
    let program =
        Program { shares: &shares, noise: Noise { cv: 0.1, phi: 0.3 }, noisy: FUNCTIONS, time: HOUR };
    let alarm = |run: u64| {
        let random = &mut Random(5 ^ (run << 20));
        // New names: replicas of another version, of which one gets more work and spends it in one function.
        let mut side = |names: [usize; 4], odd: f64| Side {
            replicas: names
                .map(|n| {
                    let (factor, traffic) = if n % 4 == 3 { (odd, odd) } else { (1.0, 1.0) };
                    program.replica(random, n, factor, |_| traffic)
                })
                .into(),
            window_secs: HOUR.window_secs,
        };
        let sides = [side([0, 1, 2, 3], 1.0), side([4, 5, 6, 7], 1.4)];
        is_alarm(&program.compare([&sides[0], &sides[1]]))
    };
    check((0..runs()).filter(|run| alarm(*run)).count() as u64, "one odd replica");
}

/// How often a function of 5 % that grew by 20 % is found, and how often it could be if all variances were known, in percent.
fn power(noise: Noise, replicas: usize, seed: u64) -> [f64; 2] {
    let mut shares = vec![0.05];
    shares.extend(zipf());
    let program = Program { shares: &shares, noise, noisy: 1, time: HOUR };
    let (mut found, mut tests) = (0, 0);
    for run in 0..runs() {
        let random = &mut Random(seed ^ (run << 20));
        let sides = [program.side(random, 1.0, replicas), program.side(random, 1.2, replicas)];
        let one = program.compare([&sides[0], &sides[1]]);
        found += u64::from(one.functions[0].direction == Some(Direction::Grew));
        tests += one.tests;
    }
    let n = runs() as f64;
    let (power, bound) = (found as f64 / n * 100.0, bound(noise, replicas, tests as f64 / n));
    eprintln!(
        "{replicas} replica(s), cv {} %, autocorrelation {}: found {power:.1} %, bound {bound:.1} %",
        noise.cv * 100.0,
        noise.phi
    );
    [power, bound]
}

/// The power of a z test of the rate at the same false discovery rate.
fn bound(noise: Noise, replicas: usize, tests: f64) -> f64 {
    let Noise { cv, phi } = noise;
    let minutes = (MINUTES * replicas) as f64;
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
    for (noise, replicas, seed) in [
        (Noise { cv: 0.15, phi: 0.0 }, 1, 6),
        (Noise { cv: 0.15, phi: 0.6 }, 1, 7),
        (Noise { cv: 0.15, phi: 0.6 }, 4, 8),
    ] {
        let [power, bound] = power(noise, replicas, seed);
        assert!(power >= bound - 10.0 - chance, "{power} % of {bound} %");
        // Autocorrelated noise of one replica hides such a change in every second hour, whatever the test.
        assert!(replicas < 4 || power >= 75.0, "{power} %");
    }
}
