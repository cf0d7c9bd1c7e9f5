//! The table of functions: what each cost itself and with what it called, over the whole tree.

pub(crate) mod rows;

use crate::browser::element;
use crate::browser::event::{KeyboardEvent, MouseEvent};
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, shown};
use crate::state::identity::Shared;
use crate::state::view::SortBy;
use crate::views::flame_graph::caption::path_end;
use crate::views::menu::key_of;
use crate::views::picture::Measure;
use flarepath_profile::call_tree::{CallTree, NodeId};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::TopRow;
use leptos::html::Div;
use leptos::prelude::*;

/// What the table shows and whom it tells. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    /// The tree that the rows are of.
    pub(crate) tree: Signal<Option<Shared<CallTree>>>,
    /// Sorted and filtered.
    pub(crate) rows: Signal<Shared<Vec<TopRow>>>,
    /// Colour of each frame.
    pub(crate) colours: Signal<Option<Shared<Vec<u8>>>>,
    /// What the numbers mean.
    pub(crate) measure: Signal<Measure>,
    /// The column sorted by, and whether its order is turned around.
    pub(crate) sort: Signal<(SortBy, bool)>,
    /// The function that is marked.
    pub(crate) marked: Signal<Option<FrameId>>,
    /// A column's head was pressed.
    pub(crate) on_sort: Callback<SortBy>,
    /// A function was chosen.
    pub(crate) on_mark: Callback<FrameId>,
    /// The sandwich of a function was asked for.
    pub(crate) on_sandwich: Callback<FrameId>,
    /// A menu was asked for, at a place in the window; the last gives the focus back.
    pub(crate) on_menu: Callback<(FrameId, f64, f64, Callback<()>)>,
    /// A key of the menu of a function was pressed.
    pub(crate) on_key: Callback<(FrameId, char)>,
}

/// Draws the table.
#[component]
pub(crate) fn TopTable(
    /// What it shows.
    table: Table,
) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let scroll = RwSignal::new(0.0);
    let current = RwSignal::new(None::<usize>);
    let count = move || table.rows.with(|r| r.len());
    let window = Memo::new(move || rows::window(count(), scroll.get()));
    let visible = move || {
        let range = window.get();
        table.rows.with(|r| {
            range
                .clone()
                .zip(r[range.start.min(r.len())..range.end.min(r.len())].to_vec())
                .collect::<Vec<_>>()
        })
    };
    let go = move |row: usize| {
        current.set(Some(row));
        if let Some(element) = scroller.get_untracked() {
            let to = rows::reveal(row, element::scroll_top(&element), element::height(&element));
            element::set_scroll_top(&element, to);
        }
    };
    let frame_at = move |row: usize| table.rows.with_untracked(|r| r.get(row).map(|r| r.frame));
    let on_key =
        move |event: KeyboardEvent| key(&event, table, scroller, current.get_untracked(), go, frame_at);
    let on_focus = move |_| {
        if current.get_untracked().is_none() && table.rows.with_untracked(|r| !r.is_empty()) {
            current.set(Some(0));
        }
    };
    let on_scroll = move |_| {
        if let Some(element) = scroller.get_untracked() {
            scroll.set(element.scroll_top().into());
        }
    };
    let whole = move || table.tree.with(|t| t.as_ref().map_or(0, |t| t.total(NodeId::ROOT)));
    let px = |rows: usize| format!("{}px", rows as f64 * rows::ROW);
    view! {
        <div class="top-table" node_ref=scroller tabindex="0" role="grid" aria-label="Functions"
            aria-rowcount=move || (count() + 1).to_string()
            aria-activedescendant=move || current.get().map(row_id)
            on:scroll=handler(on_scroll)
            on:focus=handler(on_focus)
            on:keydown=handler(on_key)
        >
            <div class="top-head" role="row" attr:aria-rowindex="1">
                <Head table sort=SortBy::Name label="Function" class="top-name" />
                <Head table sort=SortBy::SelfValue label="Self" class="top-cost" />
                <Head table sort=SortBy::Total label="Total" class="top-cost" />
                <span role="columnheader" class="top-tools"><span class="visually-hidden">"Actions"</span></span>
            </div>
            <div class="top-space" role="presentation" style:height=move || px(window.get().start)></div>
            <For each=visible key=move |(i, row)| (*i, row.frame, row.self_value, row.total, whole()) let((i, row))>
                <Row table index=i row current />
            </For>
            <div class="top-space" role="presentation"
                style:height=move || px(count() - window.get().end.min(count()))></div>
            {shown(move || count() == 0, || view! { <p class="top-empty" role="row"><span role="gridcell">"No function matches."</span></p> }.into_any())}
        </div>
    }
}

fn row_id(row: usize) -> String {
    format!("top-row-{row}")
}

