//! Suspicion: whether the cost of a service moved by more than its noise, so that a verdict is worth its reads.
//!
//! Only the cost of a replica by interval is compared, as a cheap and sensitive test: what it passes, a verdict decides. Intervals of the
//! range and of the period before it are put together in blocks of five, ten minutes of an hour; noise is how much blocks of one side
//! differ, which holds most of the autocorrelation.
//!
//! 1. **Recent**: the last block differs from all others by four standard errors.
//! 2. **Step**: all that comes after the interval in which the cost changed most differs from all before it by four. A step that is a
//!    quarter of an hour old is neither recent nor does it move the mean of the hour by much.
//! 3. **Moved**: the range differs from the period before by three.
//!
//! All take 5 % of the cost as well. What changes in one function and not in the total is not suspected: a verdict in rotation finds it.

use std::ops::Range;

/// Intervals in a block.
const BLOCK: usize = 5;
/// Intervals with data that a block needs.
const LEAST: usize = 3;
/// Blocks that tell anything about noise.
const LEAST_BLOCKS: usize = 4;
const RECENT_ERRORS: f64 = 4.0;
const STEP_ERRORS: f64 = 4.0;
const MOVED_ERRORS: f64 = 3.0;
/// The least difference, as a fraction.
const LEAST_CHANGE: f64 = 0.05;
/// Noise is at least this fraction of the cost.
const LEAST_NOISE: f64 = 0.01;

/// Whether a service may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Suspicion {
    /// Nothing suggests it.
    #[default]
    None,
    /// At some time in the range.
    Moved,
    /// Just now.
    Recent,
}

/// The cost of a replica in each interval of the period before and of the range; `None` without data. `step`: the interval of the range
/// in which the cost changed most, empty if it did between two.
pub(super) fn suspicion(
    before: &[Option<f64>],
    range: &[Option<f64>],
    step: Option<Range<usize>>,
) -> Suspicion {
    let stepped = step.and_then(|step| stepped(before, range, step));
    let (before, range) = (blocks(before), blocks(range));
    let all: Vec<f64> = before.iter().chain(&range).copied().collect();
    let Some((last, others)) = all.split_last() else { return Suspicion::None };
    if all.len() < LEAST_BLOCKS {
        return Suspicion::Moved;
    }
    let recent = noise(&[others]).max(LEAST_NOISE * mean(others));
    if differ([mean(others), *last], recent * (1.0 + 1.0 / others.len() as f64).sqrt(), RECENT_ERRORS) {
        return Suspicion::Recent;
    }
    if let Some(found) = stepped {
        return found;
    }
    if before.is_empty() || range.is_empty() {
        return Suspicion::Moved;
    }
    let within = noise(&[&before, &range]).max(LEAST_NOISE * mean(&all));
    let error = within * (1.0 / before.len() as f64 + 1.0 / range.len() as f64).sqrt();
    match differ([mean(&before), mean(&range)], error, MOVED_ERRORS) {
        true => Suspicion::Moved,
        false => Suspicion::None,
    }
}

/// Whether what comes after a step differs from all before it.
fn stepped(before: &[Option<f64>], range: &[Option<f64>], step: Range<usize>) -> Option<Suspicion> {
    let earlier = blocks(&[before, &range[..step.start]].concat());
    let intervals = &range[step.end..];
    let (known, later): (Vec<f64>, Vec<f64>) =
        (intervals.iter().copied().flatten().collect(), blocks(intervals));
    if known.is_empty() || earlier.len() < LEAST_BLOCKS {
        return None;
    }
    let within = noise(&[&earlier, &later]).max(LEAST_NOISE * mean(&earlier));
    let error = within * (1.0 / earlier.len() as f64 + BLOCK as f64 / known.len() as f64).sqrt();
    let found = if intervals.len() <= BLOCK { Suspicion::Recent } else { Suspicion::Moved };
    differ([mean(&earlier), mean(&known)], error, STEP_ERRORS).then_some(found)
}

fn differ([before, after]: [f64; 2], error: f64, errors: f64) -> bool {
    let difference = (after - before).abs();
    difference > errors * error && difference >= LEAST_CHANGE * before.max(after)
}

/// Means of blocks, counted from the end, so that the last one is whole.
fn blocks(intervals: &[Option<f64>]) -> Vec<f64> {
    let block = |intervals: &[Option<f64>]| {
        let known: Vec<f64> = intervals.iter().copied().flatten().collect();
        (known.len() >= LEAST.min(intervals.len())).then(|| mean(&known))
    };
    let mut found: Vec<f64> = intervals.rchunks(BLOCK).filter_map(block).collect();
    found.reverse();
    found
}

/// Standard deviation of values around the means of their groups.
fn noise(groups: &[&[f64]]) -> f64 {
    let squares = |values: &&[f64]| {
        let mean = mean(values);
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>()
    };
    let freedom: usize = groups.iter().map(|values| values.len().saturating_sub(1)).sum();
    (groups.iter().map(squares).sum::<f64>() / freedom.max(1) as f64).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty intervals that cost so much, with noise of 3 % that repeats after a long time.
    fn costs(seed: usize, cost: impl Fn(usize) -> f64) -> Vec<Option<f64>> {
        let noise = |number: usize| 1.0 + ((number + seed * 31) * 7919 % 101) as f64 / 1000.0 - 0.05;
        (0..30).map(|number| Some(cost(number) * noise(number))).collect()
    }

    #[test]
    fn noise_is_not_suspected_and_steps_are() {
        let usual = || costs(1, |_| 2.0);
        assert_eq!(suspicion(&usual(), &costs(2, |_| 2.0), None), Suspicion::None);
        assert_eq!(suspicion(&usual(), &costs(2, |_| 2.4), None), Suspicion::Moved);
        let just_now = costs(2, |number| if number < 25 { 2.0 } else { 3.0 });
        assert_eq!(suspicion(&usual(), &just_now, None), Suspicion::Recent);
        let slightly = costs(2, |_| 2.06);
        assert_eq!(suspicion(&usual(), &slightly, None), Suspicion::None, "less than 5 %");
    }

    #[test]
    fn a_step_is_suspected_while_it_is_in_the_range() {
        let of = |from: usize, step: Option<Range<usize>>| {
            suspicion(&costs(1, |_| 2.0), &costs(2, |number| if number < from { 2.0 } else { 3.0 }), step)
        };
        assert_eq!(of(18, None), Suspicion::None);
        assert_eq!(of(18, Some(18..18)), Suspicion::Moved);
        assert_eq!(of(28, Some(27..28)), Suspicion::Recent, "four minutes");
        assert_eq!(of(30, Some(20..21)), Suspicion::None, "noise");
    }

    #[test]
    fn too_little_to_tell_is_suspected_and_nothing_is_not() {
        let mut short = vec![None; 25];
        short.extend([Some(1.0); 5]);
        assert_eq!(suspicion(&[None; 30], &short, None), Suspicion::Moved);
        assert_eq!(suspicion(&[None; 30], &costs(1, |_| 1.0), None), Suspicion::Moved);
        assert_eq!(suspicion(&[None; 30], &[None; 30], None), Suspicion::None);
    }

    #[test]
    fn noise_that_is_large_hides_what_is_small() {
        let noisy = |seed: usize| costs(seed, |number| if number / 5 % 2 == 0 { 1.0 } else { 2.0 });
        assert_eq!(suspicion(&noisy(1), &noisy(2), None), Suspicion::None);
    }
}
