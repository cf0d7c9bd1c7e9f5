//! Picks a second type of the same service, shown side by side with the first.

use super::state::CompareState;
use crate::components::combobox::{Choice, Combobox};
use crate::pages::question::pickers::{type_choices, types_of};
use crate::reactive::{Callback, Signal};
use crate::state::compare_source::Sources;
use crate::state::profile_types::type_name;
use leptos::prelude::*;

#[component]
pub(crate) fn SecondType(state: CompareState) -> impl IntoView {
    let shown = Signal::derive(move || {
        state.sources.with(|s| s.second_type.as_deref().map_or("No second type".to_owned(), type_name))
    });
    let choices = Signal::derive(move || {
        let (name, first) =
            state.sides.with(|s| (s.comparison.service.clone(), s.comparison.profile_type.clone()));
        let types = types_of_service(state, &name.unwrap_or_default());
        let none = Choice {
            value: String::new(),
            label: "No second type".into(),
            detail: "Compare over time".into(),
        };
        let others = types.into_iter().filter(|choice| Some(&choice.value) != first.as_ref());
        [none].into_iter().chain(others).collect::<Vec<_>>()
    });
    let choose = Callback::new(move |id: String| {
        let second_type = Some(id).filter(|id| !id.is_empty());
        state.go_sources(&Sources { second_type, ..Sources::default() });
    });
    view! { <Combobox id="second-type" label="Second type" shown choices on_choose=choose /> }
}

fn types_of_service(state: CompareState, name: &str) -> Vec<Choice> {
    state.question.services.data.with(|all| type_choices(&types_of(all, name)))
}
