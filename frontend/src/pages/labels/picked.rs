//! The link that compares the two selected values.

use super::state::LabelsState;
use crate::state::breakdown::value_name;
use crate::state::compare::{DiffView, Sides, compare_path};
use crate::state::labels::{LabelsView, Picked, narrowed};
use crate::state::query::Query;
use leptos::prelude::*;

#[component]
pub(super) fn PickedValues(state: LabelsState) -> impl IntoView {
    let link = move || state.query.with(|query| state.view.with(|view| link(query, view)));
    let missing = move || {
        state.view.with(|view| match &view.picked {
            [None, None] => "Select a baseline and a comparison to compare two values.",
            [Some(_), None] => "Select a comparison.",
            [None, Some(_)] => "Select a baseline.",
            [Some(_), Some(_)] => "Baseline and comparison are the same value.",
        })
    };
    let body = move || match link() {
        Some((href, text)) => view! { <a class="button" href=href>{text}</a> }.into_any(),
        None => view! { <span class="muted">{missing()}</span> }.into_any(),
    };
    view! { <p class="picked" role="status">{move || body()}</p> }
}

/// The comparison of the selected values, if there are two: address and text.
fn link(query: &Query, view: &LabelsView) -> Option<(String, String)> {
    let [Some(baseline), Some(comparison)] = &view.picked else { return None };
    let label = query.by.clone()?;
    let side = |picked: &Picked| {
        let service = picked.service.clone().or(query.service.clone());
        narrowed(&Query { service, ..query.clone() }, &label, &picked.value)
    };
    let sides = Sides { baseline: side(baseline), comparison: side(comparison) };
    let text = format!("Compare {} with {}", value_name(&baseline.value), value_name(&comparison.value));
    (baseline != comparison).then(|| (compare_path(&sides, &DiffView::default()), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(value: &str, service: Option<&str>) -> Option<Picked> {
        Some(Picked { value: value.to_owned(), service: service.map(str::to_owned) })
    }

    #[test]
    fn values_are_compared_each_in_its_service() {
        let query = Query { service: Some("shop".into()), by: Some("pod".into()), ..Query::default() };
        let view = |a, b| LabelsView { picked: [a, b], ..LabelsView::default() };
        let (href, text) = link(&query, &view(picked("a", None), picked("b", Some("cart")))).unwrap();
        assert_eq!(text, "Compare a with b");
        assert!(href.contains("cart") && href.contains("shop"), "{href}");
        assert_eq!(link(&query, &view(picked("a", None), picked("a", None))), None);
        assert_eq!(link(&query, &view(picked("a", None), None)), None);
    }
}
