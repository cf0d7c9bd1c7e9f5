//! Callers and callees of a function with their costs. Pure.

use flarepath_profile::call_tree::{CallTree, NodeId};

/// Functions listed one by one; the rest is summed up.
const LISTED: usize = 8;

/// A caller or callee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Neighbour {
    pub(crate) name: String,
    /// Cost of the calls between the two functions.
    pub(crate) value: i64,
}

/// The most expensive neighbours, and the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Neighbours {
    /// Most expensive first.
    pub(crate) listed: Vec<Neighbour>,
    /// Number of the rest.
    pub(crate) more: usize,
    /// Cost of the rest.
    pub(crate) more_value: i64,
    /// Cost without a neighbour: among callees the function's own, among callers that of stacks that begin with it.
    pub(crate) none: i64,
}

/// The neighbours in one side of a sandwich: below the root the function, below that its neighbours.
pub(crate) fn neighbours(side: &CallTree) -> Neighbours {
    let Some(function) = side.children(NodeId::ROOT).next() else { return Neighbours::default() };
    let mut all: Vec<Neighbour> = side
        .children(function)
        .map(|node| Neighbour { name: side.name(node).to_owned(), value: side.total(node) })
        .collect();
    all.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    let rest = all.split_off(all.len().min(LISTED));
    Neighbours {
        listed: all,
        more: rest.len(),
        more_value: rest.iter().fold(0, |sum, n| i64::saturating_add(sum, n.value)),
        none: side.self_value(function),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flarepath_profile::call_tree::TreeBuilder;
    use flarepath_profile::frame_table::FrameText;

    #[test]
    fn sums_up_all_but_the_most_expensive() {
        let mut builder = TreeBuilder::new();
        let mut frame =
            |name: &str| builder.frame(FrameText { name, symbolized: true, ..FrameText::default() });
        let f = frame("f");
        let others: Vec<_> = (0..10).map(|i| frame(&format!("g{i}"))).collect();
        builder.add_path([f], 5);
        for (other, value) in others.into_iter().zip(1..) {
            builder.add_path([f, other], value);
        }
        let found = neighbours(&builder.finish());
        assert_eq!(found.listed.len(), 8);
        assert_eq!(found.listed[0], Neighbour { name: "g9".into(), value: 10 });
        assert_eq!((found.more, found.more_value, found.none), (2, 3, 5));
        assert_eq!(neighbours(&CallTree::empty()), Neighbours::default());
    }
}
