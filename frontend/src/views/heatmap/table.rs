//! The heat map as a table: all rows, with pages of columns.

use crate::reactive::{Memo, RwSignal, Signal, handler, list, shown};
use crate::state::clock_text::Zone;
use crate::state::heatmap::data::HeatData;
use crate::state::identity::Shared;
use flarepath_profile::heatmap::{Cell, Origin};
use leptos::prelude::*;

/// Columns of a page.
const COLUMNS: usize = 12;

/// The table, behind a button.
#[component]
pub(crate) fn CellTable(
    data: Signal<Option<Shared<HeatData>>>,
    /// In which times are shown.
    zone: Signal<Zone>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let start = RwSignal::new(None::<usize>);
    let count = move || data.with(|d| d.as_ref().map_or(0, |d| d.map.columns()));
    // Starts where there is data; the map may have become shorter.
    let first = Memo::new(move || {
        let data_from = || data.with(|d| d.as_ref()?.totals.iter().position(|total| !total.is_nan()));
        let start = start.get().or_else(data_from).unwrap_or(0);
        start.min(count().saturating_sub(1)) / COLUMNS * COLUMNS
    });
    let last = move || (first.get() + COLUMNS).min(count());
    let caption = move || {
        let rows = data.with(|d| d.as_ref().map_or(0, |d| d.map.rows()));
        format!(
            "{rows} rows; columns {} to {} of {}; empty where there is no data",
            first.get() + 1,
            last(),
            count()
        )
    };
    let page = move |label: &'static str, to: fn(usize) -> usize, off: Signal<bool>| {
        view! { <button class="button" type="button" disabled=move || off.get()
        on:click=handler(move |_| start.set(Some(to(first.get_untracked()))))>{label}</button> }
        .into_any()
    };
    let body =
        move || data.with(|d| d.as_ref().map(|d| table(d, first.get()..last(), zone.get(), caption())));
    view! {
        <div class="heat-table">
            <button class="button quiet" type="button" aria-expanded=move || open.get().to_string()
                on:click=handler(move |_| open.update(|o| *o = !*o))>"Show as table"</button>
            {shown(move || open.get(), move || view! {
                <div class="heat-pages">
                    {page("Earlier columns", |at| at.saturating_sub(COLUMNS), Signal::derive(move || first.get() == 0))}
                    {page("Later columns", |at| at + COLUMNS, Signal::derive(move || last() >= count()))}
                </div>
                <div class="heat-table-frame" tabindex="0" role="region" aria-label="Numbers of the heat map">{move || body()}</div>
            }.into_any())}
        </div>
    }
}

fn table(data: &HeatData, columns: std::ops::Range<usize>, zone: Zone, caption: String) -> AnyView {
    let head = columns.clone().map(|column| {
        let partial = data.partial(column).map(|why| format!(" ({})", why.text()));
        view! { <th scope="col">{data.column_name(column, zone)}{partial}</th> }.into_any()
    });
    let rows = data.map.rows();
    let row = |place: usize| {
        // From the top, as in the picture.
        let row = if data.origin == Origin::Bottom { rows - 1 - place } else { place };
        let cells = columns.clone().map(|column| {
            let cell = Cell { row, column };
            let text = data.map.get(cell).map(|value| data.scale.text(value));
            view! { <td>{text}</td> }.into_any()
        });
        // Cut at the start, where names are alike.
        let name = data.map.row_name(row).to_owned();
        let title = name.clone();
        view! { <tr><th scope="row" title=title><bdi>{name}</bdi></th>{list(cells)}</tr> }.into_any()
    };
    view! {
        <table>
            <caption>{caption}</caption>
            <thead><tr><th scope="col">"Row"</th>{list(head)}</tr></thead>
            <tbody>{list((0..rows).map(row))}</tbody>
        </table>
    }
    .into_any()
}
