//! The table of functions with their cost on both sides.

use super::Desk;
use crate::browser::element;
use crate::browser::event::{KeyboardEvent, MouseEvent};
use crate::reactive::{Callback, Memo, RwSignal, Signal, handler, list, shown};
use crate::state::compare::COLUMNS;
use crate::state::identity::Shared;
use crate::views::change_text::{delta, word};
use crate::views::derive;
use crate::views::flame_graph::caption::path_end;
use crate::views::menu::{Menus, Seen, Subject, key_of};
use crate::views::top_table::{give_back, rows};
use flarepath_profile::call_tree::NodeId;
use flarepath_profile::diff::Pair;
use flarepath_profile::diff::color;
use flarepath_profile::diff::table::{DiffColumn, DiffRow};
use flarepath_profile::frame_table::FrameId;
use flarepath_profile::top_table::Cost;
use leptos::html::Div;
use leptos::prelude::*;

/// What the table shows. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    pub(super) desk: Desk,
    pub(super) rows: Signal<Shared<Vec<DiffRow>>>,
    pub(super) menus: Menus,
}

impl Table {
    fn subject(self, frame: FrameId) -> Option<Subject> {
        let tree = self.desk.model.tree.get_untracked().and_then(Result::ok)?;
        Some(Subject::new(&tree, frame, Vec::new(), Seen::Table))
    }

    /// Opens the menu of a function at a place in the window.
    fn menu(self, frame: FrameId, at: (f64, f64), closed: Callback<()>) {
        self.subject(frame).into_iter().for_each(|subject| self.menus.open(subject, at, closed));
    }

    fn mark(self, frame: FrameId) {
        let both = self.desk.model.both.get_untracked().and_then(Result::ok);
        let name = both.map(|both| both.frames().name(frame).to_owned());
        self.desk.model.marked.update(|m| *m = if *m == name { None } else { name });
    }
}

