//! Comparison of one value with its peers, such as a pod with the other pods.
//!
//! A value is compared with the median of the others **in the same windows**, in units of the median of all in each, so that what
//! all of them do at once (traffic, the time of day) cancels out, and an odd one does not make the others look odd. Of two others the
//! nearer one counts. Two kinds of noise add up, as in [`super::side_mean`]: differences from window to window, corrected for
//! autocorrelation, and differences between replicas that are always there:
//!
//! - where values have several replicas, how much the replicas of one value differ;
//! - otherwise how much all replicas differ, by the median absolute deviation, which one or two odd ones do not move.
//!
//! Few replicas tell little of how much replicas differ: 5 % of the rate counts as three further degrees of freedom. So one of
//! two replicas is never odd, and one of three only if it stands far apart. [`benjamini_hochberg`](super::benjamini_hochberg)
//! over all values; the effect floor of [`Rules`].

use super::autocorrelation;
use super::benjamini_hochberg::adjusted;
use super::decide::{Estimate, MIN_OBSERVATIONS, Rules};
use super::median;
use super::side::{Side, Window};
use super::side_mean::{SideMean, Values, Variance};
use std::collections::BTreeMap;

/// How much replicas of one service usually differ, as a fraction of their rate, and the degrees of freedom that this counts as.
const PRIOR_SPREAD: f64 = 0.05;
const PRIOR_FREEDOM: f64 = 3.0;
/// From so many degrees of freedom on, the replicas within values tell how much replicas differ.
const LEAST_WITHIN: f64 = 3.0;
/// Of the degrees of freedom of a standard deviation, those of a median absolute deviation (Croux and Rousseeuw 1992).
const EFFICIENCY: f64 = 0.37;
/// What makes the median absolute deviation of 2 to 9 values unbiased (the same); of more, `n / (n − 0.8)` does.
const FEW: [f64; 8] = [1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107];
/// The variance of a median of many, in units of that of a mean: π/2.
const OF_MEDIAN: f64 = std::f64::consts::FRAC_PI_2;
/// The time that a value and the others must have in common.
const LEAST_SECS: f64 = 300.0;
/// Part of the false discovery rate of a comparison: with few replicas a value, the noise between replicas is known too roughly for all of it.
const OF_RATE: f64 = 0.5;

/// What is known of a value in comparison with the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// There are no others.
    Alone,
    /// The others ran at other times.
    Apart,
    /// They have too few windows in common.
    TooLittle {
        /// How many.
        windows: usize,
        /// How many are needed.
        least: usize,
    },
    /// They were compared.
    Compared(Deviation),
}

/// The difference of a value from the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Deviation {
    /// Rate of a replica: the median of the others, then of the value, in the windows that both have.
    pub rate: Estimate,
    /// The smallest false discovery rate at which they differ.
    pub q: f64,
    /// Whether the difference is significant and large enough.
    pub is_odd: bool,
}

/// Compares each value with all others. Windows have the same numbers throughout; see [`Side::whole_windows`].
pub fn against_peers(values: &[Side], rules: &Rules) -> Vec<Standing> {
    let own: Vec<Rates> = values.iter().map(rates).collect();
    let mut all = BTreeMap::<i64, Vec<f64>>::new();
    own.iter().flatten().for_each(|(at, rate)| all.entry(*at).or_default().push(*rate));
    let all: BTreeMap<i64, Together> =
        all.into_iter().map(|(at, rates)| (at, Together::new(rates))).collect();
    let measured: Vec<Measured> =
        values.iter().zip(&own).map(|(side, own)| Measured::new(side, own, &all)).collect();
    let replicas: usize = measured.iter().map(|m| m.effects.len()).sum();
    let spread = spread(&measured);
    let window_secs = values.iter().map(|side| side.window_secs).fold(0.0, f64::max);
    let known = measured.iter().filter_map(|m| m.difference.as_ref()?.autocorrelation());
    let rho = autocorrelation::pooled(known, window_secs);
    let mut standings: Vec<Standing> = measured
        .iter()
        .zip(&own)
        .map(|(m, own)| match (&m.difference, measured.len()) {
            (_, 1) => Standing::Alone,
            (None, _) if own.is_empty() => {
                Standing::TooLittle { windows: 0, least: least_windows(window_secs) }
            }
            (None, _) => Standing::Apart,
            (Some(difference), _) => match least_windows(window_secs) {
                least if m.windows < least => Standing::TooLittle { windows: m.windows, least },
                _ => Standing::Compared(m.deviation(difference, replicas, spread, rho)),
            },
        })
        .collect();
    decide(&mut standings, rules);
    standings
}

