//! False alarms and power, simulated with fixed seeds.
//!
//! One replica (four where it says so), 60 windows of a minute a side in blocks of five, a program of functions with Zipf shares,
//! 1 000 samples a minute. A false alarm is any function or the total called changed in one comparison of unchanged data.

use super::side::{Replica, Side, Window};
use super::{Comparison, Direction, Rules, compare};

/// Comparisons a test makes. With `FLAREPATH_SIMULATIONS=2500` at compile time they are enough for the table in docs/verdicts.md.
const RUNS: u64 = 120;
const FUNCTIONS: usize = 24;
const SAMPLES: f64 = 1000.0;
const BLOCK: usize = 5;
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
}

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
        for minute in 0..MINUTES {
            let mut costs: Vec<f64> = Vec::new();
            for (i, share) in self.shares.iter().enumerate() {
                state[i] = phi * state[i] + (1.0 - phi * phi).sqrt() * random.normal();
                let noise = if i < self.noisy { (1.0 + cv * state[i]).max(0.0) } else { 1.0 };
                let factor = if i == 0 { factor } else { 1.0 };
                costs.push(random.count(share * SAMPLES * noise * factor * traffic(minute)));
            }
            let rest = 1.0 - self.shares.iter().sum::<f64>();
            let total = costs.iter().sum::<f64>() + random.count(rest.max(0.0) * SAMPLES * traffic(minute));
            if minute % BLOCK == 0 {
                let costs = vec![0.0; costs.len()];
                windows.push(Window { at: (minute / BLOCK) as i64, weight: 0.0, total: 0.0, costs });
            }
            let block = windows.last_mut().unwrap();
            block.weight += 60.0;
            block.total += total;
            block.costs.iter_mut().zip(costs).for_each(|(sum, cost)| *sum += cost);
        }
        Replica { name: name.to_string(), windows }
    }

    fn side(&self, random: &mut Random, factor: f64, replicas: usize) -> Side {
        Side { replicas: (0..replicas).map(|n| self.replica(random, n, factor, |_| 1.0)).collect() }
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

fn alarms(noise: Noise, seed: u64) -> u64 {
    let shares = zipf();
    let program = Program { shares: &shares, noise, noisy: FUNCTIONS };
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
    check(alarms(Noise { cv: 0.0, phi: 0.0 }, 1), "sampling noise");
    check(alarms(Noise { cv: 0.15, phi: 0.0 }, 2), "cv 15 %");
    check(alarms(Noise { cv: 0.15, phi: 0.6 }, 3), "cv 15 %, autocorrelation 0.6");
}

#[test]
fn the_time_of_day_is_not_called_a_change() {
    let shares = zipf();
    let program = Program { shares: &shares, noise: Noise { cv: 0.05, phi: 0.3 }, noisy: FUNCTIONS };
    let alarm = |run: u64| {
        let random = &mut Random(4 ^ (run << 20));
        let phase = random.uniform() * std::f64::consts::TAU;
        let mut at = |hour: f64| {
            let traffic = |minute: usize| {
                let time = (hour + minute as f64 / 60.0) / 24.0 * std::f64::consts::TAU;
                1.0 + 0.4 * (time + phase).sin()
            };
            Side { replicas: vec![program.replica(random, 0, 1.0, traffic)] }
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
    let program = Program { shares: &shares, noise: Noise { cv: 0.1, phi: 0.3 }, noisy: FUNCTIONS };
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
        };
        let sides = [side([0, 1, 2, 3], 1.0), side([4, 5, 6, 7], 1.4)];
        is_alarm(&program.compare([&sides[0], &sides[1]]))
    };
    check((0..runs()).filter(|run| alarm(*run)).count() as u64, "one odd replica");
}

/// How often a function of 5 % that grew by 20 % is found, in percent.
fn power(noise: Noise, replicas: usize, seed: u64) -> f64 {
    let mut shares = vec![0.05];
    shares.extend(zipf());
    let program = Program { shares: &shares, noise, noisy: 1 };
    let found = |run: u64| {
        let random = &mut Random(seed ^ (run << 20));
        let sides = [program.side(random, 1.0, replicas), program.side(random, 1.2, replicas)];
        program.compare([&sides[0], &sides[1]]).functions[0].direction == Some(Direction::Grew)
    };
    let percent = (0..runs()).filter(|run| found(*run)).count() as f64 / runs() as f64 * 100.0;
    eprintln!(
        "{replicas} replica(s), cv {} %, autocorrelation {}: {percent:.1} %",
        noise.cv * 100.0,
        noise.phi
    );
    percent
}

#[test]
fn a_fifth_more_of_a_function_is_found_in_an_hour() {
    assert!(power(Noise { cv: 0.15, phi: 0.0 }, 1, 6) >= 80.0);
    // With known variances and one test, 1 000 samples a minute could show it in 76 % of all hours of one replica.
    assert!(power(Noise { cv: 0.15, phi: 0.6 }, 1, 7) >= 35.0);
    assert!(power(Noise { cv: 0.15, phi: 0.6 }, 4, 8) >= 75.0);
}
