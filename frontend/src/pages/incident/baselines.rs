//! The baselines of an incident as buttons: what each means, and why one cannot be chosen.

use super::sides::by_labels;
use super::state::IncidentState;
use crate::reactive::{Memo, handler, list, shown};
use crate::state::incident::Incident;
use crate::state::incident_baseline::Baseline;
use crate::state::presets::has_data;
use crate::state::timeline::TimelineData;
use leptos::prelude::*;

/// The buttons, the baseline in words, and why others are missing.
#[component]
pub(super) fn Baselines(state: IncidentState) -> impl IntoView {
    let button = move |baseline: Baseline| {
        shown(move || is_offered(state, baseline), move || view! { <Toggle state baseline /> }.into_any())
    };
    let name = Memo::new(move || state.baseline_name());
    let named = move || match (name.get(), state.sides.with(Result::is_err)) {
        (Some(name), _) => format!("Baseline: {name}. "),
        (None, true) => String::new(),
        (None, false) => "Baseline: choosing … ".to_owned(),
    };
    let why_not = Memo::new(move || {
        let why = |baseline: Baseline| {
            let text = unavailable(state, baseline).filter(|_| is_offered(state, baseline))?;
            Some(format!("{}: {text}", baseline.label()))
        };
        Baseline::ALL.into_iter().filter_map(why).collect::<Vec<_>>()
    });
    let reason = |text: String| view! { <li>{text}</li> }.into_any();
    view! {
        <section class="incident-baselines" aria-label="Baseline">
            <div class="modes" role="group" aria-label="Compare with">{list(Baseline::ALL.map(button))}</div>
            <p class="side-hint" role="status">{move || named()}{move || state.baseline().meaning()}</p>
            {shown(move || why_not.with(|all| !all.is_empty()), move || view! {
                <ul class="side-hint incident-reasons" aria-label="Not available">{move || list(why_not.get().into_iter().map(reason))}</ul>
            }.into_any())}
        </section>
    }
}

#[component]
fn Toggle(state: IncidentState, baseline: Baseline) -> impl IntoView {
    let is_chosen = move || state.baseline() == baseline;
    let why_not = Memo::new(move || unavailable(state, baseline));
    let title = move || why_not.get().unwrap_or_else(|| baseline.meaning().to_owned());
    let choose = move |_| state.go(&Incident { baseline, ..state.incident.get_untracked() });
    view! {
        <button type="button" class="mode" aria-pressed=move || is_chosen().to_string() title=title
            disabled=move || why_not.with(Option::is_some) && !is_chosen() on:click=handler(choose)>{baseline.label()}</button>
    }
}

/// Whether a baseline means something for this service: a deploy needs a new version, replicas a label that tells them apart.
fn is_offered(state: IncidentState, baseline: Baseline) -> bool {
    let is_known = match baseline {
        Baseline::Deploy => !state.offers.beginnings().is_empty(),
        Baseline::Replicas => state.offers.tells_replicas_apart(),
        _ => true,
    };
    is_known || state.baseline() == baseline
}

/// Why a baseline cannot be chosen, as a sentence; `None` while it can, and until that is known.
fn unavailable(state: IncidentState, baseline: Baseline) -> Option<String> {
    if let Some(by_ns) = baseline.earlier_ns(state.window.get()) {
        let is_empty = has_data_before(state, by_ns) == Some(false);
        return is_empty.then(|| "There are no profiles from that time.".to_owned());
    }
    if baseline == Baseline::Auto || state.offers.awaits_labels() || state.offers.error().is_some() {
        return None;
    }
    by_labels(baseline, &state.query.get(), state.window.get(), state.offers).err()
}

/// Whether there are profiles of an earlier time; `None` until that is known. A time that the timeline holds is known by its finer buckets.
fn has_data_before(state: IncidentState, by_ns: i64) -> Option<bool> {
    let span = state.window.get().earlier(by_ns);
    let holds =
        |data: &&TimelineData| data.span.from_ns <= span.from_ns && span.until_ns <= data.span.until_ns;
    let in_chart =
        state.series.data.with(|data| data.as_ref().filter(holds).map(|data| has_data(data, span)));
    in_chart.or_else(|| state.offers.has_data_before(by_ns))
}
