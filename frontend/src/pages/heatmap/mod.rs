//! Heat maps of one service: time against functions, against the values of a label, or against how large profiles are.

pub(crate) mod panel;
pub(crate) mod region;
pub(crate) mod state;
pub(crate) mod toolbar;

use crate::browser::history::Address;
use crate::browser::{keys, page};
use crate::components::notice::FailedNotice;
use crate::reactive::{Callback, Memo, Signal, effect, handler, list, shown};
use crate::state::clock_text::{offset_name, span_text};
use crate::state::heatmap::Rows;
use crate::state::profile_types::type_name;
use crate::views::heatmap::{Heat, HeatmapView};
use flarepath_profile::units::format_value;
use leptos::prelude::*;
use panel::PagePanel;
use state::HeatState;
use toolbar::Toolbar;

/// The page.
#[component]
pub(crate) fn HeatmapPage(
    /// Where the page is.
    address: Address,
) -> impl IntoView {
    let state = HeatState::new(address);
    effect(move || {
        let service = state.query.with(|q| q.service.clone()).unwrap_or_default();
        page::set_title(&format!("Heat map of {service} · Flarepath"));
    });
    keys::on_page_key(move |key| {
        match key {
            "r" => state.refresh(),
            "g" => page::focus("service"),
            _ => return false,
        }
        true
    });
    // One cause is told once, whatever it hit.
    let failed = Memo::new(move || {
        let answer = state.answer.error.get().map(|error| ("The heat map".to_owned(), error));
        answer.or_else(|| state.services.error.get().map(|error| ("The list of services".to_owned(), error)))
    });
    let retry = Callback::new(move |()| state.refresh());
    let notice = move || {
        let (what, error) = failed.get()?;
        Some(view! { <FailedNotice what error on_retry=retry /> }.into_any())
    };
    let busy = move || state.answer.pending.get();
    view! {
        <h1 class="visually-hidden">"Heat map"</h1>
        <Toolbar state />
        {move || notice()}
        <section class="profile-section heat-section" class:stale=move || busy() aria-label="Heat map" aria-busy=move || busy().to_string()>
            <Body state />
        </section>
    }
}

/// The map, or why there is none.
#[component]
fn Body(state: HeatState) -> impl IntoView {
    let data = Signal::derive(move || state.answer.data.with(|a| a.as_ref().and_then(|a| a.data.clone())));
    let full = Memo::new(move || data.with(Option::is_some));
    let marks = Memo::new(move || state.marks());
    let heat = Heat {
        data,
        scale: Memo::new(move || state.view.with(|v| v.scale)),
        zone: state.zone,
        shape: Memo::new(move || region::shape(state.rows())),
        marks,
        on_outcome: Callback::new(move |outcome| state.hear(outcome)),
    };
    let no_label = Memo::new(move || state.rows() == Rows::Label && state.query.with(|q| q.by.is_none()));
    view! {
        {shown(move || no_label.get(), move || view! { <ChooseLabel state /> }.into_any())}
        {shown(move || !no_label.get() && !full.get(), move || view! { <Message state /> }.into_any())}
        {shown(move || full.get(), move || view! {
            <Summary state />
            <HeatmapView label="Heat map" heat />
            <PagePanel state marks />
        }.into_any())}
    }
}

/// How much is seen.
#[component]
fn Summary(state: HeatState) -> impl IntoView {
    let parts = move || {
        state.answer.data.with(|answer| {
            let Some((answer, data)) = answer.as_ref().and_then(|a| Some((a, a.data.as_ref()?))) else {
                return Vec::new();
            };
            let columns = data.totals.iter().filter(|total| !total.is_nan()).count();
            let (names, all) = (answer.subject.names.len(), answer.row_count);
            let what = match answer.subject.rows {
                Rows::Functions => "functions",
                _ => "values",
            };
            let rows = match answer.subject.rows {
                Rows::Values => format!("{} profiles", format_value(data.map.total(), &data.unit)),
                _ if names as u64 == all => format!("all {all} {what}"),
                _ => format!("the {names} largest of {all} {what}"),
            };
            let mut parts = vec![rows, format!("{} columns, {columns} with data", data.map.columns())];
            if answer.subject.rows == Rows::Values {
                parts.push("flame graphs are of all profiles of a column, whatever their value".to_owned());
            }
            parts
        })
    };
    let one = |text| view! { <span>{text}</span> }.into_any();
    view! { <p class="summary-line" aria-label="Summary">{move || list(parts().into_iter().map(one))}</p> }
}

/// Labels to choose from, as long as none is chosen.
#[component]
fn ChooseLabel(state: HeatState) -> impl IntoView {
    effect(move || {
        if state.ask.with(Option::is_none) && state.query.with(|q| q.service.is_some()) {
            state.ask_labels();
        }
    });
    let one = move |name: String| {
        let value = name.clone();
        view! { <button class="button" type="button" on:click=handler(move |_| toolbar::choose_label(state, value.clone()))>{name}</button> }
            .into_any()
    };
    let names = move || {
        let names = state.labels.data.get().unwrap_or_default();
        list(names.into_iter().map(|c| c.text).filter(|name| !name.starts_with("__")).map(one))
    };
    let said = move || match state.labels.error.get() {
        Some(error) => format!("The labels could not be loaded: {}.", error.title),
        None => "Each of its values becomes a row.".to_owned(),
    };
    view! {
        <div class="empty">
            <h2>"Which label?"</h2>
            <p role="status">{move || said()}</p>
            <div class="empty-actions">{move || names()}</div>
        </div>
    }
}

/// Pending, failed, a mistake in the filter, or nothing recorded.
#[component]
fn Message(state: HeatState) -> impl IntoView {
    let text = move || {
        if state.query.with(|q| q.matchers().is_err()) {
            return "The filter has a mistake; mend it above to see the map.".to_owned();
        }
        if state.answer.error.with(Option::is_some) || state.services.error.with(Option::is_some) {
            return "There is no map to show until that is mended.".to_owned();
        }
        if state.services.data.with(|s| s.as_ref().is_some_and(Vec::is_empty)) {
            return "No service has sent a profile yet.".to_owned();
        }
        let Some((service_known, type_known)) =
            state.answer.data.with(|a| a.as_ref().map(|a| (a.service_known, a.type_known)))
        else {
            return "Loading the heat map …".to_owned();
        };
        let query = state.query.get();
        let service = query.service.unwrap_or_default();
        match (service_known, type_known) {
            (false, _) => {
                format!("No service is called “{service}”: it never sent a profile to this server.")
            }
            (true, false) => {
                format!("“{service}” has never sent {}.", type_name(&query.profile_type.unwrap_or_default()))
            }
            (true, true) => {
                let (span, zone) = (state.span.get(), state.zone.get());
                let filtered = if query.filter.is_empty() { "" } else { " with these filters" };
                let time = span_text(span.from_ms, span.until_ms, zone);
                format!("Nothing was recorded{filtered} in {time} {}.", offset_name(zone))
            }
        }
    };
    view! { <div class="message" role="status"><p>{move || text()}</p></div> }
}