fn least_windows(window_secs: f64) -> usize {
    MIN_OBSERVATIONS.max((LEAST_SECS / window_secs.max(1.0)).ceil() as usize)
}

/// Sets q values and verdicts.
fn decide(standings: &mut [Standing], rules: &Rules) {
    let mut compared: Vec<&mut Deviation> = standings
        .iter_mut()
        .filter_map(|standing| match standing {
            Standing::Compared(deviation) => Some(deviation),
            _ => None,
        })
        .collect();
    let p: Vec<f64> = compared.iter().map(|deviation| deviation.rate.p()).collect();
    for (deviation, q) in compared.iter_mut().zip(adjusted(&p, p.len())) {
        let is_large = deviation.rate.relative().is_none_or(|r| r.abs() >= rules.least_relative);
        deviation.q = q;
        deviation.is_odd = q <= rules.q * OF_RATE && is_large;
    }
}

/// The mean rate of a value's replicas in each window.
type Rates = BTreeMap<i64, f64>;

fn rates(side: &Side) -> Rates {
    let mut sums = BTreeMap::<i64, (f64, f64)>::new();
    for window in side.windows() {
        let (sum, count) = sums.entry(window.at).or_default();
        *sum += rate(window);
        *count += 1.0;
    }
    sums.into_iter().map(|(at, (sum, count))| (at, sum / count)).collect()
}

fn rate(window: &Window) -> f64 {
    window.total / window.weight
}

/// The rates of all values in one window.
struct Together {
    /// Ascending.
    rates: Vec<f64>,
    median: f64,
    /// What rates are measured in: the median, or the mean if that is 0.
    unit: f64,
}

impl Together {
    fn new(mut rates: Vec<f64>) -> Together {
        rates.sort_by(f64::total_cmp);
        let median = median(rates.clone()).unwrap_or(0.0);
        let mean = rates.iter().sum::<f64>() / rates.len().max(1) as f64;
        let unit = if median == 0.0 { mean } else { median };
        Together { unit: unit.abs(), rates, median }
    }

    /// What the others cost, besides a value that costs `own`: their median, or the nearer one of two.
    fn others(&self, own: f64) -> Option<f64> {
        let place = self.rates.partition_point(|rate| rate.total_cmp(&own).is_lt());
        let other = |i: usize| self.rates.get(i + usize::from(i >= place)).copied();
        match self.rates.len().checked_sub(1)? {
            2 => {
                [other(0)?, other(1)?].into_iter().min_by(|a, b| (a - own).abs().total_cmp(&(b - own).abs()))
            }
            count if count % 2 == 1 => other(count / 2),
            count => Some((other((count / 2).checked_sub(1)?)? + other(count / 2)?) / 2.0),
        }
    }

    /// A rate in our unit; where all is nothing, so is everything.
    fn measure(&self, rate: f64) -> f64 {
        if self.unit == 0.0 { 0.0 } else { rate / self.unit }
    }
}

/// A value beside the others; rates as [`Together::measure`] gives them, unless they say otherwise.
struct Measured {
    /// Differences from the others, window by window; `None` without a window that both have.
    difference: Option<SideMean>,
    /// The mean of the others in these windows.
    others: f64,
    /// The mean unit of these windows.
    unit: f64,
    /// How many windows both have.
    windows: usize,
    /// How much each replica differs from the median of all.
    effects: Vec<f64>,
}

