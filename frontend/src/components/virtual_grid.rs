//! A grid of rows of one height, of which only those near the visible part are in the document: keyboard, scrolling and
//! ARIA roles of a table of any length. Rows of a tree have a level, too.

use crate::browser::event::{KeyboardEvent, MouseEvent};
use crate::browser::{focus, media, node, timer};
use crate::reactive::{
    Callback, Memo, RwSignal, Signal, attribute, handler, list, live_attribute, live_state,
    optional_attribute, shown,
};
use crate::state::css_length::px;
use flarepath_profile::flame::within;
use flarepath_profile::tree_table::TreeRow;
use leptos::html::Div;
use leptos::prelude::*;
use std::ops::Range;

/// Height of a row in CSS pixels, as in the style sheet: of one line, of one for fingers, and of two on a phone.
const ROW: f64 = 28.0;
const TOUCH_ROW: f64 = 44.0;
const PHONE_ROW: f64 = 56.0;
/// Rows kept above the first visible one, so that fast scrolling shows no gap.
const ABOVE: usize = 10;
/// Rows in the document.
const COUNT: usize = 70;
/// Rows that count as in sight: as many as a tall screen shows.
const SIGHT: usize = 50;
/// Rows that Page Up and Page Down move by.
const PAGE: usize = 12;

/// Where a menu opens, in CSS pixels of the window, and what gives the focus back when it closes.
pub(crate) type MenuAnchor = ((f64, f64), Callback<()>);

/// A key that does something with the current row.
pub(crate) enum GridKey<'a> {
    /// Enter or Space.
    Choose,
    /// The menu key or `m`.
    Menu(MenuAnchor),
    /// The name of another key.
    Other(&'a str),
}

