//! A service that costs what chance decides: replicas, functions, noise.

use crate::stats::{Comparison, Replica, Rules, Side, Window, compare};

pub(super) const FUNCTIONS: usize = 24;
/// A minute.
pub(super) const SAMPLES: f64 = 1000.0;

/// SplitMix64 (Steele, Lea and Flood 2014), and normal deviates by Box and Muller.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * std::f64::consts::PI * self.uniform()).cos()
    }

    fn count(&mut self, mean: f64) -> f64 {
        (mean + mean.sqrt() * self.normal()).round().max(0.0)
    }
}

#[derive(Clone, Copy)]
pub(super) struct Noise {
    pub(super) cv: f64,
    pub(super) phi: f64,
}

/// A service: shares of functions, their noise, and a factor of each for the whole side.
pub(super) struct Program<'a> {
    pub(super) shares: &'a [f64],
    pub(super) noise: Noise,
    /// Functions that the noise is of; the others have that of sampling only.
    pub(super) noisy: usize,
    pub(super) time: Time,
}

/// How a side is cut: intervals, how many make a window, and samples in each.
#[derive(Clone, Copy)]
pub(super) struct Time {
    pub(super) intervals: usize,
    pub(super) block: usize,
    pub(super) samples: f64,
    pub(super) window_secs: f64,
}

/// An hour in blocks of five minutes.
pub(super) const HOUR: Time = Time { intervals: 60, block: 5, samples: SAMPLES, window_secs: 300.0 };
/// Eight minutes of pushes of 15 s, in windows of a minute.
pub(super) const PUSHES: Time = Time { intervals: 32, block: 4, samples: SAMPLES / 4.0, window_secs: 60.0 };

impl Program<'_> {
    /// A replica that costs `level` times the usual, with `factor` on function 0 and traffic by minute.
    pub(super) fn replica(
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

    pub(super) fn side(&self, random: &mut Random, factor: f64, replicas: usize) -> Side {
        Side {
            replicas: (0..replicas).map(|n| self.replica(random, n, factor, |_| 1.0)).collect(),
            window_secs: self.time.window_secs,
        }
    }

    pub(super) fn compare(&self, sides: [&Side; 2]) -> Comparison {
        compare(sides[0], sides[1], self.shares.len(), &Rules::default()).unwrap()
    }
}

/// Zipf shares of half of the time; the rest is in functions too small to count.
pub(super) fn zipf() -> Vec<f64> {
    let sum: f64 = (1..=300).map(|k| 1.0 / f64::from(k)).sum();
    (1..=FUNCTIONS).map(|k| 1.0 / k as f64 / sum).collect()
}
