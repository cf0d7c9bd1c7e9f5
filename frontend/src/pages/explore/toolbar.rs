//! The toolbar of Explore: the question, and what can be done with the answer.

use super::state::ExploreState;
use crate::api::{Fetch, explore};
use crate::components::combobox::{Choice, Combobox};
use crate::components::export_menu::ExportMenu;
use crate::components::filter_bar::FilterBar;
use crate::components::share_button::ShareButton;
use crate::pages::question::pickers::{QuestionPickers, label_choices};
use crate::reactive::{Callback, Signal};
use crate::state::query::Query;
use leptos::prelude::*;

#[component]
pub(crate) fn Toolbar(state: ExploreState) -> impl IntoView {
    let path = Signal::derive(move || state.pinned_path());
    let busy = Signal::derive(move || state.tree.pending.get() || state.series.pending.get());
    let on_query = Callback::new(move |query: Query| state.go(&query));
    let on_subject = Callback::new(move |query: Query| state.go_to_subject(&query));
    view! {
        <div class="toolbar" role="region" aria-label="Query">
            <QuestionPickers question=state.question span=state.span busy on_subject on_query />
            <div class="toolbar-end">
                <a class="button" data-command="compare" href=move || state.compare_path() title="Compare with the version before, or an earlier time">"Compare"</a>
                <a class="button" href=move || state.heatmap_path() title="Cost over time by function or by label value">"Heat map"</a>
                <ShareButton path />
                <ExportMenu request=state.request />
            </div>
        </div>
        <div class="subbar">
            <FilterBar query=state.query span=state.span on_query />
            <GroupBy state />
        </div>
        <p class="visually-hidden" role="status">{move || if busy.get() { "Loading" } else { "" }}</p>
    }
}

/// Splits the timeline by a label.
#[component]
fn GroupBy(state: ExploreState) -> impl IntoView {
    let names = Fetch::<Vec<explore::Counted>>::new();
    let by_label = |name: &str| format!("By {name}");
    let shown = Signal::derive(move || {
        state.query.with(|q| q.by.as_deref().map_or("Not grouped".to_owned(), by_label))
    });
    let choices = Signal::derive(move || {
        let none = Choice { value: String::new(), label: "Not grouped".into(), detail: String::new() };
        let labels = names.data.with(label_choices);
        let labels = labels.into_iter().map(|c| Choice { label: by_label(&c.label), ..c });
        [none].into_iter().chain(labels).collect::<Vec<_>>()
    });
    let open = Callback::new(move |()| {
        let selector = state.query.with_untracked(|q| q.selector().unwrap_or_default());
        names.start(|_| explore::label_names(selector, state.span.get_untracked()));
    });
    let choose = Callback::new(move |name: String| {
        let by = Some(name).filter(|n| !n.is_empty());
        state.go(&Query { by, ..state.query.get_untracked() });
    });
    view! { <div class="group-by"><Combobox id="group-by" label="Group the timeline by" shown choices on_choose=choose on_open=open /></div> }
}
