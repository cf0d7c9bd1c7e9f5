//! Home: all services, those that need attention first, each with its verdict. What the logo links to.

mod fleet;
pub(crate) mod metrics;
pub(crate) mod recent_shares;
mod row;
mod services;
pub(crate) mod state;
mod toolbar;
pub(crate) mod treemap;

use crate::browser::history::Address;
use crate::browser::page;
use crate::components::notice::{by_cause, failures};
use crate::pages::explore::controls::Controls;
use crate::reactive::{Callback, Memo, shown};
use crate::state::lent_part::{LentPart, READY};
use fleet::fleet;
use leptos::prelude::*;
use services::services;
use state::HomeState;
use toolbar::toolbar;

#[component]
pub(crate) fn Home(address: Address) -> impl IntoView {
    let state = HomeState::new(address);
    page::set_title("Flarepath");
    let ready = Memo::new(move || {
        let is_ready = state.first.data.with(Option::is_some);
        if is_ready { READY } else { "" }.to_owned()
    });
    let errors = Memo::new(move || {
        by_cause([
            ("the list of services", state.first.error.get()),
            ("more services", state.more.error.get()),
        ])
    });
    view! {
        <h1 class="visually-hidden">"Home"</h1>
        {shown(move || state.first_run.get(), || (Controls::of_program().first_run)())}
        {shown(move || !state.first_run.get(), move || view! {
            {toolbar(state)}
            {time_problem(state)}
            {failures(errors, Callback::new(move |()| state.refresh()))}
            {fleet(state)}
            {shown(move || !state.is_treemap.get(), move || services(state))}
            {shown(move || state.is_treemap.get(), move || (Controls::of_program().treemap)(state))}
            {(Controls::of_program().lent)(LentPart::HomeShares, ready)}
        }.into_any())}
    }
}

/// Why the time in the address cannot be taken.
fn time_problem(state: HomeState) -> AnyView {
    let text = move || state.time_problem.get().unwrap_or_default();
    shown(
        move || state.time_problem.with(Option::is_some),
        move || {
            view! { <div class="message failed" role="alert"><p>{text} " Choose a time range above."</p></div> }.into_any()
        },
    )
}
