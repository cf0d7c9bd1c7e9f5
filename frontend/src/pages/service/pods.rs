//! CPU by replica: which one differs from the others, by its profiles; and with metrics, what each uses of its limit.

use super::panel::{Phase, panel};
use super::state::ServiceState;
use crate::components::code_text::code_text;
use crate::components::notice::by_cause;
use crate::reactive::{Callback, Memo, shown};
use crate::state::breakdown::Breakdown;
use crate::state::labels::{LabelsView, labels_path};
use crate::state::profile_types::type_name;
use crate::state::query::Query;
use crate::state::service_charts::{odd_ones, of_limit_plot, strip_plot};
use crate::state::view::HistoryMode;
use crate::views::chart::StripPlotView;
use leptos::prelude::*;

const NO_PROFILES: &str = "No profiles in this time range.";
const NO_LABEL: &str = "No label tells the replicas of this service apart.";

/// See the module.
pub(super) fn pods(state: ServiceState, section: (&'static str, &'static str)) -> AnyView {
    let pods = state.pods;
    let phase = Memo::new(move || {
        if state.names.data.with(Option::is_some) && state.replica_label().is_none() {
            let is_empty = state.names.data.with(|names| names.as_ref().is_none_or(Vec::is_empty));
            return Phase::Empty(if is_empty { NO_PROFILES } else { NO_LABEL }.to_owned());
        }
        let has_failed = pods.error.with(Option::is_some) || state.names.error.with(Option::is_some);
        let empty = |found: &Breakdown| found.rows.is_empty().then(|| NO_PROFILES.to_owned());
        pods.data.with(|found| Phase::of(found.as_ref(), has_failed, empty))
    });
    let failed = Memo::new(move || {
        by_cause([("the replicas", pods.error.get()), ("the list of labels", state.names.error.get())])
    });
    panel(state, section, phase, failed, move || replicas(state))
}

fn replicas(state: ServiceState) -> AnyView {
    let pods = state.pods.data;
    let title = move || {
        let own = state.query.with(|query| query.profile_type.as_deref().map(type_name)).unwrap_or_default();
        format!("{own} by replica")
    };
    let limit = Memo::new(move || {
        state.metrics.data.with(|metrics| metrics.as_ref().and_then(|m| m.common_limit("cpu-limit")))
    });
    let plot = Memo::new(move || {
        pods.with(|found| found.as_ref().and_then(|found| strip_plot(found, &title(), limit.get())))
    });
    let of_limit = Memo::new(move || {
        let parts = state.metrics.data.with(|metrics| {
            metrics.as_ref().map(|m| m.of_limit("cpu-cores", "cpu-limit")).unwrap_or_default()
        });
        of_limit_plot(&parts, "CPU of the limit by pod")
    });
    let odd = Memo::new(move || {
        pods.with(|found| found.as_ref().map(|found| odd_ones(found, "replica")).unwrap_or_default())
    });
    let address = state.question.address;
    let on_pick =
        Callback::new(move |name: String| address.go(&state.replica_path(&name), HistoryMode::Push));
    view! {
        <p class="service-sentence" role="status">{move || code_text(&odd.get(), &|name| name.to_owned())}</p>
        <StripPlotView plot on_pick />
        {shown(move || of_limit.with(Option::is_some), move || view! { <StripPlotView plot=of_limit /> }.into_any())}
        <p class="muted">{move || shown_text(state)}" "<a href=move || labels(state)>"All values and labels"</a></p>
    }
    .into_any()
}

/// How many are shown, where there are more.
fn shown_text(state: ServiceState) -> String {
    state.pods.data.with(|found| match found {
        Some(found) if found.values > found.rows.len() as u64 => {
            format!("The {} of {} replicas that cost most are shown.", found.rows.len(), found.values)
        }
        _ => String::new(),
    })
}

fn labels(state: ServiceState) -> String {
    let by = state.replica_label();
    state.query.with(|query| labels_path(&Query { by, ..query.clone() }, &LabelsView::default()))
}
