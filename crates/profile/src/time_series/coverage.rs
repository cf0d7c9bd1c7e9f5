//! Coverage of a range by buckets, and the gaps in it.

use std::ops::Range;

/// The parts of `range` that lie in buckets of width `step` that start at `starts`, in any order and also repeatedly;
/// adjacent ones merged, ascending.
pub fn covered(starts: Vec<i64>, step: i64, range: &Range<i64>) -> Vec<Range<i64>> {
    union(starts.into_iter().map(|start| start..start.saturating_add(step)).collect(), range)
}

/// The parts of `range` that lie in any of `parts`, which may be in any order and overlap; adjacent ones merged, ascending.
pub fn union(mut parts: Vec<Range<i64>>, range: &Range<i64>) -> Vec<Range<i64>> {
    parts.sort_unstable_by_key(|part| part.start);
    let mut merged: Vec<Range<i64>> = Vec::new();
    for part in parts {
        let (from, until) = (part.start.max(range.start), part.end.min(range.end));
        match merged.last_mut() {
            Some(last) if from <= last.end => last.end = last.end.max(until),
            _ if from < until => merged.push(from..until),
            _ => {}
        }
    }
    merged
}

/// The parts of `range` outside of `covered`, as [`covered`] gives them.
pub fn gaps(covered: &[Range<i64>], range: &Range<i64>) -> Vec<Range<i64>> {
    let starts = std::iter::once(range.start).chain(covered.iter().map(|part| part.end));
    let ends = covered.iter().map(|part| part.start).chain([range.end]);
    starts.zip(ends).map(|(start, end)| start..end).filter(|gap| gap.start < gap.end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_and_repeated_buckets_are_one_part() {
        let parts = |starts: &[i64]| covered(starts.to_vec(), 10, &(5..55));
        assert_eq!(parts(&[30, 0, 10, 10]), [5..20, 30..40]);
        assert_eq!(parts(&[50]), [Range { start: 50, end: 55 }]);
        assert_eq!(parts(&[-10, 55, 90]), []);
        assert_eq!(parts(&[0, 5, 8]), [Range { start: 5, end: 18 }]);
    }

    #[test]
    fn overlapping_parts_are_one() {
        assert_eq!(union(vec![30..45, 0..12, 3..5, 12..20, 44..90], &(5..55)), [5..20, 30..55]);
        assert_eq!(union(vec![Range { start: 60, end: 70 }], &(5..55)), []);
    }

    #[test]
    fn gaps_are_what_is_not_covered() {
        assert_eq!(gaps(&[5..20, 30..40], &(0..55)), [0..5, 20..30, 40..55]);
        assert_eq!(gaps(&[Range { start: 0, end: 55 }], &(0..55)), []);
        assert_eq!(gaps(&[], &(0..55)), [Range { start: 0, end: 55 }]);
        assert_eq!(gaps(&[], &(7..7)), []);
    }
}
