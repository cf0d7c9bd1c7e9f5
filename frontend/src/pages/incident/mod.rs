//! The page of an incident, which the link of an alert opens: what changed, in the order in which a person on call asks.
//!
//! First the verdict, in a sentence; then the timeline with the window of the alert, the functions that moved most, and the flame graph
//! of the difference. The window follows from the alert's time, see [`crate::state::incident_window`]; the baseline is chosen by the server
//! until a person chooses another one.

mod baselines;
mod difference;
mod head;
mod markdown;
mod sides;
mod state;
mod timeline;

use crate::browser::history::Address;
use crate::browser::{clock, media, page};
use crate::components::notice::{by_cause, failures, message};
use crate::components::print_head::PrintHead;
use crate::context::utc::Utc;
use crate::reactive::{Callback, Memo, Signal, effect, list, shown};
use crate::state::compare::DiffView;
use crate::state::query::{Query, explore_path};
use crate::state::verdict::Verdict;
use crate::state::view::View;
use crate::views::comparison::verdict::VerdictCard;
use baselines::Baselines;
use difference::Difference;
use head::Head;
use leptos::prelude::*;
use state::IncidentState;
use timeline::IncidentTimeline;

#[component]
pub(crate) fn IncidentPage(address: Address) -> impl IntoView {
    let state = IncidentState::new(address);
    let utc = expect_context::<Utc>().0;
    effect(move || page::set_title(&format!("{} · Flarepath", state.title(clock::zone(utc.get())))));
    state.question.on_shortcuts();
    let problem = state.question.time_problem;
    let has_problem = Memo::new(move || problem.with(Option::is_some));
    let unknown = Memo::new(move || state.is_unknown());
    let shows = Memo::new(move || !has_problem.get() && !unknown.get());
    let errors = Memo::new(move || {
        by_cause([
            ("the verdict", state.verdict_error()),
            ("the diff", state.answer.error.get()),
            ("the timeline", state.series.error.get()),
            ("the list of services", state.question.services.error.get()),
            ("the other baselines", state.offers.error()),
        ])
    });
    let on_retry = Callback::new(move |()| state.question.refresh());
    view! {
        {printed(state)}
        <Head state />
        {shown(move || has_problem.get(), move || view! {
            <div class="message failed" role="alert"><div><p>{move || problem.get().unwrap_or_default()}</p>{to_service(state)}</div></div>
        }.into_any())}
        {failures(errors, on_retry)}
        {shown(move || unknown.get() && !has_problem.get(), move || message(unknown_text(state)))}
        {shown(move || shows.get(), move || view! { <Panels state /> }.into_any())}
        <p class="visually-hidden" role="status">{move || if state.is_busy() { "Loading" } else { "" }}</p>
    }
}

/// The panels of an incident that can be asked about.
#[component]
fn Panels(state: IncidentState) -> impl IntoView {
    let narrow = media::narrow();
    let verdict = state.verdict();
    let instead = Signal::derive(move || {
        let text = match (state.sides.with(Result::is_err), state.verdict_error().is_some()) {
            (true, _) => "No verdict: there is nothing to compare with.",
            (false, true) => "The verdict appears here once it has been loaded.",
            (false, false) => "Comparing the window with its baseline …",
        };
        text.to_owned()
    });
    // What it is compared with, and how far to trust it.
    let facts = Memo::new(move || {
        let baseline = state.baseline_name().map(|name| format!("compared with {name}"));
        let sure = verdict.with(|v| v.as_ref().map(Verdict::confidence)).unwrap_or_default();
        let sure = sure.into_iter().map(|(what, text)| format!("{what}: {text}"));
        // A phone has the rest under “Evidence and limits”.
        let most = if narrow.get() { 1 } else { usize::MAX };
        baseline.into_iter().chain(sure).take(most).collect::<Vec<_>>()
    });
    let fact = |text: String| view! { <span>{text}</span> }.into_any();
    // On a phone, the functions that moved most are on the first screen, and the timeline and the other baselines below them.
    view! {
        <div class="profile-head incident-verdict">
            <VerdictCard verdict instead />
            {shown(move || facts.with(|facts| !facts.is_empty()), move || view! {
                <p class="summary-line">{move || list(facts.get().into_iter().map(fact))}</p>
            }.into_any())}
        </div>
        {shown(move || !narrow.get(), move || view! { <IncidentTimeline state /><Baselines state /> }.into_any())}
        <Difference state />
        {shown(move || narrow.get(), move || view! { <IncidentTimeline state /><Baselines state /> }.into_any())}
    }
}

/// A service of another team is unknown, too: the page does not tell which services there are.
fn unknown_text(state: IncidentState) -> String {
    let service = state.incident.with(|i| i.service.clone()).unwrap_or_default();
    format!(
        "Unknown service “{service}”: there are no profiles of it that you may read. Check the name in the link."
    )
}

/// A way on from a link that cannot be read.
fn to_service(state: IncidentState) -> AnyView {
    let known = Memo::new(move || state.incident.with(|i| (i.store.clone(), i.service.clone())));
    let link = move || {
        let (store, service) = known.get();
        let query = Query { store, service: Some(service?), ..Query::default() };
        let href = explore_path(&query, &View::default());
        Some(view! { <p><a href=href>"Open the service in Explore"</a></p> }.into_any())
    };
    (move || link()).into_any()
}

/// What paper shows in place of the controls.
fn printed(state: IncidentState) -> AnyView {
    let utc = expect_context::<Utc>().0;
    let lines = Signal::derive(move || {
        let (window, zone) = (state.window.get(), clock::zone(utc.get()));
        let times = format!("Window: {}", zone.range(window.from_ns, window.until_ns));
        let baseline = state.baseline_name().map(|name| format!("Baseline: {name}"));
        [state.title(zone), state.query.with(Query::subject), times]
            .into_iter()
            .chain(baseline)
            .collect::<Vec<_>>()
    });
    let path = Signal::derive(move || state.incident.with(|i| i.path(&DiffView::default())));
    view! { <PrintHead lines path /> }.into_any()
}
