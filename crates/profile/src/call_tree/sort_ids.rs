//! Order of nodes, rows and the like, by their numbers.

use std::cmp::Ordering;

/// Runs of this length are sorted by insertion, without memory of their own.
const RUN: usize = 8;

/// Sorts numbers that stand for something else; equal ones keep their order.
///
/// By merging, as the standard library's sort is 8 KB of the page's first program, and those would be for each order; a comparison
/// costs a call more.
pub(crate) fn sort_ids(ids: &mut [u32], order: &dyn Fn(u32, u32) -> Ordering) {
    ids.chunks_mut(RUN).for_each(|run| insert_each(run, order));
    if ids.len() <= RUN {
        return;
    }
    let mut merged = ids.to_vec();
    let mut length = RUN;
    while length < ids.len() {
        for (runs, to) in ids.chunks(2 * length).zip(merged.chunks_mut(2 * length)) {
            let (left, right) = runs.split_at(length.min(runs.len()));
            merge(left, right, to, order);
        }
        ids.copy_from_slice(&merged);
        length *= 2;
    }
}

fn insert_each(run: &mut [u32], order: &dyn Fn(u32, u32) -> Ordering) {
    for end in 1..run.len() {
        let mut at = end;
        while at > 0 && order(run[at], run[at - 1]) == Ordering::Less {
            run.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Merges two sorted runs.
fn merge<'a>(
    mut left: &'a [u32],
    mut right: &'a [u32],
    to: &mut [u32],
    order: &dyn Fn(u32, u32) -> Ordering,
) {
    for place in to {
        let is_right = match (left, right) {
            ([a, ..], [b, ..]) => order(*b, *a) == Ordering::Less,
            (rest, _) => rest.is_empty(),
        };
        let from = if is_right { &mut right } else { &mut left };
        if let [first, rest @ ..] = *from {
            *place = *first;
            *from = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(ids in prop::collection::vec(0_u32..50, 0..200)) {
            let order = |a: u32, b: u32| (b / 4).cmp(&(a / 4));
            let (mut sorted, mut expected) = (ids.clone(), ids);
            sort_ids(&mut sorted, &order);
            expected.sort_by(|a, b| order(*a, *b));
            prop_assert_eq!(sorted, expected);
        }
    }
}
