//! The flame chart as text: the selected box, the way to it and what it calls, for screen readers.

use super::ChartDesk;
use super::controller::Controller;
use super::tip;
use crate::reactive::{Memo, list};
use flarepath_profile::flame::{BoxId, Chart, hit_test};
use leptos::prelude::*;

/// Calls listed below the selected box.
const CHILDREN: usize = 30;

/// One item of the twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    id: u32,
    level: usize,
    selected: bool,
    position: usize,
    siblings: usize,
    text: String,
}

/// The items for a selection, callers first.
pub(crate) fn items(chart: &Chart, selected: BoxId, zone_min: i64) -> Vec<Item> {
    let layout = &chart.layout;
    let item = |id: BoxId, position: usize, siblings: usize| {
        let rows = tip::rows(chart, id, zone_min);
        let facts: Vec<String> = rows.iter().take(3).map(|(what, text)| format!("{what} {text}")).collect();
        let text = format!("{}, {}", chart.tree.name(layout.node(id)), facts.join(", "));
        Item { id: id.0, level: layout.row_of(id) + 1, selected: id == selected, position, siblings, text }
    };
    let middle = (layout.x0(selected) + layout.x1(selected)) / 2.0;
    let way = (0..=layout.row_of(selected)).filter_map(|row| hit_test(layout, row, middle));
    let mut list = Vec::new();
    let mut above = None;
    for id in way {
        let row = above.map_or(0..1, |above| layout.children(above));
        list.push(item(id, id.index() - row.start + 1, row.len()));
        above = Some(id);
    }
    let children = layout.children(selected);
    let count = children.len();
    list.extend(children.take(CHILDREN).enumerate().map(|(i, b)| item(BoxId(b as u32), i + 1, count)));
    list
}

/// DOM id of a box's item.
pub(super) fn item_id(id: u32) -> String {
    format!("chart-box-{id}")
}

/// The twin. Its place is inside of an element with `role="tree"`.
#[component]
pub(crate) fn Twin(
    /// The chart it tells of.
    desk: ChartDesk,
    /// Knows the selection.
    controller: Controller,
) -> impl IntoView {
    let items = Memo::new(move || {
        let selected = controller.selected.get().unwrap_or(BoxId(0));
        let zone = desk.zone_min.get();
        let of = |chart: &Chart| match selected.index() < chart.layout.len() {
            true => self::items(chart, selected, zone),
            false => self::items(chart, BoxId(0), zone),
        };
        desk.chart.with(|c| c.as_ref().map(|c| of(c)).unwrap_or_default())
    });
    let one = move |item: Item| {
        view! {
            <div role="treeitem" class="flame-item" id=item_id(item.id)
                attr:aria-level=item.level.to_string()
                aria-selected=if item.selected { "true" } else { "false" }
                attr:aria-posinset=item.position.to_string() attr:aria-setsize=item.siblings.to_string()
            >{item.text}</div>
        }
        .into_any()
    };
    view! { {move || list(items.get().into_iter().map(one))} }
}

#[cfg(test)]
mod tests {
    use super::super::search::tests::chart;
    use super::*;

    #[test]
    fn the_way_to_the_selection_and_its_calls_are_told() {
        let chart = chart();
        let told: Vec<_> = items(&chart, BoxId(3), 0)
            .into_iter()
            .map(|i| (i.level, i.position, i.siblings, i.selected, i.text))
            .collect();
        assert_eq!(told.len(), 4);
        assert_eq!(told[2], (3, 2, 2, true, "g, start +0.00000003 s, duration 60 ns, self 40 ns".into()));
        assert_eq!((told[3].0, told[3].1, told[3].2), (4, 1, 1));
    }
}
