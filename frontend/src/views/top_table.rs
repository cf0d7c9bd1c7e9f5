//! The table of functions: self and total cost of each, over the whole tree.

use crate::browser::event::MouseEvent;
use crate::components::virtual_grid::{GridKey, MenuAnchor, VirtualGrid, column_head};
use crate::reactive::{Callback, Memo, Signal, handler, list};
use crate::state::css_length::percent;
use crate::state::identity::Shared;
use crate::state::terms;
use crate::state::view::SortBy;
use crate::views::flame::label_text::path_end;
use crate::views::menu_key::key_of;
use crate::views::picture::Measure;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::diff::rank::is_placeholder;
use flarepath_profile::flame::within;
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::TopRow;
use leptos::prelude::*;

/// What the table shows, and its callbacks. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    /// The tree of the rows.
    pub(crate) tree: Signal<Option<Shared<CallTree>>>,
    /// Sorted and filtered.
    pub(crate) rows: Signal<Shared<Vec<TopRow>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    pub(crate) measure: Signal<Measure>,
    /// The column sorted by, and whether its usual order is reversed.
    pub(crate) sort: Signal<(SortBy, bool)>,
    /// The highlighted function.
    pub(crate) marked: Signal<Option<FrameId>>,
    pub(crate) on_sort: Callback<SortBy>,
    /// Highlights a function everywhere, or no longer.
    pub(crate) on_mark: Callback<FrameId>,
    pub(crate) on_sandwich: Callback<FrameId>,
    pub(crate) on_menu: Callback<(FrameId, MenuAnchor)>,
    /// Runs the menu entry of a function that has this key.
    pub(crate) on_key: Callback<(FrameId, char)>,
}

/// The largest and the smallest cost of a column: they decide its unit and the place of the point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Extent {
    largest: i64,
    /// Of what is not zero; 0 where points are not below each other.
    smallest: i64,
}

impl Extent {
    fn of(costs: impl Iterator<Item = i64>) -> Extent {
        let sizes = costs.map(i64::saturating_abs).filter(|size| *size > 0);
        sizes.fold(Extent::default(), |Extent { largest, smallest }, size| Extent {
            largest: largest.max(size),
            smallest: if smallest == 0 { size } else { smallest.min(size) },
        })
    }
}

/// Draws the table.
#[component]
pub(crate) fn TopTable(table: Table) -> impl IntoView {
    let grid = VirtualGrid::new("top", Signal::derive(move || table.rows.with(|r| r.len())));
    // One unit a column. The rows are those that the search leaves, as on screen.
    let extents = Memo::new(move || {
        table.rows.with(|rows| {
            let of = |cost: fn(&TopRow) -> i64| Extent::of(rows.iter().map(cost));
            [of(|row| row.self_value), of(|row| row.total)]
        })
    });
    let row = move |index: usize| {
        let (tree, row) = (table.tree.get()?, table.rows.with(|r| r.get(index).copied())?);
        let extents = extents.get().map(|extent| match grid.has_two_lines() {
            true => Extent { smallest: 0, ..extent },
            false => extent,
        });
        Some(function_row(table, grid, (index, row), &tree, extents))
    };
    let on_key = move |index: usize, key: GridKey<'_>| {
        let Some(frame) = table.rows.with_untracked(|r| r.get(index).map(|r| r.frame)) else { return false };
        match key {
            GridKey::Choose => table.on_mark.run(frame),
            GridKey::Menu(anchor) => table.on_menu.run((frame, anchor)),
            GridKey::Other(key) => match key_of(key) {
                Some(key) => table.on_key.run((frame, key)),
                None => return false,
            },
        }
        true
    };
    let head = [
        sort_head(table, SortBy::Name, ("Function", ""), "top-name"),
        sort_head(table, SortBy::SelfValue, ("Self", terms::SELF), "top-cost"),
        sort_head(table, SortBy::Total, ("Total", terms::TOTAL), "top-cost"),
        view! { <span role="columnheader" class="top-tools"><span class="visually-hidden">"Actions"</span></span> }
            .into_any(),
    ];
    let texts = ("Functions", "top-table", "No matching functions");
    grid.view(texts, list(head), Box::new(row), Box::new(on_key))
}

