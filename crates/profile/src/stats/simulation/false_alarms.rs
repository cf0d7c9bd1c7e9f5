//! Comparisons of unchanged data.

use super::program::{FUNCTIONS, HOUR, Noise, PUSHES, Program, Random, Time, zipf};
use super::{check, count};
use crate::stats::{Comparison, Rules, Side};

fn is_alarm(found: &Comparison) -> bool {
    found.total.direction.is_some() || found.functions.iter().any(|f| f.direction.is_some())
}

fn alarms(noise: Noise, time: Time, seed: u64) -> u64 {
    let shares = zipf();
    let program = Program { shares: &shares, noise, noisy: FUNCTIONS, time };
    count(seed, |random, _| {
        let sides = [program.side(random, 1.0, 1), program.side(random, 1.0, 1)];
        is_alarm(&program.compare([&sides[0], &sides[1]]))
    })
}

#[test]
fn unchanged_data_is_not_called_changed() {
    check(alarms(Noise { cv: 0.0, phi: 0.0 }, HOUR, 1), "unchanged: sampling noise only");
    check(alarms(Noise { cv: 0.15, phi: 0.0 }, HOUR, 2), "unchanged: cv 15 %");
    check(alarms(Noise { cv: 0.15, phi: 0.6 }, HOUR, 3), "unchanged: cv 15 %, autocorrelation 0.6");
}

#[test]
fn a_few_pushes_are_not_called_changed() {
    // As noisy as an hour whose minutes have an autocorrelation of 0.6.
    let noise = Noise { cv: 0.15, phi: 0.88 };
    check(alarms(Noise { cv: 0.15, phi: 0.0 }, PUSHES, 9), "unchanged: eight minutes of pushes, cv 15 %");
    check(alarms(noise, PUSHES, 10), "unchanged: eight minutes of pushes, cv 15 %, autocorrelation 0.88");
}

#[test]
fn the_time_of_day_is_not_called_a_change() {
    let shares = zipf();
    let program =
        Program { shares: &shares, noise: Noise { cv: 0.05, phi: 0.3 }, noisy: FUNCTIONS, time: HOUR };
    let alarm = |random: &mut Random, _: u64| {
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
    check(count(4, alarm), "unchanged: rises and falls by 40 % over the day, confirmed by the day before");
}

#[test]
fn one_odd_replica_is_not_called_a_change() {
    let shares = zipf();
    let program =
        Program { shares: &shares, noise: Noise { cv: 0.1, phi: 0.3 }, noisy: FUNCTIONS, time: HOUR };
    let alarm = |random: &mut Random, _: u64| {
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
    check(count(5, alarm), "unchanged: four new replicas against four others, one of which costs 40 % more");
}