/// Draws the table; only rows near the window are in the document.
#[component]
pub(crate) fn DiffTable(
    /// What it shows.
    table: Table,
) -> impl IntoView {
    let scroller = NodeRef::<Div>::new();
    let scroll = RwSignal::new(0.0);
    let current = RwSignal::new(None::<usize>);
    let count = move || table.rows.with(|r| r.len());
    let window = Memo::new(move || rows::window(count(), scroll.get()));
    let seen =
        move || {
            let range = window.get();
            let visible = table.rows.get();
            list(range.filter_map(|i| {
                Some(view! { <Row table index=i row=*visible.get(i)? current /> }.into_any())
            }))
        };
    let go = move |row: usize| {
        current.set(Some(row));
        if let Some(element) = scroller.get_untracked() {
            let to = rows::reveal(row, element::scroll_top(&element), element::height(&element));
            element::set_scroll_top(&element, to);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let count = table.rows.with_untracked(|r| r.len());
        if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let at = current.get_untracked().unwrap_or(0).min(count - 1);
        match event.key().as_str() {
            "ArrowDown" => go((at + 1).min(count - 1)),
            "ArrowUp" => go(at.saturating_sub(1)),
            "PageDown" => go((at + 12).min(count - 1)),
            "PageUp" => go(at.saturating_sub(12)),
            "Home" => go(0),
            "End" => go(count - 1),
            "Enter" | " " => {
                let frame = table.rows.with_untracked(|r| r.get(at).map(|r| r.frame));
                frame.into_iter().for_each(|frame| table.mark(frame));
            }
            key => {
                let Some(frame) = table.rows.with_untracked(|r| r.get(at).map(|r| r.frame)) else { return };
                match (key, key_of(key), scroller.get_untracked()) {
                    ("m" | "ContextMenu", _, Some(element)) => {
                        let rect = element::bounds(&element);
                        let y = (at as f64 + 2.0) * rows::ROW - element::scroll_top(&element);
                        table.menu(frame, (rect.left + 24.0, rect.top + y), give_back(scroller));
                    }
                    (_, Some(key), _) => {
                        table.subject(frame).into_iter().for_each(|subject| table.menus.press(subject, key));
                    }
                    _ => return,
                }
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_focus = move |_| {
        if current.get_untracked().is_none() && table.rows.with_untracked(|r| !r.is_empty()) {
            current.set(Some(0));
        }
    };
    let on_scroll =
        move |_| scroller.get_untracked().into_iter().for_each(|e| scroll.set(e.scroll_top().into()));
    let px = |rows: usize| format!("{}px", rows as f64 * rows::ROW);
    view! {
        <div class="top-table diff-table" node_ref=scroller tabindex="0" role="grid" aria-label="Functions"
            aria-rowcount=move || (count() + 1).to_string()
            aria-activedescendant=move || current.get().map(|row| format!("diff-row-{row}"))
            on:scroll=handler(on_scroll) on:focus=handler(on_focus) on:keydown=handler(on_key)
        >
            <div class="top-head" role="row" attr:aria-rowindex="1">
                {list(COLUMNS.map(|(_, label, column)| view! { <Head table column label /> }.into_any()))}
            </div>
            <div class="top-space" role="presentation" style:height=move || px(window.get().start)></div>
            {move || seen()}
            <div class="top-space" role="presentation"
                style:height=move || px(count() - window.get().end.min(count()))></div>
            {shown(move || count() == 0, || view! { <p class="top-empty" role="row"><span role="gridcell">"No function matches."</span></p> }.into_any())}
        </div>
    }
}

fn class(column: DiffColumn) -> &'static str {
    match column {
        DiffColumn::Name => "top-name",
        DiffColumn::Delta(_) => "top-cost",
        DiffColumn::Cost(..) => "top-cost of-side",
    }
}

/// A column's head: a button that sorts.
#[component]
fn Head(table: Table, column: DiffColumn, label: &'static str) -> impl IntoView {
    let order = move || match table.desk.view.with(|v| (v.sort, v.sort_reversed)) {
        (by, reversed) if by == column && (column == DiffColumn::Name) != reversed => "ascending",
        (by, _) if by == column => "descending",
        _ => "none",
    };
    let arrow = move || match order() {
        "ascending" => " ▲",
        "descending" => " ▼",
        _ => "",
    };
    let sort = move |_| {
        table.desk.change(|v| {
            v.sort_reversed = v.sort == column && !v.sort_reversed;
            v.sort = column;
        });
    };
    view! {
        <span role="columnheader" class=class(column) aria-sort=order>
            <button type="button" tabindex="-1" class="top-sort" on:click=handler(sort)>
                {label}<span aria-hidden="true">{move || arrow()}</span>
            </button>
        </span>
    }
}

/// One function.
#[component]
fn Row(table: Table, index: usize, row: DiffRow, current: RwSignal<Option<usize>>) -> impl IntoView {
    let Some(both) = table.desk.model.both.get_untracked().and_then(Result::ok) else { return ().into_any() };
    let measure = table.desk.model.measure.get_untracked();
    let scale = derive::scale(&both, table.desk.scaling.get_untracked());
    let whole = both.total(NodeId::ROOT);
    let frame = row.frame;
    let (name, file) = (both.frames().name(frame).to_owned(), both.frames().file(frame).to_owned());
    let split = path_end(&name);
    let change = word(row.change(Cost::Total, &scale));
    let swatch = |pair: Pair| format!("var(--diff-{})", color::color(&scale, pair, row.presence));
    let cell = |column: DiffColumn| {
        match column {
        DiffColumn::Name => view! {
            <span role="gridcell" class="top-name" title=format!("{name}\n{file}\n{change}")>
                <span class="top-swatch" style:background=swatch(row.total)></span><span class="top-path">{name[..split].to_owned()}</span><span class="top-text">{name[split..].to_owned()}</span>
                <span class="diff-word">{if matches!(change, "new" | "gone") { change } else { "" }}</span>
            </span>
        }
        .into_any(),
        DiffColumn::Delta(cost) => {
            view! { <span role="gridcell" class=class(column)>{delta(&measure, &scale, row.cost(cost))}</span> }.into_any()
        }
        DiffColumn::Cost(side, cost) => {
            let value = row.cost(cost).of(side);
            view! {
                <span role="gridcell" class=class(column)>
                    <span class="top-value">{measure.value(value)}</span>
                    <span class="top-share">{measure.share(value, whole.of(side))}</span>
                </span>
            }
            .into_any()
        }
    }
    };
    let marked_name = name.clone();
    let marked = Signal::derive(move || table.desk.model.marked.with(|m| m.as_deref() == Some(&marked_name)));
    view! {
        <div role="row" id=format!("diff-row-{index}") class="top-row" class:current=move || current.get() == Some(index)
            class:marked=move || marked.get() attr:aria-rowindex=(index + 2).to_string() aria-selected=move || marked.get().to_string()
            on:click=handler(move |_| {
                current.set(Some(index));
                table.mark(frame);
            })
            on:contextmenu=handler(move |event: MouseEvent| {
                event.prevent_default();
                current.set(Some(index));
                table.menu(frame, (event.client_x().into(), event.client_y().into()), Callback::new(|()| ()));
            })>
            {list(COLUMNS.map(|(_, _, column)| cell(column)))}
        </div>
    }
    .into_any()
}
