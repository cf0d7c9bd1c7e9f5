//! Time spans of samples: start and end of each.

use crate::call_tree::NodeId;
use crate::profile::Profile;

/// A gap up to this part of the sample before it is no pause: profilers are never quite on time.
const LATENESS: u64 = 2;
/// Where samples are counted, a gap of more than so many usual steps is a pause.
const PAUSE_STEPS: u64 = 4;

/// A span of time with one stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// Nanoseconds, as in the profile.
    pub(super) start: u64,
    /// Not before `start`, and not after the next one's start.
    pub(super) end: u64,
    /// The stack's node in the tree.
    pub(super) leaf: NodeId,
}

/// The spans of samples that are in time order. `nodes` has the node of each; those without one are omitted, as
/// are spans without extent.
pub(super) fn moments(
    profile: &Profile,
    sample_type: usize,
    order: &[usize],
    nodes: &[Option<NodeId>],
) -> Vec<Moment> {
    let times: Vec<u64> = order.iter().map(|&i| profile.samples.timestamp(i).unwrap_or(0)).collect();
    let unit = profile.sample_types.get(sample_type).map_or("", |t| profile.str(t.unit));
    let counted = unit != "nanoseconds";
    let step = if counted { usual_step(&times) } else { 0 };
    let mut moments = Vec::with_capacity(order.len());
    for (i, (&sample, leaf)) in order.iter().zip(nodes).enumerate() {
        let next = times.get(i + 1).copied();
        let end = if counted {
            until_next(times[i], step, next)
        } else {
            let value = profile.samples.values(sample)[sample_type].max(0) as u64;
            as_long_as(times[i], value, next)
        };
        if let (Some(leaf), true) = (*leaf, end > times[i]) {
            moments.push(Moment { start: times[i], end, leaf });
        }
    }
    moments
}

/// A sample that says how long it was; it ends where the next one begins, if that is earlier or only a little late.
fn as_long_as(start: u64, value: u64, next: Option<u64>) -> u64 {
    let end = start.saturating_add(value);
    match next {
        Some(next) if next <= end.saturating_add(value / LATENESS) => next,
        _ => end,
    }
}

/// A sample that is only counted: it lasts until the next one, or, before a pause, for the usual step.
fn until_next(start: u64, step: u64, next: Option<u64>) -> u64 {
    match next {
        Some(next) if next - start <= step.saturating_mul(PAUSE_STEPS) => next,
        _ => start.saturating_add(step),
    }
}

/// The median time from one sample to the next; 1 when there is none.
fn usual_step(times: &[u64]) -> u64 {
    let mut steps: Vec<u64> = times.windows(2).map(|w| w[1] - w[0]).filter(|&step| step > 0).collect();
    if steps.is_empty() {
        return 1;
    }
    let middle = steps.len() / 2;
    *steps.select_nth_unstable(middle).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_last_until_the_next_except_across_pauses() {
        assert_eq!(as_long_as(100, 10, Some(105)), 105, "cut");
        assert_eq!(as_long_as(100, 10, Some(115)), 115, "a little late");
        assert_eq!(as_long_as(100, 10, Some(116)), 110, "a pause");
        assert_eq!(as_long_as(100, 10, None), 110);
        assert_eq!(until_next(100, 10, Some(140)), 140);
        assert_eq!(until_next(100, 10, Some(141)), 110);
        assert_eq!(until_next(100, 10, None), 110);
        assert_eq!(usual_step(&[0, 10, 20, 1000, 1000]), 10);
        assert_eq!(usual_step(&[7]), 1);
        assert_eq!(as_long_as(u64::MAX, 10, None), u64::MAX);
    }
}
