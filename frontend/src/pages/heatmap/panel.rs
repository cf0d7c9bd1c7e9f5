//! What is selected, and where it leads: its flame graph, or both selections over each other.

use super::region::rows_text;
use super::state::HeatState;
use crate::reactive::{Signal, handler, list};
use crate::state::heatmap::{Region, Rows};
use crate::state::view::HistoryMode;
use flarepath_profile::heatmap::Rect;
use flarepath_profile::units::{format_share, format_value};
use leptos::prelude::*;

/// The panel below the map; nothing while nothing is selected.
#[component]
pub fn Panel(
    /// What the page knows.
    state: HeatState,
    /// The cells of both selections.
    marks: Signal<[Vec<Rect>; 2]>,
) -> impl IntoView {
    let body = move || {
        let picked = state.view.with(|v| v.picked.clone());
        let first = picked[0].as_ref()?;
        let compare = picked[1].as_ref().and_then(|second| {
            state.answer.data.with(|a| a.as_ref().map(|a| a.subject.compare_path([first, second])))
        });
        let rows = marks.get().into_iter().zip(picked.iter().flatten()).enumerate();
        let rows: Vec<AnyView> =
            rows.map(|(i, (rects, region))| selection(state, i, &rects, region, compare.is_some())).collect();
        let end = match compare {
            Some(path) => view! { <a class="button primary" href=path>"Compare"</a> }.into_any(),
            None => {
                view! { <p class="heat-hint">"Select a second rectangle to compare with."</p> }.into_any()
            }
        };
        Some(
            view! { <section class="heat-panel" aria-label="Selection"><ul>{list(rows)}</ul>{end}</section> }
                .into_any(),
        )
    };
    let told = move || {
        let rects = marks.get();
        let texts = (0..2).filter_map(|i| {
            let region = state.view.with(|v| v.picked[i].clone())?;
            Some(format!("Selection {}: {}", i + 1, text(state, &rects[i], &region)))
        });
        texts.collect::<Vec<_>>().join(". ")
    };
    view! {
        {move || body()}
        <p class="visually-hidden" role="status">{move || told()}</p>
    }
}

/// What, when, how much.
fn text(state: HeatState, rects: &[Rect], region: &Region) -> String {
    let zone = state.zone.get();
    state.answer.data.with(|answer| {
        let Some((answer, data)) = answer.as_ref().and_then(|a| Some((a, a.data.as_ref()?))) else {
            return String::new();
        };
        let rows = rows_text(&answer.subject, region);
        let ends = rects.first().map(|rect| (rect.columns.start, rect.columns.end - 1));
        let Some((first, last)) = ends else { return format!("{rows}, outside of this map") };
        let time = data.columns_name(first, last, zone);
        // By total, rows overlap, and their sum means nothing.
        let overlap = answer.subject.rows == Rows::Functions
            && state.view.with(|v| v.cost == flarepath_profile::top_table::Cost::Total)
            && rects.iter().map(|r| r.rows.len()).sum::<usize>() > 1;
        if overlap {
            return format!("{rows}, {time}");
        }
        let (value, of) = data.sum(rects);
        let share = format_share(value, of);
        format!("{rows}, {time}: {}, {share} of these columns", format_value(value, &data.unit))
    })
}

fn selection(state: HeatState, index: usize, rects: &[Rect], region: &Region, both: bool) -> AnyView {
    let name = match (both, index) {
        (false, _) => "Selected",
        (true, 0) => "Baseline",
        (true, _) => "Comparison",
    };
    let path = state.answer.data.with(|a| a.as_ref().map(|a| a.subject.flame_path(region)));
    let remove = move |_| {
        let view = state.view.get_untracked().without_region(index);
        state.show(&view, HistoryMode::Push);
    };
    view! {
        <li>
            <span class="heat-number" aria-hidden="true">{(index + 1).to_string()}</span>
            <span class="heat-text"><strong>{name}</strong>" "{text(state, rects, region)}</span>
            {path.map(|path| view! { <a class="button" href=path aria-label=format!("Flame graph of selection {}", index + 1)>"Flame graph"</a> }.into_any())}
            <button class="button quiet icon-only" type="button" aria-label=format!("Remove selection {}", index + 1)
                on:click=handler(remove)>"✕"</button>
        </li>
    }
    .into_any()
}
