//! The page of one service, for a person on call: is it healthy, which replica differs, what burns most, what changed, which versions run.
//!
//! Each section asks for its own data and fails alone, see [`panel`]. The service is in the path, the time in the query string; all else
//! follows from them. Another service, or another profile type, is another page.

mod changes;
mod head;
mod latency;
mod memory;
mod metric_chart;
mod offender;
mod panel;
mod pods;
mod requests;
mod slos;
mod state;
mod verdict;
mod versions;

use crate::browser::history::Address;
use crate::browser::{clock, media, page};
use crate::components::notice::{by_cause, message};
use crate::components::print_head::PrintHead;
use crate::context::utc::Utc;
use crate::pages::question::pinned;
use crate::reactive::{Memo, Signal, list, scope, shown};
use crate::state::query::Query;
use crate::state::service_page::{service_in, service_page};
use crate::state::share_view::read;
use changes::changes;
use head::Head;
use latency::latency;
use leptos::prelude::*;
use memory::memory;
use offender::offender_section;
use pods::pods;
use slos::slos;
use state::ServiceState;
use verdict::verdict;
use versions::versions;

/// Sections with their ids, in the order of the page.
const SECTIONS: [(&str, &str); 7] = [
    ("service-pods", "CPU by replica"),
    ("service-offender", "Top offender"),
    ("service-changes", "Recent changes"),
    ("service-versions", "Versions"),
    ("service-latency", "Latency and requests"),
    ("service-memory", "Memory"),
    ("service-slos", "Objectives"),
];

#[component]
pub(crate) fn ServicePage(address: Address) -> impl IntoView {
    let subject = Memo::new(move || {
        let service = address.path.with(|path| service_in(path)).unwrap_or_default();
        let stated = address.query.with(|text| read(text, |get| Query::from_params(get)));
        (service, stated.profile_type)
    });
    let body = move || {
        let (service, profile_type) = subject.get();
        // Without one, the page is about to be left.
        if service.is_empty() {
            return ().into_any();
        }
        scope(|| view! { <OneService address service profile_type /> }.into_any())
    };
    view! { {move || body()} }
}

#[component]
fn OneService(
    address: Address,
    service: String,
    /// The profile type that the address names.
    profile_type: Option<String>,
) -> impl IntoView {
    let unknown_text = format!(
        "Unknown service “{service}”: there are no profiles of it that you may read. Check the name in the link."
    );
    page::set_title(&format!("{service} · Flarepath"));
    let state = ServiceState::new(address, service, profile_type);
    state.question.on_shortcuts();
    let unknown = Memo::new(move || state.is_unknown());
    let has_problem = Memo::new(move || state.question.time_problem.with(Option::is_some));
    let shows = Memo::new(move || !unknown.get() && !has_problem.get());
    let errors = Memo::new(move || by_cause([("the list of services", state.question.services.error.get())]));
    view! {
        {printed(state)}
        <Head state />
        {state.question.failures(errors)}
        {shown(move || unknown.get(), move || message(unknown_text.clone()))}
        {shown(move || shows.get(), move || sections(state))}
        <p class="visually-hidden" role="status">{move || if state.is_busy() { "Loading" } else { "" }}</p>
    }
}

/// What is known of the service. On a phone, the verdict and the replicas are on the first screen, in one column.
fn sections(state: ServiceState) -> AnyView {
    let narrow = media::narrow();
    let link =
        |(id, title): (&'static str, &'static str)| view! { <a href=format!("#{id}")>{title}</a> }.into_any();
    view! {
        {verdict(state)}
        {shown(move || !narrow.get(), move || view! {
            <nav class="service-sections" aria-label="Sections">{list(SECTIONS.map(link))}</nav>
        }.into_any())}
        <div class="service-grid">
            <div class="service-column">
                {pods(state, SECTIONS[0])}
                {offender_section(state, SECTIONS[1])}
                {changes(state, SECTIONS[2])}
                {versions(state, SECTIONS[3])}
            </div>
            <div class="service-column">
                {latency(state, SECTIONS[4])}
                {memory(state, SECTIONS[5])}
                {slos(state, SECTIONS[6])}
            </div>
        </div>
    }
    .into_any()
}

/// What paper shows in place of the controls.
fn printed(state: ServiceState) -> AnyView {
    let utc = expect_context::<Utc>().0;
    let lines = Signal::derive(move || {
        let (span, zone) = (state.span.get(), clock::zone(utc.get()));
        vec![state.query.with(Query::subject), zone.range(span.from_ns, span.until_ns)]
    });
    let path = Signal::derive(move || {
        let query = pinned(&state.query.get(), state.span.get());
        service_page(query.service.as_deref().unwrap_or_default(), &query)
    });
    view! { <PrintHead lines path /> }.into_any()
}