fn sort_head(
    table: Table,
    sort: SortBy,
    label: (&'static str, &'static str),
    class: &'static str,
) -> AnyView {
    let ascending = Signal::derive(move || {
        let (by, reversed) = table.sort.get();
        (by == sort).then_some((sort == SortBy::Name) != reversed)
    });
    column_head(label, class, ascending, Callback::new(move |()| table.on_sort.run(sort)))
}

/// A function's name behind a swatch of its colour. Where it does not fit, its start is cut: the end is what tells functions apart. A path
/// before the name is dimmed.
pub(super) fn swatch_and_name(name: &str, colour: impl Fn() -> String + Send + 'static) -> AnyView {
    let colour: Box<dyn Fn() -> String + Send> = Box::new(colour);
    let (path, text) = name.split_at(path_end(name));
    view! {
        <span class="top-swatch" style:background=move || colour()></span>
        <span class="top-text"><bdi><span class="top-path">{path.to_owned()}</span>{text.to_owned()}</bdi></span>
    }
    .into_any()
}

fn function_row(
    table: Table,
    grid: VirtualGrid,
    (index, row): (usize, TopRow),
    tree: &CallTree,
    [own, total]: [Extent; 2],
) -> AnyView {
    let measure = table.measure.get();
    let (frames, frame, whole) = (tree.frames(), row.frame, tree.total(NodeId::ROOT));
    let (name, file) = (frames.name(frame).to_owned(), frames.file(frame));
    let title = if file.is_empty() { name.clone() } else { format!("{name}\n{file}") };
    let (class, note) = match is_placeholder(&name) {
        true => {
            ("top-name is-merged", format!("{} merged for privacy", measure.share(row.self_value, whole)))
        }
        false => ("top-name", String::new()),
    };
    let colour = move || {
        let bucket = table.colours.with(|c| c.as_ref().and_then(|c| c.get(frame.index()).copied()));
        format!("var(--flame-{})", bucket.unwrap_or(0))
    };
    let cost = |value: i64, Extent { largest, smallest }: Extent| {
        // Of nothing, "–" says it once.
        let share = if value == 0 { String::new() } else { measure.share(value, whole) };
        let width = if whole > 0 { within(value as f64 / whole as f64, 0.0, 1.0) } else { 0.0 };
        let text = measure.scale(largest).aligned(smallest as f64).text(value as f64);
        view! {
            <span role="gridcell" class="top-cost">
                <span class="top-bar" style:width=percent(width)></span>
                <span class="top-value">{text}</span>
                <span class="top-share">{share}</span>
            </span>
        }
        .into_any()
    };
    let sandwich = move |event: MouseEvent| {
        event.stop_propagation();
        table.on_sandwich.run(frame);
    };
    let on_menu = Callback::new(move |anchor| table.on_menu.run((frame, anchor)));
    let cells = view! {
        <span role="gridcell" class=class title=title>{swatch_and_name(&name, colour)}<span class="diff-word">{note}</span></span>
        {cost(row.self_value, own)}
        {cost(row.total, total)}
        <span role="gridcell" class="top-tools">
            <button type="button" tabindex="-1" aria-label=format!("Sandwich view of {name}") title="Sandwich: callers and callees"
                on:click=handler(sandwich)>"⇅"</button>
            <button type="button" tabindex="-1" aria-label=format!("Menu of {name}") title="Menu"
                on:click=grid.menu_handler(index, on_menu)>"⋯"</button>
        </span>
    };
    let marked = Signal::derive(move || table.marked.get() == Some(frame));
    grid.row(index, marked, Callback::new(move |()| table.on_mark.run(frame)), on_menu, cells.into_any())
}
