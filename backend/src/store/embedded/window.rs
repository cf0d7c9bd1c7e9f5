//! Time windows by level, and the choice of windows that answer a query.
//!
//! Level 0 is single profiles; levels 1, 2 and 3 are windows of 5 minutes, 1 hour and 1 day, aligned to the epoch, each
//! made of whole windows of the level below. All pure.

use crate::store::TimeRange;
use flarepath_profile::unix_nanos::{DAY_NS, HOUR_NS, MINUTE_NS, UnixNanos};

/// Number of the widest level.
pub(crate) const WIDEST: usize = 3;
const WIDTHS: [i64; WIDEST + 1] = [1, 5 * MINUTE_NS, HOUR_NS, DAY_NS];

/// Nanoseconds that a window of `level` spans.
pub(crate) fn width(level: usize) -> i64 {
    WIDTHS[level]
}

/// Start of the window of `level` that holds `ns`.
pub(crate) fn window(level: usize, ns: i64) -> i64 {
    ns.div_euclid(width(level)).saturating_mul(width(level))
}

/// Start of the first window of `level` that starts at `ns` or later.
pub(crate) fn first_window(level: usize, ns: i64) -> i64 {
    let floor = window(level, ns);
    if floor < ns { floor.saturating_add(width(level)) } else { floor }
}

/// A piece of a query's range and the level that answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// 0: single profiles that start in `range`; else blocks whose windows start in it.
    pub(crate) level: usize,
    pub(crate) range: TimeRange,
}

/// Takes the usable windows of one level out of a gap: returns them as segments, neighbours joined, and the gaps left.
///
/// `windows` are starts of sealed windows in the gap, ascending. A window that reaches beyond the end of the gap is
/// used only if it starts before `finer_dropped`: then what would tell the two sides apart is gone.
pub(crate) fn carve(
    gap: TimeRange,
    level: usize,
    windows: &[i64],
    finer_dropped: i64,
) -> (Vec<Segment>, Vec<TimeRange>) {
    let (mut segments, mut gaps): (Vec<Segment>, Vec<TimeRange>) = (Vec::new(), Vec::new());
    let mut at = gap.start.0;
    for &start in windows {
        let end = start.saturating_add(width(level));
        if start < at || start >= gap.end.0 || (end > gap.end.0 && start >= finer_dropped) {
            continue;
        }
        if at < start {
            gaps.push(TimeRange::nanos(at, start));
        }
        match segments.last_mut() {
            Some(last) if last.range.end.0 == start => last.range.end = UnixNanos(end),
            _ => segments.push(Segment { level, range: TimeRange::nanos(start, end) }),
        }
        at = end;
    }
    if at < gap.end.0 {
        gaps.push(TimeRange::nanos(at, gap.end.0));
    }
    (segments, gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: i64, end: i64) -> TimeRange {
        TimeRange::nanos(start, end)
    }

    const W: i64 = WIDTHS[1];

    #[test]
    fn windows_nest() {
        for level in 1..WIDEST {
            assert_eq!(width(level + 1) % width(level), 0);
        }
        assert_eq!((window(1, -1), window(1, 0), window(1, W + 1)), (-W, 0, W));
        assert_eq!((first_window(1, -1), first_window(1, 0), first_window(1, 1)), (0, 0, W));
    }

    #[test]
    fn carve_joins_adjacent_windows_and_leaves_the_gaps() {
        let (segments, gaps) = carve(range(5, 6 * W + 5), 1, &[W, 2 * W, 4 * W, 6 * W], 0);
        let expected = [range(W, 3 * W), range(4 * W, 5 * W)];
        assert_eq!(segments.iter().map(|s| s.range).collect::<Vec<_>>(), expected);
        assert_eq!(gaps, [range(5, W), range(3 * W, 4 * W), range(5 * W, 6 * W + 5)]);
    }

    #[test]
    fn a_window_beyond_the_edge_is_used_only_once_its_parts_are_dropped() {
        let (segments, gaps) = carve(range(0, W + 5), 1, &[0, W], W);
        assert_eq!((segments[0].range, gaps.as_slice()), (range(0, W), &[range(W, W + 5)][..]));
        let (segments, gaps) = carve(range(0, W + 5), 1, &[0, W], W + 1);
        assert_eq!((segments[0].range, gaps.len()), (range(0, 2 * W), 0));
    }
}
