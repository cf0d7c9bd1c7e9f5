//! The selection of the heat map in words, with links to its flame graph and comparison.

use super::region::rows_text;
use super::state::HeatState;
use crate::api::heatmap::HeatAnswer;
use crate::reactive::{Callback, Signal};
use crate::state::clock_text::Zone;
use crate::state::heatmap::data::HeatData;
use crate::state::heatmap::{HeatView, Region, Rows};
use crate::state::view::HistoryMode;
use crate::views::heatmap::panel::{Item, Panel};
use flarepath_profile::heatmap::Rect;
use flarepath_profile::top_table::Cost;
use flarepath_profile::units::format_share;
use leptos::prelude::*;

#[component]
pub(crate) fn PagePanel(
    state: HeatState,
    /// The cells of both selections.
    marks: Signal<[Vec<Rect>; 2]>,
) -> impl IntoView {
    let items = Signal::derive(move || {
        let (view, marks, zone) = (state.view.get(), marks.get(), state.zone.get());
        state.answer.data.with(|answer| items(&view, answer.as_ref()?, marks, zone, true)).unwrap_or_default()
    });
    let compare = Signal::derive(move || {
        let [Some(first), Some(second)] = state.view.with(|v| v.picked.clone()) else { return None };
        state.answer.data.with(|a| a.as_ref().map(|a| a.subject.compare_path([&first, &second])))
    });
    let on_remove = Callback::new(move |index| {
        let view = state.view.get_untracked().without_region(index);
        state.show(&view, HistoryMode::Push);
    });
    view! { <Panel items compare on_remove /> }
}

/// The selections of a view, whose cells are `marks`; with `linked`, they have the addresses of their flame graphs.
/// `None` without a map.
pub(crate) fn items(
    view: &HeatView,
    answer: &HeatAnswer,
    marks: [Vec<Rect>; 2],
    zone: Zone,
    linked: bool,
) -> Option<Vec<Item>> {
    let data = answer.data.as_deref()?;
    let item = |(region, rects): (&Region, Vec<Rect>)| Item {
        text: text(answer, data, region, &rects, view.cost == Cost::Total, zone),
        path: linked.then(|| answer.subject.flame_path(region)),
        changed: answer.subject.incident_path(region).filter(|_| linked),
    };
    Some(view.picked.iter().flatten().zip(marks).map(item).collect())
}

/// Rows, time range and amount of a selection.
fn text(
    answer: &HeatAnswer,
    data: &HeatData,
    region: &Region,
    rects: &[Rect],
    total: bool,
    zone: Zone,
) -> String {
    let rows = rows_text(&answer.subject, region);
    let Some(rect) = rects.first() else { return format!("{rows}, outside this map") };
    let time = data.columns_name(rect.columns.start, rect.columns.end - 1, zone);
    let (value, of) = data.sum(rects);
    if region.rows.is_empty() && answer.subject.rows != Rows::Values {
        return format!("{rows}, {time}: {}", data.scale.amount(of));
    }
    // By total, rows overlap, and their sum means nothing.
    let several = rects.iter().map(|rect| rect.rows.len()).sum::<usize>() > 1;
    if answer.subject.rows == Rows::Functions && total && several {
        return format!("{rows}, {time}");
    }
    let amount = data.scale.amount(value);
    match answer.subject.rows {
        Rows::Values => format!("{rows}, {time}: {amount} profiles"),
        _ => format!("{rows}, {time}: {amount}, {} of these columns", format_share(value, of)),
    }
}
