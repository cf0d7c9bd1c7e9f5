//! Boxes that a [`super::stage::Stage`] can draw: a tree, its layout, and how one moves from box to box.

use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::flame::{BoxId, Chart, Layout, Move, hit_test, navigate};

use crate::views::picture::{Measure, Picture};
use flarepath_profile::units::{Unit, format_value};

/// A tree laid out as boxes. `Send` because signals want it; nothing is sent.
pub(crate) trait Boxes: Send + Sync {
    /// The tree, which names the boxes.
    fn tree(&self) -> &CallTree;
    /// Where the boxes are.
    fn layout(&self) -> &Layout;
    /// Colour of each node, where two trees are compared.
    fn change_colours(&self) -> Option<&[u8]>;
    /// The value of a box as text: what it cost, or how it changed; empty for no change.
    fn amount(&self, id: BoxId, measure: &Measure) -> String;
    /// The box of the caller.
    fn parent(&self, id: BoxId) -> Option<BoxId>;
    /// The box that an arrow key leads to.
    fn step(&self, from: BoxId, to: Move) -> Option<BoxId>;
}

impl Boxes for Picture {
    fn tree(&self) -> &CallTree {
        &self.tree
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn change_colours(&self) -> Option<&[u8]> {
        self.change_colours.as_deref()
    }

    fn amount(&self, id: BoxId, measure: &Measure) -> String {
        let (tree, node) = (&self.tree, self.layout.node(id));
        match &self.changes {
            Some(changes) => (changes.texts.amount)(self, measure, node),
            None => {
                let (total, whole) = (tree.total(node), tree.total(NodeId::ROOT));
                format!("{} · {}", measure.value(total), measure.share(total, whole))
            }
        }
    }

    fn parent(&self, id: BoxId) -> Option<BoxId> {
        let node = self.layout.node(id);
        (node != NodeId::ROOT).then(|| self.layout.box_of(self.tree.parent(node)))
    }

    fn step(&self, from: BoxId, to: Move) -> Option<BoxId> {
        navigate::step(&self.layout, self.tree.shape(), from, to)
    }
}

impl Boxes for Chart {
    fn tree(&self) -> &CallTree {
        &self.tree
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn change_colours(&self) -> Option<&[u8]> {
        None
    }

    fn amount(&self, id: BoxId, _: &Measure) -> String {
        let length = self.layout.x1(id) - self.layout.x0(id);
        format_value(length, &Unit::parse("nanoseconds"))
    }

    fn parent(&self, id: BoxId) -> Option<BoxId> {
        let layout = &self.layout;
        let middle = (layout.x0(id) + layout.x1(id)) / 2.0;
        hit_test(layout, layout.row_of(id).checked_sub(1)?, middle)
    }

    /// Left and right lead to what ran before or after at the same depth, whichever function called it.
    fn step(&self, from: BoxId, to: Move) -> Option<BoxId> {
        let layout = &self.layout;
        let in_row = |at: Option<usize>| at.filter(|at| layout.row(layout.row_of(from)).contains(at));
        let found = match to {
            Move::Parent => return self.parent(from),
            Move::FirstChild => layout.children(from).next(),
            Move::NextSibling => in_row(from.index().checked_add(1)),
            Move::PreviousSibling => in_row(from.index().checked_sub(1)),
        };
        found.map(|at| BoxId(at as u32))
    }
}

/// A box and its callers, outermost first.
pub(crate) fn path(boxes: &dyn Boxes, id: BoxId) -> Vec<BoxId> {
    let mut path: Vec<BoxId> = std::iter::successors(Some(id), |&id| boxes.parent(id)).collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::super::chart::search::tests::chart;
    use super::*;

    #[test]
    fn chart_moves_along_rows_and_callers() {
        let chart = chart();
        assert_eq!(chart.step(BoxId(2), Move::NextSibling), Some(BoxId(3)));
        assert_eq!(chart.step(BoxId(3), Move::NextSibling), None);
        assert_eq!(chart.step(BoxId(3), Move::FirstChild), Some(BoxId(4)));
        assert_eq!(path(&chart, BoxId(4)), [0, 1, 3, 4].map(BoxId));
    }
}