fn key(
    event: &KeyboardEvent,
    table: Table,
    scroller: NodeRef<Div>,
    current: Option<usize>,
    go: impl Fn(usize),
    frame_at: impl Fn(usize) -> Option<FrameId>,
) {
    let count = table.rows.with_untracked(|r| r.len());
    if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let at = current.unwrap_or(0).min(count - 1);
    match (event.key().as_str(), frame_at(at)) {
        ("ArrowDown", _) => go((at + 1).min(count - 1)),
        ("ArrowUp", _) => go(at.saturating_sub(1)),
        ("PageDown", _) => go((at + 12).min(count - 1)),
        ("PageUp", _) => go(at.saturating_sub(12)),
        ("Home", _) => go(0),
        ("End", _) => go(count - 1),
        ("Enter" | " ", Some(frame)) => table.on_mark.run(frame),
        ("m" | "ContextMenu", Some(frame)) => {
            let Some(element) = scroller.get_untracked() else { return };
            let rect = element::bounds(&element);
            let y = (at as f64 + 2.0) * rows::ROW - element::scroll_top(&element);
            table.on_menu.run((frame, rect.left + 24.0, rect.top + y, give_back(scroller)));
        }
        (key, Some(frame)) => match key_of(key) {
            Some(key) => table.on_key.run((frame, key)),
            None => return,
        },
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

/// Gives the focus back to a table whose menu was opened.
pub(super) fn give_back(scroller: NodeRef<Div>) -> Callback<()> {
    Callback::new(move |()| {
        if let Some(element) = scroller.try_get_untracked().flatten() {
            element::focus(&element);
        }
    })
}

/// A column's head: a button that sorts.
#[component]
fn Head(table: Table, sort: SortBy, label: &'static str, class: &'static str) -> impl IntoView {
    let ascending = move |reversed: bool| (sort == SortBy::Name) != reversed;
    let order = move || match table.sort.get() {
        (by, reversed) if by == sort => {
            if ascending(reversed) {
                "ascending"
            } else {
                "descending"
            }
        }
        _ => "none",
    };
    let arrow = move || match order() {
        "ascending" => " ▲",
        "descending" => " ▼",
        _ => "",
    };
    view! {
        <span role="columnheader" class=class aria-sort=order>
            <button type="button" tabindex="-1" class="top-sort" on:click=handler(move |_| table.on_sort.run(sort))>
                {label}<span aria-hidden="true">{move || arrow()}</span>
            </button>
        </span>
    }
}

/// One function.
#[component]
fn Row(table: Table, index: usize, row: TopRow, current: RwSignal<Option<usize>>) -> impl IntoView {
    let Some(tree) = table.tree.get_untracked() else { return ().into_any() };
    let measure = table.measure.get_untracked();
    let whole = tree.total(NodeId::ROOT);
    let frames = tree.frames();
    let name = frames.name(row.frame).to_owned();
    let file = frames.file(row.frame).to_owned();
    let split = path_end(&name);
    let frame = row.frame;
    let colour = move || {
        let bucket = table.colours.with(|c| c.as_ref().and_then(|c| c.get(frame.index()).copied()));
        format!("var(--flame-{})", bucket.unwrap_or(0))
    };
    let cost = |value: i64| {
        let width = if whole > 0 { (value as f64 / whole as f64 * 100.0).clamp(0.0, 100.0) } else { 0.0 };
        view! {
            <span role="gridcell" class="top-cost">
                <span class="top-bar" style:width=format!("{width:.2}%")></span>
                <span class="top-value">{measure.value(value)}</span>
                <span class="top-share">{measure.share(value, whole)}</span>
            </span>
        }
    };
    let marked = move || table.marked.get() == Some(frame);
    let menu = move |event: MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        current.set(Some(index));
        let nothing = Callback::new(|()| ());
        table.on_menu.run((frame, event.client_x().into(), event.client_y().into(), nothing));
    };
    let choose = move |_| {
        current.set(Some(index));
        table.on_mark.run(frame);
    };
    let sandwich = move |event: MouseEvent| {
        event.stop_propagation();
        table.on_sandwich.run(frame);
    };
    view! {
        <div role="row" id=row_id(index) class="top-row" class:current=move || current.get() == Some(index)
            class:marked=move || marked() attr:aria-rowindex=(index + 2).to_string() aria-selected=move || marked().to_string()
            on:click=handler(choose) on:contextmenu=handler(menu)>
            <span role="gridcell" class="top-name" title=if file.is_empty() { name.clone() } else { format!("{name}\n{file}") }>
                <span class="top-swatch" style:background=move || colour()></span><span class="top-path">{name[..split].to_owned()}</span><span class="top-text">{name[split..].to_owned()}</span>
            </span>
            {cost(row.self_value)}
            {cost(row.total)}
            <span role="gridcell" class="top-tools">
                <button type="button" tabindex="-1" aria-label=format!("Sandwich of {name}") title="Sandwich: callers and callees"
                    on:click=handler(sandwich)>"⇅"</button>
                <button type="button" tabindex="-1" aria-label=format!("Menu of {name}") title="Menu" on:click=handler(menu)>"⋯"</button>
            </span>
        </div>
    }.into_any()
}