impl Measured {
    fn new(side: &Side, own: &Rates, all: &BTreeMap<i64, Together>) -> Measured {
        let (mut times, mut values) = (Vec::new(), Values::new());
        let (mut others, mut unit) = (0.0, 0.0);
        for (at, rate) in own {
            let Some(all) = all.get(at) else { continue };
            let Some(usual) = all.others(*rate) else { continue };
            values.push((times.len(), all.measure(rate - usual)));
            times.push(*at);
            others += all.measure(usual);
            unit += all.unit;
        }
        let effect = |windows: &Vec<Window>| {
            let together = windows.iter().filter_map(|w| Some((w, all.get(&w.at)?)));
            let differences = together.map(|(w, all)| all.measure(rate(w) - all.median));
            differences.sum::<f64>() / windows.len() as f64
        };
        let effects = side.replicas.iter().filter(|r| !r.windows.is_empty()).map(|r| effect(&r.windows));
        let windows = times.len();
        let count = windows.max(1) as f64;
        Measured {
            difference: (windows > 0).then(|| SideMean::new(&[values], &times.into(), true)),
            others: others / count,
            unit: unit / count,
            windows,
            effects: effects.collect(),
        }
    }

    fn deviation(&self, difference: &SideMean, replicas: usize, spread: Variance, rho: f64) -> Deviation {
        let by_windows =
            difference.by_windows(autocorrelation::of_function(difference.autocorrelation(), rho));
        let own = self.effects.len() as f64;
        let others = (replicas as f64 - own).max(1.0);
        let usual = (PRIOR_SPREAD * self.others).powi(2);
        let freedom = PRIOR_FREEDOM + spread.freedom;
        let squared = (PRIOR_FREEDOM * usual + spread.freedom * spread.value) / freedom;
        let by_replicas = (squared * (1.0 / own.max(1.0) + OF_MEDIAN / others) - by_windows.value).max(0.0);
        let value = by_windows.value + by_replicas;
        let denominator =
            by_windows.value.powi(2) / by_windows.freedom.max(1.0) + by_replicas.powi(2) / freedom;
        let rate = Estimate {
            before: self.others * self.unit,
            after: (self.others + difference.mean) * self.unit,
            error: value.sqrt() * self.unit,
            freedom: if denominator > 0.0 { value * value / denominator } else { 1.0 },
        };
        Deviation { rate, q: 1.0, is_odd: false }
    }
}

