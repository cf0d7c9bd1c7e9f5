//! The selected box, its callers and its callees as text, for screen readers.
//!
//! Only these are in the document, so that a tree of a million nodes costs a few dozen elements.

use super::boxes::{Boxes, path};
use super::host::Host;
use crate::reactive::{Memo, attribute, list};
use flarepath_profile::flame::BoxId;
use leptos::prelude::*;
use std::ops::Range;

/// Callees listed below the selected box.
const CHILDREN: usize = 30;

/// A tree item, with the attributes of its ARIA role.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    id: BoxId,
    level: usize,
    selected: bool,
    position: usize,
    siblings: usize,
    text: String,
}

/// The items around a selection, outermost caller first.
fn items(boxes: &dyn Boxes, selected: BoxId, sentence: impl Fn(BoxId) -> String) -> Vec<Item> {
    let item = |id: BoxId, level: usize, row: &Range<usize>| Item {
        id,
        level,
        selected: id == selected,
        position: id.index() - row.start + 1,
        siblings: row.len(),
        text: sentence(id),
    };
    let mut items = Vec::new();
    let mut row = 0..1;
    for id in path(boxes, selected) {
        items.push(item(id, items.len() + 1, &row));
        row = boxes.layout().children(id);
    }
    let level = items.len() + 1;
    items.extend(row.clone().take(CHILDREN).map(|at| item(BoxId(at as u32), level, &row)));
    items
}

impl Host {
    /// DOM id of a box's item.
    fn item_id(self, id: BoxId) -> String {
        format!("flame-{}-{}", self.number, id.0)
    }

    /// DOM id of the selected item.
    pub(super) fn active_id(self) -> String {
        self.item_id(self.selected.get().unwrap_or(BoxId(0)))
    }
}

/// The items; belongs into an element with `role="tree"`.
#[component]
pub(super) fn TextView(host: Host) -> impl IntoView {
    let items = Memo::new(move || {
        let owner = host.owner()?;
        let boxes = owner.boxes()?;
        let selected = host.selected.get().filter(|id| id.index() < boxes.layout().len());
        Some(self::items(&*boxes, selected.unwrap_or(BoxId(0)), |id| owner.sentence(id)))
    });
    let one = move |item: Item| {
        view! {
            <div role="treeitem" class="flame-item" id=host.item_id(item.id)
                {..attribute("aria-selected", item.selected.to_string())}
                {..attribute("aria-posinset", item.position.to_string())}
                {..attribute("aria-setsize", item.siblings.to_string())}
                {..attribute("aria-level", item.level.to_string())}
            >{item.text}</div>
        }
        .into_any()
    };
    view! { {move || list(items.get().into_iter().flatten().map(one))} }
}

#[cfg(test)]
mod tests {
    use super::super::chart::search::tests::chart;
    use super::*;

    #[test]
    fn lists_callers_selection_and_callees() {
        let items = items(&chart(), BoxId(3), |id| id.0.to_string());
        let facts: Vec<_> =
            items.iter().map(|i| (i.level, i.position, i.siblings, i.selected, i.text.as_str())).collect();
        assert_eq!(
            facts,
            [(1, 1, 1, false, "0"), (2, 1, 1, false, "1"), (3, 2, 2, true, "3"), (4, 1, 1, false, "4")]
        );
    }
}
