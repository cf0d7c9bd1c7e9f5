//! The line that says what a page is about, and offers what can be done with it. On a phone it is the subject and a button that
//! opens a sheet with all other controls; what can be done is in a bar at the lower edge.

use super::icon::{FILTER, Icon};
use crate::browser::media;
use crate::reactive::{Callback, RwSignal, attribute, handler, shown};
use leptos::prelude::*;

#[component]
pub(crate) fn QueryLine(
    /// What a phone shows of the query, too: the service.
    #[prop(into)]
    subject: ViewFn,
    /// The other parts of the query.
    #[prop(into)]
    controls: ViewFn,
    /// The sheet with these parts, in which a phone has them; open while the signal is true.
    sheet: fn(RwSignal<bool>, ViewFn) -> AnyView,
    /// What can be done with the answer.
    #[prop(into)]
    actions: ViewFn,
    /// Shows the graph, where a phone begins with something else.
    #[prop(optional)]
    on_graph: Option<Callback<()>>,
) -> impl IntoView {
    let narrow = media::narrow();
    let open = RwSignal::new(false);
    let (in_line, in_sheet) = (controls.clone(), controls);
    let (at_end, in_bar) = (actions.clone(), actions);
    view! {
        <div class="query-line" role="region" aria-label="Query">
            {subject.run()}
            {shown(move || !narrow.get(), move || in_line.run())}
            {shown(move || !narrow.get(), move || {
                let actions = at_end.run();
                view! { <div class="query-end">{actions}</div> }.into_any()
            })}
            {shown(move || narrow.get(), move || view! {
                <button class="button" type="button" aria-label="Filter, time range and more"
                    {..attribute("aria-haspopup", "dialog")} data-command="query-sheet" on:click=handler(move |_| open.set(true))><Icon path=FILTER />"Filter"</button>
            }.into_any())}
        </div>
        {shown(move || narrow.get(), move || {
            let sheet = sheet(open, in_sheet.clone());
            let actions = in_bar.run();
            view! {
                {sheet}
                <div class="bottom-bar" role="group" aria-label="Actions">{actions}{on_graph.map(graph_button)}</div>
            }
            .into_any()
        })}
    }
}

fn graph_button(on_graph: Callback<()>) -> AnyView {
    view! { <button class="button" type="button" on:click=handler(move |_| on_graph.run(()))>"Graph"</button> }.into_any()
}
