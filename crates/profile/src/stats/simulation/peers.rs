//! Values that cost the same, as on the page Labels: how often one of them is called odd, and how often one that costs more is.

use super::program::{HOUR, Noise, Program, Random};
use super::{check, count, row, runs};
use crate::stats::{Rules, Side, Standing, against_peers};
use std::f64::consts::TAU;

/// A group of values, such as pods, each of some replicas.
#[derive(Clone, Copy)]
struct Group {
    values: usize,
    replicas: usize,
    /// Standard deviation of what replicas cost at all times, as a fraction.
    spread: f64,
    noise: Noise,
    /// How much all of them rise and fall together within the hour, as a fraction.
    wave: f64,
}

const QUIET: Noise = Noise { cv: 0.0, phi: 0.0 };
const NOISY: Noise = Noise { cv: 0.15, phi: 0.6 };
/// One replica each, which differ by 5 %.
const PODS: Group = Group { values: 9, replicas: 1, spread: 0.05, noise: NOISY, wave: 0.0 };

impl Group {
    /// How the values stand; the first costs `first` times what the others do.
    fn standings(&self, random: &mut Random, first: f64) -> Vec<Standing> {
        // One function is all of the program, so that its noise is that of the total.
        let program = Program { shares: &[1.0], noise: self.noise, noisy: 1, time: HOUR };
        let phase = random.uniform() * TAU;
        let wave = |minute: usize| 1.0 + self.wave * (phase + minute as f64 / 60.0 * TAU).sin();
        let value = |place: usize| {
            let factor = if place == 0 { first } else { 1.0 };
            let replica = |n: usize| {
                let level = factor * (1.0 + self.spread * random.normal()).max(0.0);
                let name = place * self.replicas + n;
                program.replica(random, name, 1.0, |minute| level * wave(minute))
            };
            Side { replicas: (0..self.replicas).map(replica).collect(), window_secs: HOUR.window_secs }
        };
        let values: Vec<Side> = (0..self.values).map(value).collect();
        against_peers(&values, &Rules::default())
    }
}

fn is_odd(standing: &Standing) -> bool {
    matches!(standing, Standing::Compared(deviation) if deviation.is_odd)
}

/// Groups with a value that is called odd although all are drawn alike.
fn alarms(seed: u64, group: impl Fn(u64) -> Group) -> u64 {
    count(seed, |random, run| group(run).standings(random, 1.0).iter().any(is_odd))
}

/// Groups of 2 to 11 values.
fn of_any_size(group: Group) -> impl Fn(u64) -> Group {
    move |run| Group { values: 2 + (run % 10) as usize, ..group }
}

#[test]
fn equal_values_are_not_called_odd() {
    let equal = Group { spread: 0.0, noise: QUIET, ..PODS };
    check(alarms(21, of_any_size(equal)), "peers: 2 to 11 pods, sampling noise only");
    check(
        alarms(22, of_any_size(PODS)),
        "peers: 2 to 11 pods that differ by 5 %, cv 15 %, autocorrelation 0.6",
    );
    let busy = Group { noise: Noise { cv: 0.05, phi: 0.3 }, wave: 0.4, ..PODS };
    check(
        alarms(23, of_any_size(busy)),
        "peers: 2 to 11 pods that differ by 5 %, all of them rise and fall by 40 %",
    );
    let regions = Group { values: 4, replicas: 3, ..PODS };
    check(
        alarms(24, |_| regions),
        "peers: 4 regions of 3 pods that differ by 5 %, cv 15 %, autocorrelation 0.6",
    );
}

#[test]
fn equal_values_of_large_groups_are_not_called_odd() {
    let many = Group { values: 30, ..PODS };
    check(alarms(25, |_| many), "peers: 30 pods that differ by 5 %, cv 15 %, autocorrelation 0.6");
}

/// Rows without a bound: what to expect.
#[test]
fn an_odd_value_is_found() {
    let apart = Group { spread: 0.1, ..PODS };
    let found = alarms(26, of_any_size(apart));
    let percent = |count: u64| format!("{:.1} %", count as f64 / runs() as f64 * 100.0);
    row("peers: 2 to 11 pods that differ by 10 %", &format!("one called odd in {}", percent(found)), None);
    let mut all = Vec::new();
    for (seed, more) in [(27, 0.4), (28, 0.6), (29, 1.0)] {
        let found = count(seed, |random, _| is_odd(&PODS.standings(random, 1.0 + more)[0]));
        let what = format!("peers: one of 9 pods costs {:.0} % more", more * 100.0);
        row(&what, &format!("found in {}", percent(found)), None);
        all.push(found);
    }
    assert!(all[2] * 10 >= runs() * 9, "{all:?} of {}", runs());
}
