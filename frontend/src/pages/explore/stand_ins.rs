//! The controls of the first program: they look like those of the full one, which takes over and opens its own.

use super::controls::Controls;
use crate::browser::handover;
use crate::components::filter_chip::{filter_chip, remove_command};
use crate::components::icon::{CROSS, FILTER, Icon, PLUS, TEXT};
use crate::components::stand_in::{stand_in, stand_in_combobox, stand_in_popover, stand_in_when};
use crate::components::time_steps::{range_label, range_name, range_text, time_steps};
use crate::context::utc::Utc;
use crate::pages::question::pickers::{SERVICE, TYPE, shown_service, shown_type};
use crate::reactive::{Callback, Memo, Signal, list, shown};
use crate::state::lent_part::LentPart;
use crate::state::query::Query;
use crate::state::time_range::{Span, TimeRange};
use crate::views::parts::Parts;
use leptos::prelude::*;

impl Controls {
    /// Those of the first program.
    pub(crate) const STAND_INS: Controls = Controls {
        filter: |query, _, _| filter(query),
        range,
        service: |question, _| stand_in_combobox(SERVICE.0, SERVICE.1, shown_service(question)),
        profile_type: |question, _| stand_in_combobox(TYPE.0, TYPE.1, shown_type(question)),
        more: |_| {
            let name = Signal::derive(|| "More".to_owned());
            stand_in_popover("export", name, "More".into_any(), true)
        },
        group_by: |_, shown| stand_in_combobox("group-by", "Group the timeline by", shown),
        treemap: |_| Parts::of_program().map(|parts| (parts.missing)()).into_any(),
        lent,
        first_run: || Parts::of_program().map(|parts| (parts.missing)()).into_any(),
        sheet: |open, _| stand_in_when("query-sheet", open),
    };
}

/// An empty element; the full program waits, and shows the part there.
fn lent(part: LentPart, question: Signal<String>) -> AnyView {
    let place = NodeRef::new();
    handover::lend(part, place, question);
    let asked = move || question.with(|text| !text.is_empty());
    view! { <div class=part.class() class:is-asked=asked node_ref=place></div> }.into_any()
}

fn filter(query: Memo<Query>) -> AnyView {
    let chips = move || {
        let matchers = query.with(Query::matchers).unwrap_or_default();
        list(matchers.into_iter().enumerate().map(|(index, matcher)| {
            filter_chip(matcher, |name| {
                let icon = view! { <Icon path=CROSS /> }.into_any();
                stand_in(remove_command(index), "condition-remove", Some(name), icon)
            })
        }))
    };
    let invalid = move || query.with(|query| query.matchers().is_err());
    let add = view! { <Icon path=PLUS />"Filter" }.into_any();
    let text = view! { <Icon path=TEXT /> }.into_any();
    view! {
        <div class="filter-bar" role="group" aria-label="Label filters">
            <Icon path=FILTER />
            // Only the full program can say what is wrong with it.
            {shown(invalid, || Parts::of_program().map(|parts| (parts.missing)()).into_any())}
            <ul class="conditions">{move || chips()}</ul>
            {stand_in("filter".to_owned(), "button quiet", None, add)}
            {stand_in("filter-text".to_owned(), "button quiet icon-only", Some("Edit filters as text".to_owned()), text)}
        </div>
    }
    .into_any()
}

fn range(
    range: Signal<TimeRange>,
    span: Memo<Span>,
    invalid: Signal<bool>,
    on_range: Callback<TimeRange>,
) -> AnyView {
    let text = range_text(range, span, Utc::of_page().0, invalid);
    let button = stand_in_popover("time", range_name(text), range_label(text), false);
    time_steps(range, span, on_range, button)
}
