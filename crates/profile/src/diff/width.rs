//! Widths of the nodes of a diff.
//!
//! The width of a node is the **sum of both sides**, as they are compared: with shares, the mean of both (each side
//! fills half of the picture), so that what is new or gone is seen, at half of its share. The larger of both, which
//! some tools draw, does not add up: below a parent with 50 % on both sides, one child that is gone and one that is
//! new would take 50 % each.
//!
//! So that sums are exact in f64, whatever was divided, each node's own width is a whole number of grid steps, 2^52
//! of which make the picture (2^-52 of it is a share that no profile can tell from nothing). Children then fit into
//! their parent to the last bit, as [`crate::flame::layout`] needs.
//!
//! Negative values have no width, as in the picture of one tree; shares are then taken of what is positive.

use super::{DiffTree, Mode, Scale, Side};

/// Grid steps in a picture: sums of so many and twice as many are exact.
const GRID: f64 = (1u64 << 52) as f64;

impl DiffTree {
    /// Width of each node in grid steps, for [`crate::flame::Layout::weighted`]; all zero when there is nothing
    /// positive. O(nodes).
    pub fn widths(&self, scale: &Scale) -> Vec<f64> {
        let positive = Side::BOTH
            .map(|side| self.self_value[side as usize].iter().map(|&v| v.max(0) as f64).sum::<f64>());
        let factor = Side::BOTH.map(|side| match (scale.mode, positive[side as usize]) {
            (_, 0.0) => 0.0,
            (Mode::Share, all) => 1.0 / all,
            (Mode::Absolute | Mode::PerSecond, _) => scale.value(side, 1),
        });
        let whole: f64 = (0..2).map(|side| positive[side] * factor[side]).sum();
        let step = if whole > 0.0 { GRID / whole } else { 0.0 };
        let own = |(&b, &c): (&i64, &i64)| {
            let sum = b.max(0) as f64 * factor[0] + c.max(0) as f64 * factor[1];
            (sum * step).round()
        };
        let [before, after] = &self.self_value;
        let mut width: Vec<f64> = before.iter().zip(after).map(own).collect();
        for i in (1..width.len()).rev() {
            width[self.parent[i].index()] += width[i];
        }
        width
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_tree::oracle::{any_paths, from_paths, tree};
    use crate::call_tree::{CallTree, NodeId};
    use crate::diff::{Pair, diff};
    use crate::flame::{BoxId, Layout, Order};
    use proptest::prelude::*;

    fn shares(both: &DiffTree, scale: &Scale) -> Vec<f64> {
        let width = both.widths(scale);
        width.iter().map(|w| (w / width[0] * 1e9).round() / 1e9).collect()
    }

    #[test]
    fn node_width_is_the_mean_of_its_shares() {
        let both = diff(&tree("a;b 30\n c 10"), &tree("a;d 1\n c 3"));
        let share = Scale::share(both.total(NodeId::ROOT));
        // total, a, b, d, c
        assert_eq!(shares(&both, &share), [1.0, 0.5, 0.375, 0.125, 0.5]);
        assert_eq!(
            shares(&both, &Scale::absolute()),
            [1.0, 0.704545455, 0.681818182, 0.022727273, 0.295454545]
        );
        let rate = Scale::per_second(Pair { baseline: 40, comparison: 4 });
        assert_eq!(shares(&both, &rate), shares(&both, &share));
    }

    #[test]
    fn empty_side_keeps_the_shape_of_the_other() {
        let both = diff(&CallTree::empty(), &tree("a 3\n b 1"));
        assert_eq!(shares(&both, &Scale::share(both.total(NodeId::ROOT))), [1.0, 0.75, 0.25]);
        let nothing = diff(&CallTree::empty(), &CallTree::empty());
        assert_eq!(nothing.widths(&Scale::share(Pair::default())), [0.0]);
    }

    #[test]
    fn negative_values_have_no_width() {
        let both = diff(&tree("a 5\n b -3"), &tree("a 1\n b -1"));
        assert_eq!(shares(&both, &Scale::share(both.total(NodeId::ROOT))), [1.0, 1.0, 0.0]);
    }

    proptest! {
        #[test]
        fn children_never_exceed_parents(
            before in any_paths(), after in any_paths(), times in (1..9i64, 1..9i64), mode in 0..3, by_name: bool,
        ) {
            let (before, after) = (before, after.into_iter().map(|(p, v)| (p, v * 1_000_003)).collect());
            let both = diff(&from_paths(&before), &from_paths(&after));
            let scale = match mode {
                0 => Scale::share(both.total(NodeId::ROOT)),
                1 => Scale::absolute(),
                _ => Scale::per_second(Pair { baseline: times.0, comparison: times.1 }),
            };
            let width = both.widths(&scale);
            for node in (0..both.len() as u32).map(NodeId) {
                let below: f64 = both.shape().children(node).map(|c| width[c.index()]).sum();
                prop_assert!(below <= width[node.index()]);
            }
            prop_assert!((width[0] - GRID).abs() <= both.len() as f64 || width[0] == 0.0);
            let order = if by_name { Order::ByName } else { Order::ByTotal };
            let layout = Layout::weighted(both.shape(), &width, order);
            for id in (0..layout.len() as u32).map(BoxId) {
                prop_assert_eq!(layout.x1(id) - layout.x0(id), width[layout.node(id).index()]);
                for child in layout.children(id).map(|c| BoxId(c as u32)) {
                    prop_assert!(layout.x0(id) <= layout.x0(child) && layout.x1(child) <= layout.x1(id));
                }
            }
        }
    }
}