/// How much replicas differ that should cost the same: as a variance.
fn spread(values: &[Measured]) -> Variance {
    let (mut squares, mut freedom) = (0.0, 0.0);
    for effects in values.iter().map(|m| &m.effects).filter(|effects| effects.len() > 1) {
        let mean = effects.iter().sum::<f64>() / effects.len() as f64;
        squares += effects.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>();
        freedom += effects.len() as f64 - 1.0;
    }
    if freedom >= LEAST_WITHIN {
        return Variance { value: squares / freedom, freedom };
    }
    let effects: Vec<f64> = values.iter().flat_map(|m| m.effects.iter().copied()).collect();
    let n = effects.len();
    let Some(middle) = median(effects.clone()) else { return Variance::default() };
    let deviation = median(effects.iter().map(|e| (e - middle).abs()).collect()).unwrap_or(0.0);
    let unbiased = n.checked_sub(2).and_then(|i| FEW.get(i)).copied().unwrap_or(n as f64 / (n as f64 - 0.8));
    let sigma = 1.4826 * unbiased * deviation;
    Variance { value: sigma * sigma, freedom: EFFICIENCY * (n as f64 - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::super::side::Replica;
    use super::*;

    /// Numbers between −1 and 1 that look random: SplitMix64.
    fn noise(seed: u64) -> f64 {
        let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x1234_5678_9abc_def1);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    fn replica(seed: u64, windows: std::ops::Range<i64>, level: f64) -> Replica {
        let window = |at: i64| {
            // What all replicas do at once, and the noise of each: 10 % at most.
            let wave = 1.0 + 0.4 * (at as f64 / 4.0).sin();
            let total = level * wave * 300.0 * (1.0 + 0.1 * noise(seed * 1000 + at as u64));
            Window { at, weight: 300.0, total, costs: Vec::new() }
        };
        Replica { name: seed.to_string(), windows: windows.map(window).collect() }
    }

    fn value(replicas: Vec<Replica>) -> Side {
        Side { replicas, window_secs: 300.0 }
    }

    fn pods(levels: &[f64], seed: u64) -> Vec<Side> {
        let pod = |(i, level): (usize, &f64)| value(vec![replica(seed + i as u64, 0..12, *level)]);
        levels.iter().enumerate().map(pod).collect()
    }

    fn odd(standings: &[Standing]) -> Vec<usize> {
        let is_odd = |s: &Standing| matches!(s, Standing::Compared(Deviation { is_odd: true, .. }));
        standings.iter().enumerate().filter(|(_, s)| is_odd(s)).map(|(i, _)| i).collect()
    }

    #[test]
    fn one_pod_of_nine_stands_out() {
        let mut levels = [1.0; 9];
        levels[4] = 1.42;
        let found = against_peers(&pods(&levels, 1), &Rules::default());
        assert_eq!(odd(&found), [4]);
        let Standing::Compared(four) = found[4] else { panic!("{found:?}") };
        let (low, high) = four.rate.interval();
        assert!((four.rate.relative().unwrap() - 0.42).abs() < 0.06, "{four:?}");
        assert!(low < four.rate.difference() && four.rate.difference() < high && low > 0.0);
    }

    #[test]
    fn two_odd_pods_do_not_hide_each_other() {
        let mut levels = [1.0; 12];
        (levels[2], levels[7]) = (1.8, 0.4);
        assert_eq!(odd(&against_peers(&pods(&levels, 50), &Rules::default())), [2, 7]);
    }

    #[test]
    fn of_two_pods_neither_is_odd() {
        assert!(odd(&against_peers(&pods(&[1.0, 2.0], 1), &Rules::default())).is_empty());
        assert_eq!(odd(&against_peers(&pods(&[1.0, 1.02, 3.0], 1), &Rules::default())), [2]);
    }

    #[test]
    fn values_of_several_replicas_are_judged_by_how_much_these_differ() {
        let of = |seed: u64, level: f64| {
            value((0..3).map(|i| replica(seed + i, 0..12, level * (0.98 + 0.02 * i as f64))).collect())
        };
        assert_eq!(odd(&against_peers(&[of(1, 1.0), of(10, 1.5)], &Rules::default())), [0, 1]);
        assert!(odd(&against_peers(&[of(1, 1.0), of(10, 1.03)], &Rules::default())).is_empty());
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        let rules = Rules::default();
        assert_eq!(against_peers(&pods(&[1.0], 1), &rules), [Standing::Alone]);
        let [first, second] = [0..6, 6..12].map(|windows| value(vec![replica(1, windows, 1.0)]));
        assert_eq!(against_peers(&[first.clone(), second], &rules), [Standing::Apart; 2]);
        let short = value(vec![replica(1, 0..0, 1.0)]);
        assert_eq!(
            against_peers(&[short.clone(), short], &rules)[0],
            Standing::TooLittle { windows: 0, least: 6 }
        );
        let late = value(vec![replica(2, 4..12, 1.0)]);
        assert_eq!(against_peers(&[first, late], &rules), [Standing::TooLittle { windows: 2, least: 6 }; 2]);
        assert!(against_peers(&[], &rules).is_empty());
    }

    #[test]
    fn equal_pods_are_hardly_ever_called_odd() {
        let (mut alarms, groups) = (0, 400);
        for group in 0..groups {
            let level = |i: u64| 1.0 + 0.05 * noise(group * 100 + i);
            let levels: Vec<f64> = (0..2 + group % 10).map(level).collect();
            alarms +=
                usize::from(!odd(&against_peers(&pods(&levels, group * 64), &Rules::default())).is_empty());
        }
        assert!(alarms <= 4, "{alarms} of {groups}");
    }

    #[test]
    fn nothing_beside_something_is_a_difference_without_a_percentage() {
        let mut levels = [0.0; 6];
        levels[0] = 1.0;
        let found = against_peers(&pods(&levels, 9), &Rules::default());
        let Standing::Compared(first) = found[0] else { panic!("{found:?}") };
        assert!(first.is_odd && first.rate.relative().is_none());
    }
}
