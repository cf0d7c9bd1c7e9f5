//! The flame graph as text: the selected box, the way to it and what it calls, for screen readers.
//!
//! Only these are in the document, so that a tree of a million nodes costs a few dozen elements.

use super::Flame;
use super::controller::Controller;
use crate::reactive::{Memo, list};
use crate::views::change_text;
use crate::views::picture::{Measure, Picture};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::flame::BoxId;
use leptos::prelude::*;

/// Callees listed below the selected box.
const CHILDREN: usize = 30;

/// One item of the twin.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Item {
    node: u32,
    level: usize,
    selected: bool,
    position: usize,
    siblings: usize,
    text: String,
}

/// The items for a selection, callers first.
pub(super) fn items(picture: &Picture, measure: &Measure, selected: NodeId) -> Vec<Item> {
    let (tree, layout) = (&picture.tree, &picture.layout);
    let item = |node: NodeId, level: usize, position: usize, siblings: usize| {
        let share = measure.share(tree.total(node), tree.total(NodeId::ROOT));
        let (own, total) = (measure.value(tree.self_value(node)), measure.value(tree.total(node)));
        let text = match change_text::sentence(picture, measure, node) {
            Some(change) => format!("{}, {change}", tree.name(node)),
            None => format!("{}, self {own}, total {total}, {share}", tree.name(node)),
        };
        Item { node: node.0, level, selected: node == selected, position, siblings, text }
    };
    let mut way = vec![NodeId::ROOT];
    way.extend(tree.path(selected));
    let mut list: Vec<Item> = (1..)
        .zip(&way)
        .map(|(level, &node)| {
            let row = layout.children(layout.box_of(tree.parent(node)));
            let position = if node == NodeId::ROOT { 1 } else { layout.box_of(node).index() - row.start + 1 };
            item(node, level, position, if node == NodeId::ROOT { 1 } else { row.len() })
        })
        .collect();
    let children = layout.children(layout.box_of(selected));
    let count = children.len();
    list.extend(
        children
            .take(CHILDREN)
            .enumerate()
            .map(|(i, b)| item(layout.node(BoxId(b as u32)), way.len() + 1, i + 1, count)),
    );
    list
}

/// The twin of a flame graph. Its place is inside of an element with `role="tree"`.
#[component]
pub(crate) fn Twin(
    /// The flame graph it tells of.
    flame: Flame,
    /// Knows the selection.
    controller: Controller,
) -> impl IntoView {
    let items = Memo::new(move || {
        let selected = controller.selected.get().unwrap_or(NodeId::ROOT);
        let measure = flame.measure.get();
        flame.picture.with(|p| p.as_ref().map(|p| self::items(p, &measure, selected)).unwrap_or_default())
    });
    let one = move |item: Item| {
        view! {
            <div role="treeitem" class="flame-item" id=controller.item_id(item.node)
                attr:aria-level=item.level.to_string()
                aria-selected=if item.selected { "true" } else { "false" }
                attr:aria-posinset=item.position.to_string() attr:aria-setsize=item.siblings.to_string()
            >{item.text}</div>
        }
        .into_any()
    };
    view! { {move || list(items.get().into_iter().map(one))} }
}
