//! Hit test: the box under a point.

use super::layout::{BoxId, Layout};

/// The box in `row` that covers `x` (value units): its left edge belongs to it, its right edge does not.
/// `None` over the gaps that self values leave, and outside of the picture. O(log boxes).
pub fn hit_test(layout: &Layout, row: usize, x: f64) -> Option<BoxId> {
    let (x0, x1) = layout.edges();
    let range = layout.row(row);
    let behind = range.start + x0[range.clone()].partition_point(|&left| left <= x);
    let candidate = behind.checked_sub(1).filter(|c| range.contains(c))?;
    (x < x1[candidate]).then_some(BoxId(candidate as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::flame::layout::Order;
    use proptest::prelude::*;

    #[test]
    fn gaps_and_outside_hit_nothing() {
        let layout = Layout::new(&tree("a 6\n b 3\n (root) 1"), Order::ByTotal);
        let hits = [-0.1, 0.0, 5.9, 6.0, 8.9, 9.0, 10.0].map(|x| hit_test(&layout, 1, x).map(|b| b.0));
        assert_eq!(hits, [None, Some(1), Some(1), Some(2), Some(2), None, None]);
        assert_eq!(hit_test(&layout, 0, 9.5), Some(BoxId(0)));
        assert_eq!(hit_test(&layout, 2, 1.0), None);
        assert_eq!(hit_test(&layout, 1, f64::NAN), None);
    }

    proptest! {
        #[test]
        fn hits_each_box_at_edge_and_middle(paths in any_paths()) {
            let layout = Layout::new(&from_paths(&paths), Order::ByTotal);
            for id in (0..layout.len() as u32).map(BoxId).filter(|&b| layout.x1(b) > layout.x0(b)) {
                let row = layout.row_of(id);
                prop_assert_eq!(hit_test(&layout, row, layout.x0(id)), Some(id));
                prop_assert_eq!(hit_test(&layout, row, (layout.x0(id) + layout.x1(id)) / 2.0), Some(id));
            }
        }
    }
}