/// Handles a key on a row; says whether it did.
type OnKey = Box<dyn Fn(usize, GridKey<'_>) -> bool>;

/// The state of a grid. Copied freely.
#[derive(Clone, Copy)]
pub(crate) struct VirtualGrid {
    /// DOM id, and the prefix of those of rows; unique on the page.
    id: &'static str,
    /// ARIA role: `grid` or `treegrid`.
    role: &'static str,
    count: Signal<usize>,
    scroller: NodeRef<Div>,
    scrolled: RwSignal<f64>,
    /// The row of the keyboard.
    current: RwSignal<Option<usize>>,
    /// Whether rows have two lines.
    narrow: RwSignal<bool>,
    /// Height of a row, and on a phone.
    heights: [f64; 2],
}

impl VirtualGrid {
    /// A grid of `count` rows.
    pub(crate) fn new(id: &'static str, count: Signal<usize>) -> VirtualGrid {
        let (scrolled, current) = (RwSignal::new(0.0), RwSignal::new(None));
        VirtualGrid {
            id,
            role: "grid",
            count,
            scroller: NodeRef::new(),
            scrolled,
            current,
            narrow: media::narrow(),
            heights: [if media::is_pointer_coarse() { TOUCH_ROW } else { ROW }, PHONE_ROW],
        }
    }

    /// A grid whose rows have other heights, in CSS pixels: in a wide window, and on a phone.
    pub(crate) fn with_heights(self, heights: [f64; 2]) -> VirtualGrid {
        VirtualGrid { heights, ..self }
    }

    /// A grid of `count` rows of a tree.
    pub(crate) fn of_tree(id: &'static str, count: Signal<usize>) -> VirtualGrid {
        VirtualGrid { role: "treegrid", ..VirtualGrid::new(id, count) }
    }

    /// The grid. `row` draws the row of an index and follows the signals that it reads; `empty` is shown without rows.
    pub(crate) fn view(
        self,
        (label, class, empty): (&'static str, &'static str, &'static str),
        head: AnyView,
        row: Box<dyn Fn(usize) -> Option<AnyView> + Send>,
        on_key: OnKey,
    ) -> AnyView {
        let count = self.count;
        let height = move || self.height_if(self.narrow.get());
        let window = Memo::new(move || rows_near(count.get(), self.scrolled.get(), height()));
        let current = move || self.current.get().filter(|row| *row < count.get()).map(|row| self.row_id(row));
        let space = move |rows: usize| px(rows as f64 * height());
        view! {
            <div class="table-frame"><div id=self.id class=class node_ref=self.scroller tabindex="0" role=self.role aria-label=label
                on:scroll=handler(move |_| node::scroll(self.scroller).into_iter().for_each(|(top, _)| self.scrolled.set(top)))
                on:focus=handler(move |_| self.focused())
                on:keydown=handler(move |event: KeyboardEvent| self.key(&event, &on_key))
                {..live_attribute("aria-rowcount", move || Some((count.get() + 1).to_string()))}
                {..live_attribute("aria-activedescendant", current)}
            >
                <div class="top-head" role="row" {..attribute("aria-rowindex", "1")}>{head}</div>
                <div class="top-space" role="presentation" style:height=move || space(window.get().start)></div>
                {move || list(window.get().filter_map(&row))}
                <div class="top-space" role="presentation"
                    style:height=move || space(count.get() - window.get().end.min(count.get()))></div>
                {shown(move || count.get() == 0, move || view! { <p class="top-empty" role="row"><span role="gridcell">{empty}</span></p> }.into_any())}
            </div></div>
        }
        .into_any()
    }

    /// A row with its cells. `marked` rows are selected for assistive technology.
    pub(crate) fn row(
        self,
        index: usize,
        marked: Signal<bool>,
        on_choose: Callback<()>,
        on_menu: Callback<MenuAnchor>,
        cells: AnyView,
    ) -> AnyView {
        self.row_in((index, None), marked, on_choose, on_menu, cells)
    }

    /// The same with the row's place in a tree.
    pub(crate) fn row_in(
        self,
        (index, place): (usize, Option<TreeRow>),
        marked: Signal<bool>,
        on_choose: Callback<()>,
        on_menu: Callback<MenuAnchor>,
        cells: AnyView,
    ) -> AnyView {
        let text = |of: fn(&TreeRow) -> u32| place.as_ref().map(|place| of(place).to_string());
        let choose = move |_: MouseEvent| {
            self.current.set(Some(index));
            on_choose.run(());
        };
        view! {
            <div role="row" id=self.row_id(index) class="top-row" class:current=move || self.current.get() == Some(index)
                class:marked=move || marked.get()
                on:click=handler(choose) on:contextmenu=self.menu_handler(index, on_menu)
                {..attribute("aria-rowindex", (index + 2).to_string())} {..live_state("aria-selected", move || marked.get())}
                {..optional_attribute("aria-expanded", place.and_then(|place| place.expanded).map(|on| on.to_string()))}
                {..optional_attribute("aria-posinset", text(|place| place.position))}
                {..optional_attribute("aria-setsize", text(|place| place.siblings))}
                {..optional_attribute("aria-level", text(|place| place.level))}
            >{cells}</div>
        }
        .into_any()
    }

    /// A row without a menu: what can be done with it are its links, and keys.
    pub(crate) fn row_of_links(self, index: usize, cells: AnyView) -> AnyView {
        view! {
            <div role="row" id=self.row_id(index) class="top-row" class:current=move || self.current.get() == Some(index)
                on:click=handler(move |_: MouseEvent| self.current.set(Some(index)))
                {..attribute("aria-rowindex", (index + 2).to_string())}>{cells}</div>
        }
        .into_any()
    }

    /// Opens the menu of a row where the pointer is.
    pub(crate) fn menu_handler(
        self,
        index: usize,
        on_menu: Callback<MenuAnchor>,
    ) -> Box<dyn FnMut(MouseEvent)> {
        handler(move |event: MouseEvent| {
            event.prevent_default();
            event.stop_propagation();
            self.current.set(Some(index));
            let at = (event.client_x().into(), event.client_y().into());
            on_menu.run((at, Callback::new(|()| ())));
        })
    }

    /// The rows that are in sight, 50 at most; follows the scrolling.
    pub(crate) fn in_sight(self) -> Range<usize> {
        rows_in_sight(self.count.get(), self.scrolled.get(), self.height_if(self.narrow.get()))
    }

    /// Whether rows have two lines, in which numbers are not below each other.
    pub(crate) fn has_two_lines(self) -> bool {
        self.narrow.get()
    }

    fn height(self) -> f64 {
        self.height_if(self.narrow.get_untracked())
    }

    fn height_if(self, narrow: bool) -> f64 {
        self.heights[usize::from(narrow)]
    }

    fn row_id(self, row: usize) -> String {
        format!("{}-row-{row}", self.id)
    }

    fn focused(self) {
        if self.current.get_untracked().is_none() && self.count.get_untracked() > 0 {
            self.current.set(Some(0));
        }
    }

    /// Back to the first row, as other rows have taken the place of all.
    pub(crate) fn rewind(self) {
        if self.current.get_untracked().is_some() {
            self.current.set(Some(0));
        }
        node::scroll_to(self.scroller, 0.0);
    }

    /// Makes a row the current one and scrolls to it once the rows are in the document.
    pub(crate) fn show(self, row: usize) {
        self.current.set(Some(row));
        timer::after(0, move || self.go(row));
    }

    /// Makes a row the current one and scrolls to it.
    pub(crate) fn go(self, row: usize) {
        self.current.set(Some(row));
        if let Some((top, height)) = node::scroll(self.scroller) {
            node::scroll_to(self.scroller, reveal(row, top, height, self.height()));
        }
    }

    fn key(self, event: &KeyboardEvent, on_key: &OnKey) {
        let count = self.count.get_untracked();
        if count == 0 || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let at = self.current.get_untracked().unwrap_or(0).min(count - 1);
        match event.key().as_str() {
            "ArrowDown" => self.go((at + 1).min(count - 1)),
            "ArrowUp" => self.go(at.saturating_sub(1)),
            "PageDown" => self.go((at + PAGE).min(count - 1)),
            "PageUp" => self.go(at.saturating_sub(PAGE)),
            "Home" => self.go(0),
            "End" => self.go(count - 1),
            key => {
                let key = match key {
                    "Enter" | " " => GridKey::Choose,
                    "m" | "ContextMenu" => match self.anchor(at) {
                        Some(anchor) => GridKey::Menu(anchor),
                        None => return,
                    },
                    other => GridKey::Other(other),
                };
                if !on_key(at, key) {
                    return;
                }
            }
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Below a row, for its menu.
    fn anchor(self, row: usize) -> Option<MenuAnchor> {
        let (rect, (top, _)) = (node::rect(self.scroller)?, node::scroll(self.scroller)?);
        let y = (row as f64 + 2.0) * self.height() - top;
        Some(((rect.x + 24.0, rect.y + y), focus::give_back(self.scroller)))
    }
}

/// The head of a column: a button that sorts by it, with what the column means; empty if its label says it. `ascending` is `None` while another
/// column is sorted by.
pub(crate) fn column_head(
    (label, meaning): (&'static str, &'static str),
    class: &'static str,
    ascending: Signal<Option<bool>>,
    on_sort: Callback<()>,
) -> AnyView {
    let title = (!meaning.is_empty()).then_some(meaning);
    let order = move || {
        Some(ascending.get().map_or("none", |up| if up { "ascending" } else { "descending" }).to_owned())
    };
    let arrow = move || ascending.get().map_or("", |up| if up { " ▲" } else { " ▼" }).to_owned();
    view! {
        <span role="columnheader" {..live_attribute("aria-sort", order)} class=class>
            <button type="button" tabindex="-1" class="top-sort" title=title on:click=handler(move |_| on_sort.run(()))>
                {label}<span aria-hidden="true">{move || arrow()}</span>
            </button>
        </span>
    }
    .into_any()
}

/// The rows to draw when `count` rows are scrolled by `scroll` pixels. Moves in steps, so that most scrolling changes
/// nothing.
fn rows_near(count: usize, scroll: f64, row: f64) -> Range<usize> {
    let step = ABOVE / 2;
    let first = ((scroll.max(0.0) / row) as usize / step * step).saturating_sub(ABOVE);
    let start = first.min(count.saturating_sub(COUNT));
    start..(start + COUNT).min(count)
}

/// The rows from about the first visible one on. Moves in the same steps.
fn rows_in_sight(count: usize, scroll: f64, row: f64) -> Range<usize> {
    let step = ABOVE / 2;
    let start = ((scroll.max(0.0) / row) as usize / step * step).min(count);
    start..(start + SIGHT).min(count)
}

/// The scroll position that shows `row`, closest to `scroll`, in a viewport of `height` pixels below a head of one row; each is `each` high.
fn reveal(row: usize, scroll: f64, height: f64, each: f64) -> f64 {
    let top = row as f64 * each;
    let lowest = top + 2.0 * each - height;
    within(scroll, lowest.min(top).max(0.0), top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_only_rows_near_the_viewport() {
        assert_eq!(rows_near(3, 0.0, ROW), 0..3);
        assert_eq!(rows_near(1000, 0.0, ROW), 0..70);
        assert_eq!(rows_near(1000, 100.0 * ROW, ROW), 90..160);
        assert_eq!(rows_near(1000, 1e9, ROW), 930..1000);
        assert_eq!(rows_near(0, 500.0, ROW), 0..0);
    }

    #[test]
    fn rows_in_sight_are_few() {
        assert_eq!(rows_in_sight(3, 0.0, ROW), 0..3);
        assert_eq!(rows_in_sight(1000, 102.0 * ROW, ROW), 100..150);
        assert_eq!(rows_in_sight(1000, 1e9, ROW), 1000..1000);
    }

    #[test]
    fn reveals_rows_with_the_least_scrolling() {
        assert_eq!(reveal(5, 0.0, 400.0, ROW), 0.0);
        assert_eq!(reveal(5, 10.0 * ROW, 400.0, ROW), 5.0 * ROW);
        assert_eq!(reveal(100, 0.0, 400.0, ROW), 102.0 * ROW - 400.0);
        assert_eq!(reveal(0, 50.0, 10.0, ROW), 0.0);
    }
}
