//! A call tree with its layout, and the unit of its numbers.

use crate::state::identity::Shared;
use crate::state::loaded_profile::LoadedProfile;
use crate::views::scales::Scales;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::{DiffTree, Pair};
use flarepath_profile::flame::{BoxId, Layout, Order};
use flarepath_profile::units::{self, Unit, UnitScale};
use flarepath_profile::verdict::is_level;
use std::sync::Arc;

/// A tree and where its nodes are drawn.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) tree: Arc<CallTree>,
    pub(crate) layout: Layout,
    /// The difference, where two trees are drawn over each other.
    pub(crate) changes: Option<Changes>,
    /// Colour of each node where two trees are compared, see [`flarepath_profile::diff::color`].
    pub(crate) change_colours: Option<Vec<u8>>,
}

/// The difference behind a picture, whose `tree` holds the sums of both sides, node by node.
#[derive(Debug)]
pub(crate) struct Changes {
    pub(crate) both: Shared<DiffTree>,
    pub(crate) scales: Scales,
    /// What is said of it. Behind pointers, so that the first program, which compares nothing, has no code for it.
    pub(crate) texts: ChangeTexts,
}

/// Texts about a difference and its nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChangeTexts {
    /// The totals of the nodes whose frame is marked.
    pub(crate) matched: fn(&DiffTree, &[bool]) -> Pair,
    /// Those totals as shares of both sides.
    pub(crate) matched_shares: fn(&DiffTree, Pair, &Measure) -> String,
    /// The rows of its tooltip.
    pub(crate) rows: fn(&Picture, &Measure, NodeId) -> Vec<(&'static str, String)>,
    /// The change as a box shows it; empty for none.
    pub(crate) amount: fn(&Picture, &Measure, NodeId) -> String,
    /// The rows as one sentence.
    pub(crate) sentence: fn(&Picture, &Measure, NodeId) -> String,
}

impl Picture {
    /// Lays out `tree`.
    pub(crate) fn new(tree: Arc<CallTree>, order: Order) -> Picture {
        let layout = Layout::new(&tree, order);
        Picture { tree, layout, changes: None, change_colours: None }
    }

    /// Lays out `tree` with siblings in the order of numbers, one a node, the largest first.
    pub(crate) fn ordered(tree: Arc<CallTree>, by: &[f64]) -> Picture {
        let layout = Layout::ordered(&tree, by);
        Picture { tree, layout, changes: None, change_colours: None }
    }

    /// Lays out two trees over each other; `sums` has the same nodes with the sums of both, and `texts` say what has changed.
    pub(crate) fn of_diff(
        both: Shared<DiffTree>,
        sums: Arc<CallTree>,
        scales: Scales,
        texts: ChangeTexts,
        order: Order,
    ) -> Picture {
        let layout = Layout::weighted(both.shape(), &both.widths(&scales.shown), order);
        let change_colours = Some(scales.colours(&both));
        Picture { tree: sums, layout, changes: Some(Changes { both, scales, texts }), change_colours }
    }

    /// The node at the end of a path of names below the root; `None` if there is none. Of siblings with the same name (from
    /// different files) it is the one drawn first.
    pub(crate) fn resolve(&self, path: &[String]) -> Option<NodeId> {
        let mut at = BoxId(0);
        for name in path {
            let mut children = self.layout.children(at).map(|i| BoxId(i as u32));
            at = children.find(|&b| self.tree.name(self.layout.node(b)) == name)?;
        }
        Some(self.layout.node(at))
    }

    /// The names from below the root to `node`.
    pub(crate) fn names(&self, node: NodeId) -> Vec<String> {
        self.tree.path(node).into_iter().map(|n| self.tree.name(n).to_owned()).collect()
    }

    /// The deepest node whose box covers `x0..x1`.
    pub(crate) fn deepest_covering(&self, x0: f64, x1: f64) -> NodeId {
        let slack = (x1 - x0) * 1e-6;
        let mut at = BoxId(0);
        loop {
            let children = self.layout.children(at);
            let covers = |b: &BoxId| self.layout.x0(*b) <= x0 + slack && self.layout.x1(*b) >= x1 - slack;
            match children.map(|i| BoxId(i as u32)).find(covers) {
                Some(child) => at = child,
                None => return self.layout.node(at),
            }
        }
    }
}

/// Unit and duration behind the values of a profile.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Measure {
    unit: Unit,
    /// Time of all replicas together, so that rates are those of one; `None` for levels, which are no rates.
    seconds: Option<f64>,
    is_level: bool,
}

impl Measure {
    /// The measure of a profile.
    pub(crate) fn of(profile: &LoadedProfile) -> Measure {
        let (unit, level) = match &profile.profile_type {
            Some(t) => (Unit::of(&t.sample_type, &profile.unit), is_level(&t.sample_type)),
            None => (Unit::parse(&profile.unit), false),
        };
        Measure { unit, seconds: profile.seconds.filter(|s| *s > 0.0 && !level), is_level: level }
    }

    /// The measure before there is a profile.
    pub(crate) fn unknown() -> Measure {
        Measure { unit: Unit::parse(""), seconds: None, is_level: false }
    }

    /// A value as text, such as `1.25 s`.
    pub(crate) fn value(&self, value: i64) -> String {
        units::format_value(value as f64, &self.unit)
    }

    /// The unit of a column or list of values whose largest is this.
    pub(crate) fn scale(&self, largest: i64) -> UnitScale {
        UnitScale::for_largest(&self.unit, largest as f64)
    }

    /// A value as a rate over the duration of the profile, such as `2.3 cores`; `None` where that is unknown.
    pub(crate) fn rate(&self, value: i64) -> Option<String> {
        self.seconds.map(|seconds| units::format_rate(value as f64, &self.unit, seconds))
    }

    /// The unit of a column whose largest value, or value per second, is this. The mean of a level has the unit of the level.
    pub(crate) fn amounts(&self, largest: f64, is_rate: bool) -> UnitScale {
        let unit = if is_rate && !self.is_level { self.unit.clone().per_second() } else { self.unit.clone() };
        UnitScale::for_largest(&unit, largest)
    }

    /// A part of a whole, such as `12.4 %`.
    pub(crate) fn share(&self, part: i64, whole: i64) -> String {
        units::format_share(part as f64, whole as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    fn picture() -> Picture {
        let mut builder = TreeBuilder::new();
        let mut frame = |name| builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        let (a, b) = (frame("a"), frame("b"));
        builder.add_path([a, b, a], 6);
        builder.add_path([b], 4);
        Picture::new(Arc::new(builder.finish()), Order::ByTotal)
    }

    #[test]
    fn names_resolve_to_their_node() {
        let picture = picture();
        for i in 0..picture.tree.len() as u32 {
            assert_eq!(picture.resolve(&picture.names(NodeId(i))), Some(NodeId(i)));
        }
        assert_eq!(picture.resolve(&["b".into(), "gone".into()]), None);
    }

    #[test]
    fn finds_the_deepest_box_around_a_window() {
        let picture = picture();
        assert_eq!(picture.names(picture.deepest_covering(1.0, 2.0)), ["a", "b", "a"]);
        assert_eq!(picture.deepest_covering(1.0, 8.0), NodeId::ROOT);
    }
}
