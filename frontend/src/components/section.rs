//! A titled section of settings and administration pages.

use crate::reactive::{Callback, handler};
use leptos::prelude::*;

#[component]
pub(crate) fn Section(
    /// Id of the heading.
    id: &'static str,
    #[prop(into)] title: String,
    /// Text of the button beside the heading; none when empty.
    #[prop(optional)]
    action: &'static str,
    #[prop(optional)] on_action: Option<Callback<()>>,
    /// Whether the button is the main action of the page.
    #[prop(optional)]
    main: bool,
    children: Children,
) -> impl IntoView {
    let button = on_action.map(|run| {
        view! { <button class="button" class:primary=main type="button" on:click=handler(move |_| run.run(()))>{action}</button> }
            .into_any()
    });
    view! {
        <section class="card" aria-labelledby=id>
            <div class="card-head"><h2 id=id>{title}</h2>{button}</div>
            {children()}
        </section>
    }
}
