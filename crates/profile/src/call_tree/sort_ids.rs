//! Order of nodes, rows and the like, by their numbers.

use std::cmp::Ordering;

/// Sorts numbers that stand for something else; equal ones come in any order.
///
/// For all callers one copy of the standard library's sort, which would be 5 KB for each order; a comparison costs a call more.
#[inline(never)]
pub(crate) fn sort_ids(ids: &mut [u32], order: &dyn Fn(u32, u32) -> Ordering) {
    ids.sort_unstable_by(|a, b| order(*a, *b));
}
